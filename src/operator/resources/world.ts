import type { Kube } from "../../kube/kube.ts";
import type { KubeObject } from "../../kube/kube-object.ts";
import type { ResourceKey } from "../../model/resource.ts";
import type { ServerConnection } from "../servers/server-connection.ts";
import type { Facts } from "../status/facts.ts";

/** What a run sees of the cluster. */
export interface World {
  readonly kube: Pick<Kube, "get">;
  /** Ends everything. */
  readonly signal: AbortSignal;
  /** The resource of that key in the namespace that is on this server too and is not being deleted. */
  readonly find: (namespace: string, key: ResourceKey, connection: ServerConnection) => KubeObject | undefined;
  /** Those that refer to it, in its namespace and on this server. */
  readonly dependents: (namespace: string, key: ResourceKey, connection: ServerConnection) => readonly KubeObject[];
  /** Why a live object is another resource's; undefined where it is not. */
  readonly claimedBy: (object: KubeObject, uuid: string, connection: ServerConnection) => string | undefined;
  /** Written down before an object is made that can carry no mark. */
  readonly recordIntent: (object: KubeObject, connection: ServerConnection) => Promise<void>;
}

/** One resource that is to be made true, as it was when it was asked for. */
export interface SyncItem {
  readonly object: KubeObject;
  readonly facts: Facts;
  /** Whether to look also behind what a list shows to be well. */
  readonly depth: "list" | "everything";
  /** Whether what a list showed a few seconds ago will do. */
  readonly lists: "recent" | "new";
}
