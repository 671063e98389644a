/**
 * Where a right of the operator counts: in each namespace that it watches, in its own, in `default` (where Kubernetes
 * keeps events of what has no namespace), or in the whole cluster.
 */
export type Place = "watched" | "own" | "default" | "cluster";

export type Verb = "get" | "list" | "watch" | "create" | "update" | "patch";

/** Verbs on types of one API group. */
export interface Grant {
  readonly in: Place;
  readonly group: string;
  readonly resources: readonly string[];
  readonly verbs: readonly Verb[];
}

const GROUP = "llmstack.ai";

/** Everything that the operator may do, and no more: the roles in deploy/ are made of it, and a test holds both ways. */
export const grants: readonly Grant[] = [
  // Looked at for ever; a finalizer is patched in and out.
  {
    in: "watched",
    group: GROUP,
    resources: ["apps", "datasources", "servers"],
    verbs: ["get", "list", "watch", "patch"],
  },
  { in: "watched", group: GROUP, resources: ["gitsyncs"], verbs: ["list", "watch"] },
  {
    in: "watched",
    group: GROUP,
    resources: ["apps/status", "datasources/status", "gitsyncs/status", "servers/status"],
    verbs: ["patch"],
  },
  // Known by name and version; read when a manifest or a Server names one.
  { in: "watched", group: "", resources: ["configmaps", "secrets"], verbs: ["get", "list", "watch"] },
  // Its uid is the default set of what is in it.
  { in: "watched", group: "", resources: ["namespaces"], verbs: ["get"] },
  { in: "watched", group: "events.k8s.io", resources: ["events"], verbs: ["create", "patch"] },
  { in: "own", group: "coordination.k8s.io", resources: ["leases"], verbs: ["get", "create", "update"] },
  // What a ClusterServer names.
  { in: "own", group: "", resources: ["configmaps", "secrets"], verbs: ["get"] },
  { in: "default", group: "events.k8s.io", resources: ["events"], verbs: ["create", "patch"] },
  { in: "cluster", group: GROUP, resources: ["clusterservers"], verbs: ["get", "list", "watch", "patch"] },
  { in: "cluster", group: GROUP, resources: ["clusterservers/status"], verbs: ["patch"] },
];
