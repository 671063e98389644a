import type { ServerConnection } from "../servers/server-connection.ts";
import type { SyncItem } from "./world.ts";
import type { ResourceKey } from "../../model/resource.ts";
import type { Policies } from "./settings.ts";

/** What all resources of one run have in common. */
export interface SyncGroup {
  readonly connection: ServerConnection;
  readonly namespace: string;
  readonly set: string;
  /** Who keeps what is marked, where the set does not say it. */
  readonly owner: string | undefined;
  readonly policies: Policies;
}

export type Items = ReadonlyMap<ResourceKey, SyncItem>;
