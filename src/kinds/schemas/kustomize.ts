import { isObject, type JsonObject } from "../../model/json.ts";

/** Lists whose items have a name, by which kustomize is to merge them. */
const KEYED: readonly { readonly kind: string; readonly path: readonly string[]; readonly key: string }[] = [
  { kind: "App", path: ["spec", "definition", "processors"], key: "id" },
  { kind: "App", path: ["spec", "definition", "input_fields"], key: "name" },
  { kind: "Datasource", path: ["spec", "entries"], key: "name" },
];

/**
 * What a kustomization names under `openapi.path`: without it a strategic merge patch replaces the lists of a custom
 * resource as a whole. It says nothing but how lists merge.
 */
export const kustomizeOpenapi: JsonObject = {
  definitions: Object.fromEntries(
    [...new Set(KEYED.map(({ kind }) => kind))].map((kind) => [`ai.llmstack.v1alpha1.${kind}`, definition(kind)]),
  ),
};

function definition(kind: string): JsonObject {
  const properties = KEYED.filter((list) => list.kind === kind).reduce<JsonObject>(
    (known, { path, key }) => withList(known, path, key),
    {},
  );
  return {
    type: "object",
    properties,
    "x-kubernetes-group-version-kind": [{ group: "llmstack.ai", kind, version: "v1alpha1" }],
  };
}

function withList(properties: JsonObject, [name = "", ...rest]: readonly string[], key: string): JsonObject {
  if (rest.length === 0) {
    const merge = { "x-kubernetes-patch-merge-key": key, "x-kubernetes-patch-strategy": "merge" };
    return { ...properties, [name]: { type: "array", items: { type: "object" }, ...merge } };
  }
  const below = properties[name] ?? null;
  const inside = isObject(below) ? (below["properties"] ?? null) : null;
  return {
    ...properties,
    [name]: { type: "object", properties: withList(isObject(inside) ? inside : {}, rest, key) },
  };
}
