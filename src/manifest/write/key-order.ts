import { isArray, isObject, type Json, type JsonObject } from "../../model/json.ts";

/** How every manifest of Kubernetes begins. */
const TOP = ["apiVersion", "kind", "metadata", "spec"];

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

/** A manifest with the keys of all its objects in the order that people expect. */
export function manifestInOrder(manifest: JsonObject): JsonObject {
  return sorted(inOrder(manifest), TOP);
}

/** The same object with the keys of all its objects in the order that manifests have. */
export function inOrder(value: JsonObject): JsonObject {
  return sorted(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, ordered(item)])), FIRST);
}

function ordered(value: Json): Json {
  if (isArray<Json>(value)) return value.map(ordered);
  return isObject(value) ? inOrder(value) : value;
}

function sorted(value: JsonObject, first: readonly string[]): JsonObject {
  const rank = (key: string): number => (first.includes(key) ? first.indexOf(key) : first.length);
  return Object.fromEntries(
    Object.entries(value).toSorted(([a], [b]) => rank(a) - rank(b) || (a === b ? 0 : a < b ? -1 : 1)),
  );
}
