import { type Hint, hintFor } from "../../model/hints.ts";
import type { Change, Plan } from "../../model/plan.ts";

/** The same plan, with hints and notes for who has a GitSync and no command line. Pure. */
export function planInCluster(plan: Plan): Plan {
  return {
    ...plan,
    changes: plan.changes.map(changeInCluster),
    refusals: plan.refusals.map((refusal) => ({ ...refusal, ...told(refusal) })),
    notes: plan.notes.map((note) => ({ ...note, message: note.inCluster ?? note.message })),
  };
}

function changeInCluster(change: Change): Change {
  return change.op === "hold" ? { ...change, hold: { ...change.hold, ...told(change.hold) } } : change;
}

function told(hint: Hint): Hint {
  return { remedy: hintFor(hint, "git-sync") ?? hint.remedy };
}
