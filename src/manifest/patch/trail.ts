import { isArray, isObject, type Json, own } from "../../model/json.ts";
import type { Patch } from "../../model/patch.ts";
import { type Pointer, pointer, pointerSegments } from "../../model/pointer.ts";

/** A place in a patch. */
export interface PatchStep {
  readonly patch: Patch;
  readonly at: Pointer;
}

/** Where a value of a patched document came from: a place of the document before it, or of a patch. */
export type From = { readonly document: Pointer } | PatchStep;

/**
 * Where everything in a patched document came from: a document of the same shape whose texts say so, which the same
 * patches are applied to. Whatever they move, its origin moves along.
 */
export interface Trail {
  readonly shadow: Json;
  /** What the texts of the shadow name by their index. */
  readonly steps: readonly PatchStep[];
  /** Places that were set or emptied as a whole: what is empty has no text that could tell. */
  readonly touched: readonly { readonly path: Pointer; readonly step: PatchStep }[];
}

/** In front of a pointer into the document before all patches. */
const DOCUMENT = "=";

/** The trail of a document that nothing has changed yet. */
export function startTrail(document: Json): Trail {
  return { shadow: renamed(document, "", (at) => `${DOCUMENT}${at}`, "named"), steps: [], touched: [] };
}

/** A value of a patch as it goes into the shadow, and the steps with those that its texts name. */
export function shadowOfValue(
  value: Json,
  { patch, at }: PatchStep,
  known: readonly PatchStep[],
): { readonly shadow: Json; readonly steps: readonly PatchStep[] } {
  const steps = [...known];
  const name = (place: Pointer): string => String(steps.push({ patch, at: place }) - 1);
  // Null is what removes in a merge patch.
  return { shadow: renamed(value, at, name, "merge" in patch.change ? "kept" : "named"), steps };
}

function renamed(value: Json, at: Pointer, name: (at: Pointer) => string, nulls: "kept" | "named"): Json {
  // In a list, which is replaced as a whole, null is a value in a merge patch too.
  if (isArray<Json>(value)) return value.map((item, index) => renamed(item, at + pointer(index), name, "named"));
  if (!isObject(value)) return value === null && nulls === "kept" ? null : name(at);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, renamed(item, at + pointer(key), name, nulls)]),
  );
}

/** Where the value at a place came from, then every patch that set a part of it; the nearest place above for nothing. */
export function originsOf(trail: Trail, path: Pointer): readonly [From, ...From[]] {
  const leaves = leavesOf(valueNear(trail.shadow, pointerSegments(path)), 0);
  const froms = leaves.flatMap((leaf) => fromOf(leaf, trail.steps));
  const touched = trail.touched.findLast((touch) => touch.path === path)?.step;
  const first = froms.find((from) => "document" in from) ?? froms[0] ?? touched ?? { document: path };
  const parts = new Map(
    leaves.flatMap(({ name }) => trail.steps[Number(name)] ?? []).map((step) => [step.patch, step]),
  );
  return [first, ...[...parts.values()].filter((from) => !("patch" in first) || from.patch !== first.patch)];
}

/** The nearest place at or above this one that the document itself had, before all patches. */
export function documentPlace(trail: Trail, path: Pointer): Pointer {
  const [from] = originsOf(trail, path);
  if ("document" in from) return from.document;
  return path === "" ? "" : documentPlace(trail, path.slice(0, path.lastIndexOf("/")));
}

/** The patch that a value comes from, or that took something away at its place. */
export function patchedBy(trail: Trail, path: Pointer): PatchStep | undefined {
  const [from] = originsOf(trail, path);
  if ("patch" in from) return from;
  const isInside = (place: Pointer): boolean => place.slice(0, place.lastIndexOf("/")) === path;
  return trail.touched.findLast((touch) => touch.path === path || isInside(touch.path))?.step;
}

function valueNear(shadow: Json, segments: readonly string[]): Json {
  let value = shadow;
  for (const segment of segments) {
    const child = isArray<Json>(value) ? value[Number(segment)] : isObject(value) ? own(value, segment) : undefined;
    if (child === undefined) return typeof value === "string" ? value : {};
    value = child;
  }
  return value;
}

interface Leaf {
  readonly name: string;
  /** How far below the place it stands. */
  readonly depth: number;
}

function leavesOf(value: Json, depth: number): readonly Leaf[] {
  if (typeof value === "string") return [{ name: value, depth }];
  if (isArray<Json>(value)) return value.flatMap((item) => leavesOf(item, depth + 1));
  return isObject(value) ? Object.values(value).flatMap((item) => leavesOf(item, depth + 1)) : [];
}

/** Of a map or list the place is told by what stands in it. */
function fromOf({ name, depth }: Leaf, steps: readonly PatchStep[]): readonly From[] {
  if (name.startsWith(DOCUMENT)) return [{ document: above(name.slice(DOCUMENT.length), depth) }];
  const step = steps[Number(name)];
  return step === undefined ? [] : [{ patch: step.patch, at: above(step.at, depth) }];
}

function above(path: Pointer, levels: number): Pointer {
  const segments = path.split("/");
  return segments.slice(0, Math.max(1, segments.length - levels)).join("/");
}
