import type { LiveResource } from "../model/live.ts";
import type { Change, EntryChange, Op, ResourceChange } from "../model/plan.ts";

/** Changes that make a new object: a replace does in its first half. */
export type Making = WithOp<ResourceChange, "create" | "replace">;
export type Changing = WithOp<ResourceChange, "update" | "adopt">;
/** Changes that delete an object: a replace does in its second half. */
export type Removing = WithOp<ResourceChange, "prune" | "replace">;
export type EntryAdding = WithOp<EntryChange, "create" | "update">;
export type EntryRemoving = WithOp<EntryChange, "prune">;

/** The members of a union that may have one of these ops, narrowed to it. */
type WithOp<C extends Change, O extends Op> = C extends { readonly op: infer P }
  ? [P & O] extends [never]
    ? never
    : C & { readonly op: P & O }
  : never;

export function isMaking(change: Change): change is Making {
  return change.subject === "resource" && (change.op === "create" || change.op === "replace");
}

export function isChanging(change: Change): change is Changing {
  return change.subject === "resource" && (change.op === "update" || change.op === "adopt");
}

export function isRemoving(change: Change): change is Removing {
  return change.subject === "resource" && (change.op === "prune" || change.op === "replace");
}

export function isEntryAdding(change: Change): change is EntryAdding {
  return change.subject === "entry" && (change.op === "create" || change.op === "update");
}

export function isEntryRemoving(change: Change): change is EntryRemoving {
  return change.subject === "entry" && change.op === "prune";
}

/** The live object that a plan saw for a change of a resource. */
export function liveOf(change: Change): LiveResource | undefined {
  return change.subject === "resource" && change.op !== "create" ? change.live : undefined;
}
