import type { LiveResource } from "../model/live.ts";
import type { Hold, Note, ResourceChange } from "../model/plan.ts";
import type { Resource, ResourceKey } from "../model/resource.ts";
import type { Context } from "./context.ts";
import type { Difference } from "./difference.ts";
import type { References, ReferenceState } from "./references.ts";
import { holdChange, keyOf } from "./resource-change.ts";

/** What became of one resource. */
export interface Decision {
  readonly change: ResourceChange;
  /** The live object whose entries are to be compared; `new` where there will be one, `none` where entries wait. */
  readonly entriesOf: LiveResource | "new" | "none";
  readonly notes: readonly Note[];
}

/** What the decisions of one plan share. */
export interface Round {
  readonly context: Context;
  /** Replacements that another rule forbids. */
  readonly forbidden: ReadonlyMap<ResourceKey, Hold>;
  readonly states: Map<ResourceKey, ReferenceState>;
  /** Keys that this plan writes. */
  readonly written: Set<ResourceKey>;
  /** Uuids whose versions would have had to be looked at. */
  readonly unread: Set<string>;
  readonly references: References;
  readonly dependentsOf: (key: ResourceKey) => readonly ResourceKey[];
}

/** Nothing is done about a resource, nor about its entries. */
export function held(
  hold: Hold,
  resource: Resource,
  live: LiveResource | undefined,
  { context }: Pick<Round, "context">,
  differences: readonly Difference[] = [],
): Decision {
  const seen = live === undefined ? {} : { live, versions: context.versionsOf(live.uuid) };
  const about = { ...keyOf(resource), desired: resource, differences, ...seen };
  return { change: holdChange(hold, about), entriesOf: "none", notes: [] };
}
