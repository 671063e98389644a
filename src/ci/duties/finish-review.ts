import { EXIT } from "../../cli/exit-codes.ts";
import type { Alarm } from "../../cli/options/ci.ts";
import type { Change, Plan } from "../../model/plan.ts";
import type { CiOutputs } from "../runner/outputs.ts";

interface Reviewed {
  readonly plan: Plan;
  readonly unexplained: readonly Change[];
}

/** How many of each kind --fail-on may name. */
function alarms({ plan: { counts }, unexplained }: Reviewed): Readonly<Record<Alarm, number>> {
  return { delete: counts.prune, replace: counts.replace, hold: counts.hold, unexplained: unexplained.length };
}

/** A refused plan could not be applied at all, which outranks what --fail-on says. */
export function exitOfReview(reviewed: Reviewed, failOn: readonly Alarm[]): number {
  if (reviewed.plan.refusals.length > 0) return EXIT.refused;
  const counts = alarms(reviewed);
  return failOn.some((alarm) => counts[alarm] > 0) ? EXIT.changes : EXIT.ok;
}

/** The counts of a plan, for later steps. */
export function planOutputs({ counts, digest }: Plan): Partial<CiOutputs> {
  const { create, update, replace, prune, hold } = counts;
  return { create, update: update + counts.adopt, replace, prune, hold, "plan-digest": digest };
}
