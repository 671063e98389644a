import type { LiveResource } from "../model/live.ts";
import { entryOwnersOf, isSurelyOurs } from "../model/mark-of.ts";
import type { Hold } from "../model/plan.ts";
import type { Resource } from "../model/resource.ts";
import type { Context } from "./context.ts";
import { readEntries } from "./entries.ts";
import * as holds from "./holds.ts";

/**
 * Why a live object may not be deleted for the sake of what it holds: entries that are not ours, or, where it carries
 * no mark itself, no proof that it is ours. `resource` is its manifest, where one speaks for it.
 */
export function deletionHold(live: LiveResource, context: Context, resource?: Resource): Hold | undefined {
  if (!context.specOf(live.kind).hasEntries) return live.mark === undefined ? holds.markless(live) : undefined;
  const entries = readEntries(live, context);
  const owners = entryOwnersOf(context.policy.set, resource);
  const proof = { desired: resource?.entries, isProven: isProven(live, context) };
  const isOurs = isSurelyOurs(context.rules.capabilities.entryMark, owners, proof);
  const foreign = entries.filter((entry) => !isOurs(entry)).length;
  const isOurObject = live.mark !== undefined || proof.isProven;
  if (!isOurObject && foreign === entries.length) return holds.markless(live);
  if (foreign === 0) return undefined;
  // Of an object without a mark every entry must speak for us: a policy in a manifest proves nothing about it.
  if (!isOurObject || resource === undefined) return holds.foreignEntries(foreign, live, "by-hand");
  return resource.entriesPolicy === "Exclusive" ? undefined : holds.foreignEntries(foreign, live, "exclusive");
}

function isProven({ uuid }: LiveResource, { proven }: Context): boolean {
  return proven?.has(uuid) ?? false;
}
