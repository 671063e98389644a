import { isArray, isObject, type Json, type JsonObject, own } from "../model/json.ts";
import { MARK_KEY } from "../model/mark.ts";
import { type Pointer, pointer } from "../model/pointer.ts";

/** Places where servers keep marks, and where a copied document therefore has them. */
const HOLDERS: readonly (readonly string[])[] = [
  ["spec", "definition", "config"],
  ["spec", "pipeline"],
  ["spec", "entries", "*", "metadata"],
  ["spec", "entriesFrom", "*", "metadata"],
];

/** Takes our marks out of a manifest: they are for live objects alone. A place that held only the mark goes with it. */
export function stripMarks(body: JsonObject): { readonly body: JsonObject; readonly stripped: readonly Pointer[] } {
  if (!HOLDERS.some((path) => holdsMark(body, path, 0))) return { body, stripped: [] };
  const stripped: Pointer[] = [];
  const result = HOLDERS.reduce<Json>((value, path) => strip(value, path, [], stripped) ?? null, body);
  return { body: isObject(result) ? result : body, stripped };
}

/** A look before any copy: nearly no manifest has one. */
function holdsMark(value: Json, path: readonly string[], depth: number): boolean {
  const next = path[depth];
  if (next === "*") return isArray<Json>(value) && value.some((item) => holdsMark(item, path, depth + 1));
  if (!isObject(value)) return false;
  if (next === undefined) return Object.hasOwn(value, MARK_KEY);
  return holdsMark(own(value, next) ?? null, path, depth + 1);
}

/** The value without the mark at that path; undefined when nothing is left of it. */
function strip(value: Json, path: readonly string[], done: readonly string[], stripped: Pointer[]): Json | undefined {
  const [next, ...rest] = path;
  if (next === "*") {
    if (!isArray<Json>(value)) return value;
    const items = value.map((item, index) => strip(item, rest, [...done, String(index)], stripped) ?? {});
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isObject(value)) return value;
  if (next === undefined) return withoutMark(value, done, stripped);
  const inner = own(value, next);
  if (inner === undefined) return value;
  const outer = strip(inner, rest, [...done, next], stripped);
  if (outer === inner) return value;
  const others = Object.fromEntries(Object.entries(value).filter(([key]) => key !== next));
  return outer === undefined ? others : { ...value, [next]: outer };
}

function withoutMark(value: JsonObject, done: readonly string[], stripped: Pointer[]): Json | undefined {
  if (own(value, MARK_KEY) === undefined) return value;
  stripped.push(pointer(...done, MARK_KEY));
  const rest = Object.entries(value).filter(([key]) => key !== MARK_KEY);
  return rest.length === 0 ? undefined : Object.fromEntries(rest);
}
