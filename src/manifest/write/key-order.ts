import { isArray, isObject, type Json, type JsonObject } from "../../model/json.ts";

/** What stands at the top of nearly every object comes first, everything else by name. */
const FIRST = [
  "id",
  "name",
  "title",
  "type",
  "type_slug",
  "description",
  "icon",
  "provider_slug",
  "processor_slug",
  "config",
  "input",
  "input_fields",
  "output_template",
  "processors",
  "content",
  "url",
  "file",
];

/** The same object with the keys of all its objects in the order that manifests have. */
export function inOrder(value: JsonObject): JsonObject {
  const keys = Object.keys(value).toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return Object.fromEntries(keys.map((key) => [key, ordered(value[key] ?? null)]));
}

function ordered(value: Json): Json {
  if (isArray<Json>(value)) return value.map(ordered);
  return isObject(value) ? inOrder(value) : value;
}

function rank(key: string): number {
  const index = FIRST.indexOf(key);
  return index === -1 ? FIRST.length : index;
}
