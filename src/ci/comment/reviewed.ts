import { shortId } from "../../report/change-view.ts";
import type { Change, Plan } from "../../model/plan.ts";
import type { Reviewed } from "../../plan/restrict.ts";
import type { ReviewRecord } from "./record.ts";

interface Agreed {
  readonly records: readonly ReviewRecord[];
  /** Change ids, or their first 12 digits, that somebody accepted by name. */
  readonly accepted: readonly string[];
}

/** Of a fresh plan, what people could see before: the union of all records, and what was accepted by name. */
export function reviewedOf(fresh: Plan, { records, accepted }: Agreed): Reviewed {
  const ids = new Set([...records.flatMap((record) => record.ids ?? []), ...accepted.map(shortId)]);
  const isWhole = records.some(({ digest }) => digest === fresh.digest);
  const wasSeen = ({ id, op }: Change): boolean => op !== "keep" && (isWhole || ids.has(shortId(id)));
  return {
    changes: fresh.changes.filter(wasSeen).map(({ id, key, op }) => ({ id, key, op })),
    unsavable: new Set(),
  };
}
