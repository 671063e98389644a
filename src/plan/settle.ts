import { SyncError } from "../model/errors.ts";
import type { LiveResource } from "../model/live.ts";
import type { Hold, Note, ResourceChange } from "../model/plan.ts";
import type { Resource, ResourceKey } from "../model/resource.ts";
import { listed } from "./collections.ts";
import type { Context } from "./context.ts";
import { decideAll } from "./decide.ts";
import type { Decision } from "./decision.ts";
import { deletionHold } from "./deletion.ts";
import * as holds from "./holds.ts";
import type { Matches } from "./match.ts";
import { findLeftovers, type Removal } from "./prune.ts";
import { checkReferrers, type ReferrerCheck } from "./referrers.ts";
import { holdChange, pruneChange } from "./resource-change.ts";

/** Every decision about resources, before their entries. */
export interface Settled {
  readonly decisions: ReadonlyMap<ResourceKey, Decision>;
  /** Prunes and holds of live objects, beside what the decisions do. */
  readonly removals: readonly ResourceChange[];
  readonly notes: readonly Note[];
  /** Managed objects that no manifest names. */
  readonly leftovers: number;
  /** How many of the removals are prunes of what no manifest names, which is what a limit counts. */
  readonly prunes: number;
}

/**
 * Decides until nothing that goes is still needed: a replacement that would leave somebody with a dangling reference is
 * forbidden, and what depends on it is decided anew. Throws SyncError `incomplete_read` when versions were not read.
 */
export function settle(context: Context, matches: Matches): Settled {
  const leftovers = findLeftovers(context, matches);
  const finishing = findUnfinished(context, matches);
  const going = [...leftovers.removals, ...finishing.removals];
  const forbidden = new Map<ResourceKey, Hold>();
  for (;;) {
    const { decisions, unread } = decideAll(context, matches, forbidden);
    if (unread.size > 0) throw notRead([...unread]);
    const replaced = [...decisions.values()].flatMap(({ change }) => (change.op === "replace" ? [change] : []));
    const check = checkReferrers([...going, ...replaced], decisions, context);
    const dangling = replaced.filter(({ live }) => check.blocked.has(live.uuid));
    if (dangling.length === 0) {
      const held = [...leftovers.held, ...finishing.held].map(({ key, live, hold }) =>
        holdChange(hold, { kind: live.kind, key, live }),
      );
      const removals = going.map((removal) => removalChange(removal, check, context));
      const prunes = going.filter(({ why, live }) => why === "prune" && !check.blocked.has(live.uuid)).length;
      const notes = [...leftovers.notes, ...[...decisions.values()].flatMap((decision) => decision.notes)];
      return { decisions, removals: [...removals, ...held], notes, leftovers: leftovers.managed, prunes };
    }
    for (const { key, live } of dangling)
      forbidden.set(key, holds.referenced(live, check.blocked.get(live.uuid) ?? []));
  }
}

function removalChange({ key, live }: Removal, { blocked, needs }: ReferrerCheck, context: Context): ResourceChange {
  const referrers = blocked.get(live.uuid);
  if (referrers !== undefined) return holdChange(holds.referenced(live, referrers), { kind: live.kind, key, live });
  return pruneChange(key, live, { needs: needs.get(live.uuid) ?? [], versions: context.versionsOf(live.uuid) });
}

function notRead(uuids: readonly string[]): SyncError {
  return new SyncError("incomplete_read", `Planning needs the versions of ${listed(uuids)}, which were not read.`, {
    remedy: "This is a bug: please report it with the command you ran.",
  });
}

interface Unfinished {
  readonly removals: readonly Removal[];
  readonly held: readonly { readonly key: ResourceKey; readonly live: Removal["live"]; readonly hold: Hold }[];
}

/** Old halves of replacements, doubles that no run came to delete, and what shares a mark with a resource's own object. */
function findUnfinished(context: Context, matches: Matches): Unfinished {
  const removals: Removal[] = [];
  const held: Unfinished["held"][number][] = [];
  for (const resource of context.resources) {
    const { key } = resource;
    const match = matches.of(key);
    if (match.status !== "found" || !context.isSelected(key)) continue;
    for (const { live, hold } of match.extras) held.push({ key, live, hold });
    for (const live of [...match.replaced, ...match.doubles]) {
      const hold = finishHold(live, resource, context);
      if (hold === undefined) removals.push({ key, live, why: "finish" });
      else held.push({ key, live, hold });
    }
  }
  return { removals, held };
}

/** The mark of what took its place says that the deletion was allowed; without marks it has to be allowed again. */
function finishHold(live: LiveResource, resource: Resource, context: Context): Hold | undefined {
  if (live.mark?.protect || resource.protect) return holds.protectedFromDeletion(live, "protect");
  if (live.mark === undefined && !context.policy.allowReplace) return holds.unfinishedReplace(live);
  return deletionHold(live, context, resource);
}
