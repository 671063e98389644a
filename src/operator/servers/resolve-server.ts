import type { KubeObject } from "../../kube/kube-object.ts";
import type { ServerRef } from "../resources/settings.ts";
import type { Reason } from "../status/reasons.ts";
import { isAllowed, serverSpecOf } from "./server-spec.ts";

/** The servers of a cluster, by name. */
export interface ServerLookup {
  server(namespace: string, name: string): KubeObject | undefined;
  clusterServer(name: string): KubeObject | undefined;
}

/** The Server or ClusterServer that a resource belongs on, or why there is none. */
export type Resolution =
  { readonly server: KubeObject } | { readonly server?: never; readonly reason: Reason; readonly message: string };

/** Without a reference the Server, else the ClusterServer, named `default` is meant. */
export function resolveServer(namespace: string, ref: ServerRef | undefined, lookup: ServerLookup): Resolution {
  const name = ref?.name ?? "default";
  const own = ref?.kind === "ClusterServer" ? undefined : lookup.server(namespace, name);
  if (own !== undefined) return { server: own };
  const cluster = ref?.kind === "Server" ? undefined : lookup.clusterServer(name);
  if (cluster === undefined) return { reason: "ServerNotFound", message: notFound(namespace, ref) };
  const spec = serverSpecOf(cluster);
  if (spec !== undefined && isAllowed(spec, namespace)) return { server: cluster };
  return {
    reason: "ServerNotAllowed",
    message: `ClusterServer ${name} does not list the namespace ${namespace} in spec.allowedNamespaces.`,
  };
}

function notFound(namespace: string, ref: ServerRef | undefined): string {
  if (ref === undefined) {
    return `There is no Server named default in ${namespace}, and no ClusterServer of that name: make one, or say spec.serverRef.`;
  }
  return ref.kind === "Server"
    ? `There is no Server ${ref.name} in ${namespace}.`
    : `There is no ClusterServer ${ref.name}.`;
}
