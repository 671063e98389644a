import type { LiveResource } from "../model/live.ts";
import type { Hold } from "../model/plan.ts";
import type { Resource } from "../model/resource.ts";
import type { Context } from "./context.ts";
import { readEntries } from "./entries.ts";
import { isEntryOfSets } from "./entry-owner.ts";
import * as holds from "./holds.ts";

/**
 * Why a live object may not be deleted for the sake of what it holds: entries that are not ours, or, where it carries
 * no mark itself, no proof that it is ours. `resource` is its manifest, where one speaks for it.
 */
export function deletionHold(live: LiveResource, context: Context, resource?: Resource): Hold | undefined {
  if (!context.specOf(live.kind).hasEntries) return live.mark === undefined ? holds.markless(live) : undefined;
  const entries = readEntries(live, context);
  const sets = [context.policy.set, ...(resource?.formerSets ?? [])];
  const foreign = entries.filter((entry) => !isEntryOfSets(entry, sets)).length;
  if (live.mark === undefined && foreign === entries.length) return holds.markless(live);
  if (foreign === 0) return undefined;
  // Of an object without a mark every entry must speak for us: a policy in a manifest proves nothing about it.
  if (live.mark === undefined || resource === undefined) return holds.foreignEntries(foreign, live, "by-hand");
  return resource.entriesPolicy === "Exclusive" ? undefined : holds.foreignEntries(foreign, live, "exclusive");
}
