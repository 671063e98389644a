import type { Json } from "../model/json.ts";
import type { FieldDiff } from "../model/plan.ts";

/** A differing place, with what its change id is made of beside what may be shown. */
export interface Difference {
  readonly field: FieldDiff;
  /** The wanted value before resolution, secrets by their source. Absent where the place is to be gone. */
  readonly symbolic?: Json;
  /** `mark`: something that only our mark says, so no part of a change id. */
  readonly about: "document" | "publish" | "mark";
}
