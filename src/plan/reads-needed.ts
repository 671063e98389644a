import type { LiveResource, LiveState } from "../model/live.ts";
import { byText } from "./collections.ts";
import { makeContext, type PlanInput } from "./context.ts";
import { matchAll, type Matches } from "./match.ts";
import { isPruning } from "./prune.ts";

/** What a plan can only be made from after it was read, once the lists of all kinds are there. */
export interface ReadsNeeded {
  /** Uuids of the datasources whose entries are needed, sorted. */
  readonly entries: readonly string[];
}

/** One call for each matched object that can have entries; of unmatched ones only where a prune may concern them. */
export function readsNeeded(
  input: Omit<PlanInput, "live"> & { readonly live: Pick<LiveState, "resources"> },
): ReadsNeeded {
  const context = makeContext({ ...input, live: { ...input.live, entries: new Map() } });
  const matches = matchAll(context);
  const mayBePruned = ({ kind, mark, isOwned, uuid }: LiveResource): boolean =>
    isPruning(context) &&
    isOwned &&
    !matches.isClaimed(uuid) &&
    (mark === undefined ? context.capabilitiesOf(kind).mark !== "mutable" : mark.set === context.policy.set);
  const concerned = matchedUuids(matches, context);
  const uuids = context.kinds
    .filter(({ hasEntries }) => hasEntries)
    .flatMap(({ kind }) => context.liveOf(kind))
    .filter((live) => concerned.has(live.uuid) || mayBePruned(live))
    .map(({ uuid }) => uuid);
  return { entries: uuids.toSorted(byText) };
}

/** What selected resources are matched with, old halves of unfinished replacements included. */
function matchedUuids(
  matches: Matches,
  { resources, isSelected }: Pick<ReturnType<typeof makeContext>, "resources" | "isSelected">,
): ReadonlySet<string> {
  return new Set(
    resources.flatMap(({ key }) => {
      const match = matches.of(key);
      if (!isSelected(key) || (match.status !== "found" && match.status !== "candidate")) return [];
      return [match.live.uuid, ...(match.status === "found" ? match.replaced.map(({ uuid }) => uuid) : [])];
    }),
  );
}
