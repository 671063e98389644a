import { kinds } from "../../kinds/index.ts";
import type { ResourceType } from "../../kube/resource-type.ts";

const GROUP = "llmstack.ai";
const VERSION = "v1alpha1";

/** The kinds that are kept on a server, as the API of the cluster names them: one row each, in the order of creation. */
export const resourceTypes: readonly ResourceType[] = kinds
  .toSorted((a, b) => a.rank - b.rank)
  .map(({ kind, collection }) => ({ group: GROUP, version: VERSION, plural: collection, kind, namespaced: true }));

export const SERVER: ResourceType = {
  group: GROUP,
  version: VERSION,
  plural: "servers",
  kind: "Server",
  namespaced: true,
};
export const CLUSTER_SERVER: ResourceType = {
  group: GROUP,
  version: VERSION,
  plural: "clusterservers",
  kind: "ClusterServer",
  namespaced: false,
};
