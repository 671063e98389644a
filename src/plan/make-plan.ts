import type { EntryChange, Note, Plan } from "../model/plan.ts";
import { assemblePlan } from "./assemble.ts";
import { type Context, makeContext, type PlanInput } from "./context.ts";
import type { Decision } from "./decision.ts";
import { compareEntries, createEntries, type EntryPlan } from "./entries.ts";
import { matchAll } from "./match.ts";
import { literalReferenceNotes, onlyNotes, otherSetNote } from "./notes.ts";
import { type Deletions, refusalsOf } from "./safety.ts";
import { settle } from "./settle.ts";
import { wouldPrune } from "../model/hints.ts";

/**
 * What an apply would do, and why not the rest. Pure: equal input gives equal bytes, in whatever order it comes. Throws
 * SyncError `incomplete_read` when `live` lacks what `readsNeeded` asked for.
 */
export function makePlan(input: PlanInput): Plan {
  const context = makeContext(input);
  const matches = matchAll(context);
  const settled = settle(context, matches);
  const entries = [...settled.decisions.values()].map((decision) => decideEntries(decision, context));
  const selected = context.resources.filter(({ key }) => context.isSelected(key));
  const managed = context.resources.filter(({ key }) => matches.of(key).status === "found").length + settled.leftovers;
  return assemblePlan({
    context,
    changes: [
      ...[...settled.decisions.values()].map(({ change }) => change),
      ...settled.removals,
      ...entries.flatMap(({ changes }) => changes),
    ],
    refusals: refusalsOf(
      {
        wanted: selected.length,
        deletions: [{ what: "objects", deleted: settled.prunes, managed }, ...entries.map(entryDeletions)],
      },
      context.policy,
    ),
    notes: [
      ...matches.notes,
      ...settled.notes,
      ...onlyNotes(context),
      ...literalReferenceNotes(selected, context),
      ...entries.flatMap(otherSetNote),
      ...leftoverEntryNotes(entries),
    ],
  });
}

type DecidedEntries = EntryPlan & { readonly decision: Decision };

function decideEntries(decision: Decision, context: Context): DecidedEntries {
  return { decision, ...entryPlanOf(decision, context) };
}

function entryPlanOf({ change, entriesOf: live }: Decision, context: Context): EntryPlan {
  if (!("desired" in change) || change.desired === undefined || live === "none") return NO_ENTRIES;
  if (live === "new") return createEntries(change.desired);
  return compareEntries(
    change.desired,
    live,
    context,
    change.op === "keep" || change.op === "hold" ? [] : [change.key],
  );
}

const NO_ENTRIES: EntryPlan = { changes: [], leftovers: 0, managed: 0, ofOtherSets: [] };

function entryDeletions({ changes, managed, decision }: DecidedEntries): Deletions {
  const isPrune = ({ op }: EntryChange): boolean => op === "prune";
  return { what: `entries of ${decision.change.key}`, deleted: changes.filter(isPrune).length, managed };
}

function leftoverEntryNotes(entries: readonly DecidedEntries[]): readonly Note[] {
  return entries.flatMap(({ leftovers, decision: { change } }) => {
    if (leftovers === 0) return [];
    const left = `${leftovers} managed ${leftovers === 1 ? "entry of" : "entries of"} ${change.key} ${leftovers === 1 ? "has" : "have"} no manifest`;
    return [{ code: "prune/off-entries", ...wouldPrune(left, leftovers), key: change.key }];
  });
}
