import type { Change, FieldDiff, Note, Target } from "./plan.ts";

/**
 * Who moved: `drift`, the live object did; `pending`, the manifests did and were not applied yet; `pending-or-drift`,
 * the server keeps nothing that could tell.
 */
export type DriftClass = "drift" | "pending" | "pending-or-drift";

/** A change of the plan with the answer to "who moved", for the whole and for each of its fields. */
export interface ClassifiedChange {
  readonly change: Change;
  /** The most alarming class among its fields: drift, then pending-or-drift, then pending. */
  readonly class: DriftClass;
  readonly fields: readonly { readonly field: FieldDiff; readonly class: DriftClass }[];
}

/** What `drift` shows: every difference between manifests and live, keeps left out, nothing written. */
export interface Drift {
  readonly target: Target;
  /** In the order of the plan. */
  readonly changes: readonly ClassifiedChange[];
  readonly notes: readonly Note[];
}
