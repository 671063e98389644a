import type { ResourceType } from "../../kube/resource-type.ts";
import { SERVER } from "../resources/resource-kinds.ts";

/** GitSyncs, as the API of the cluster names them. */
export const GIT_SYNC: ResourceType = { ...SERVER, plural: "gitsyncs", kind: "GitSync" };
