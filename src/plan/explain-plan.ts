import type { Change, Plan, ValueOrigin } from "../model/plan.ts";
import type { Pointer } from "../model/pointer.ts";
import type { ResourceKey } from "../model/resource.ts";

/** The plan with, at every difference, where what is wanted there was said. Its ids and digest stay what they are. */
export function explainPlan(plan: Plan, explain: (key: ResourceKey, at: Pointer) => readonly ValueOrigin[]): Plan {
  return { ...plan, changes: plan.changes.map((change) => explained(change, explain)) };
}

function explained(change: Change, explain: (key: ResourceKey, at: Pointer) => readonly ValueOrigin[]): Change {
  if (change.op === "prune") return change;
  const origin = change.subject === "entry" && change.origin !== undefined ? [change.origin] : [];
  const fields = change.fields.map((field) => {
    const from = change.subject === "entry" ? origin : explain(change.key, field.pointer);
    return from.length === 0 ? field : Object.assign({ from }, field);
  });
  return { ...change, fields };
}
