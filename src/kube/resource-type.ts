import type { ObjectRef } from "./kube-object.ts";

/** A type of the API, as its paths are made of it. */
export interface ResourceType {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** The types of Kubernetes itself that controllers need. */
export const SECRET: ResourceType = core("secrets", "Secret");
export const CONFIG_MAP: ResourceType = core("configmaps", "ConfigMap");
export const NAMESPACE: ResourceType = { ...core("namespaces", "Namespace"), namespaced: false };
export const LEASE: ResourceType = {
  group: "coordination.k8s.io",
  version: "v1",
  plural: "leases",
  kind: "Lease",
  namespaced: true,
};
export const EVENT: ResourceType = {
  group: "events.k8s.io",
  version: "v1",
  plural: "events",
  kind: "Event",
  namespaced: true,
};

export function apiVersionOf({ group, version }: ResourceType): string {
  return group === "" ? version : `${group}/${version}`;
}

/** `/apis/GROUP/VERSION/namespaces/NS/PLURAL`; without a namespace, that of all of them. */
export function collectionPath(type: ResourceType, namespace?: string): string {
  const root = type.group === "" ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  const scope = namespace === undefined || namespace === "" ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${scope}/${type.plural}`;
}

export function objectPath(type: ResourceType, { namespace, name }: ObjectRef): string {
  return `${collectionPath(type, namespace)}/${encodeURIComponent(name)}`;
}

/** For messages: `apps.llmstack.ai shop/support-bot`. */
export function labelOf(type: ResourceType, { namespace, name }: ObjectRef): string {
  return `${typeLabel(type)} ${namespace === undefined || namespace === "" ? "" : `${namespace}/`}${name}`;
}

/** As kubectl writes a type: `apps.llmstack.ai`. */
export function typeLabel({ plural, group }: ResourceType): string {
  return group === "" ? plural : `${plural}.${group}`;
}

function core(plural: string, kind: string): ResourceType {
  return { group: "", version: "v1", plural, kind, namespaced: true };
}
