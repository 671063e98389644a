import type { ResourceChange } from "../model/plan.ts";
import { isPublishField } from "./compare-publish.ts";

/** True for a change that writes to an object, or makes one. */
export function isWrite({ op }: Pick<ResourceChange, "op">): boolean {
  return op === "create" || op === "update" || op === "adopt" || op === "replace";
}

/** A change of nothing but who may see a resource needs no write of its document. */
export function writesDocument(change: Pick<ResourceChange, "op" | "fields">): boolean {
  if (change.op === "update") return change.fields.some((field) => !isPublishField(field));
  return isWrite(change);
}
