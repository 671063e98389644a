import type { ClassifiedChange, Drift, DriftClass } from "../model/drift.ts";
import type { Change, Note } from "../model/plan.ts";
import { type ChangeView, changeViews, isDigest } from "./change-view.ts";
import { grouped } from "./printable.ts";
import { type Against, againstOf } from "./view.ts";

/** Who moved, as every format shows it. Fields read `live -> manifests`. */
export interface DriftView {
  readonly against: Against;
  readonly sections: readonly { readonly title: string; readonly changes: readonly ChangeView[] }[];
  readonly notes: readonly Note[];
  /** Every change counts once, in its most alarming class. Holds no foreign text. */
  readonly summary: string;
}

const CLASSES: readonly (readonly [DriftClass, title: string])[] = [
  ["drift", "Drift: changed on the server"],
  ["pending-or-drift", "Pending or drift: the server keeps nothing that tells which"],
  ["pending", "Pending: changed in the manifests, not applied yet"],
];

/** A change whose fields are of several classes stands in each of them with the fields of that class. */
export function driftView(drift: Drift): DriftView {
  return {
    against: againstOf(drift.target),
    sections: CLASSES.map(([of, title]) => ({
      title,
      changes: changeViews(drift.changes.flatMap((change) => part(change, of))),
    })).filter(({ changes }) => changes.length > 0),
    notes: drift.notes,
    summary: summaryOf(drift.changes),
  };
}

function part({ change, class: main, fields }: ClassifiedChange, of: DriftClass): readonly Change[] {
  // A digest moves with whatever else does, and would only list the change once more.
  const telling = fields.filter(({ field }) => !isDigest(field));
  const own = (telling.length > 0 ? telling : fields).filter((item) => item.class === of).map(({ field }) => field);
  return own.length > 0 || (telling.length === 0 && main === of) ? [{ ...change, fields: own }] : [];
}

function summaryOf(changes: readonly ClassifiedChange[]): string {
  if (changes.length === 0) return "No drift. The server matches the manifests.";
  const count = (of: DriftClass): string => grouped(changes.filter((change) => change.class === of).length);
  return `Drift: ${count("drift")} drifted, ${count("pending-or-drift")} pending or drift, ${count("pending")} pending.`;
}
