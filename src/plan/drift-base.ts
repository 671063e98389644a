import { isArray, isObject, type Json, type JsonObject, jsonEqual, own } from "../model/json.ts";
import type { KindSpec } from "../model/kind.ts";
import type { FieldDiff, ResourceChange } from "../model/plan.ts";
import { type Pointer, pointer, pointerSegments } from "../model/pointer.ts";
import { symbolicObject } from "../model/template.ts";
import { parseVersionComment } from "../model/version-comment.ts";
import { keyFieldAt } from "./same.ts";

/** What we wrote last, as far as the server still has it: what runs, or an earlier version that somebody wrote over. */
export function baseOf({ versions }: ResourceChange): JsonObject | undefined {
  const { live, base } = versions ?? {};
  if (live !== undefined && parseVersionComment(live.comment) !== undefined) return live.document;
  return base?.document;
}

/** True where what is live at the place of a difference is not what stood there in `base`. */
export function hasMovedSince(
  base: JsonObject,
  field: FieldDiff,
  change: ResourceChange,
  spec: KindSpec | undefined,
): boolean {
  if (!("live" in change) || change.live === undefined) return false;
  const live = change.live.document;
  const desired = "desired" in change ? change.desired : undefined;
  // A difference counts places as the manifest does, but for an item that only the server has.
  const counted = field.after === undefined || desired === undefined ? live : symbolicObject(desired.document);
  const keyFieldOf = (path: Pointer): string | undefined => (spec === undefined ? undefined : keyFieldAt(spec, path));
  const steps = stepsTo(field.pointer, counted, keyFieldOf);
  const [before, now] = [valueAt(base, steps), valueAt(live, steps)];
  const order = keyFieldOf(field.pointer);
  if (order === undefined || !isArray<Json>(field.before)) return !jsonEqual(before, now);
  const keys = new Set(field.before);
  return !jsonEqual(keysIn(before, order, keys), keysIn(now, order, keys));
}

/** A step into a document: by name or index, or to the item of a list that has this in its key field. */
type Step = string | { readonly field: string; readonly key: string };

function stepsTo(
  path: Pointer,
  document: JsonObject,
  keyFieldOf: (path: Pointer) => string | undefined,
): readonly Step[] {
  let value: Json | undefined = document;
  let at: Pointer = "";
  return pointerSegments(path).map((segment): Step => {
    const field = keyFieldOf(at);
    at += pointer(segment);
    value = memberOf(value, segment);
    const key = field === undefined ? undefined : memberOf(value, field);
    return field === undefined || typeof key !== "string" ? segment : { field, key };
  });
}

function valueAt(document: JsonObject, steps: readonly Step[]): Json | undefined {
  return steps.reduce<Json | undefined>((value, step) => {
    if (typeof step === "string") return memberOf(value, step);
    return isArray<Json>(value) ? value.find((item) => memberOf(item, step.field) === step.key) : undefined;
  }, document);
}

/** Where items are matched by a field, a difference of the list itself is one of the order of those on both sides. */
function keysIn(value: Json | undefined, field: string, keys: ReadonlySet<Json>): Json {
  if (!isArray<Json>(value)) return null;
  return value.map((item) => memberOf(item, field) ?? null).filter((key) => keys.has(key));
}

function memberOf(value: Json | undefined, segment: string): Json | undefined {
  if (isArray<Json>(value)) return value[Number(segment)];
  return isObject(value) ? own(value, segment) : undefined;
}
