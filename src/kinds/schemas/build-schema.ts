import { isArray, isObject, type Json, type JsonObject } from "../../model/json.ts";

/** The dialect of JSON Schema that every schema here is written in. */
const DRAFT = "https://json-schema.org/draft/2020-12/schema";

/** A whole document's schema: what `body` says, and null wherever a key may be left out. */
export function documentSchema(title: string, body: JsonObject, definitions: JsonObject = {}): JsonObject {
  const hasDefinitions = Object.keys(definitions).length > 0;
  return { $schema: DRAFT, title, ...withNulls(body), ...(hasDefinitions && { $defs: definitions }) };
}

/** The schema of a document that we write ourselves. Readers must expect fields that it does not name yet. */
export function outputSchema(title: string, body: JsonObject): JsonObject {
  return { $schema: DRAFT, title, ...body };
}

/**
 * Lets every optional property be null as well: a key whose value is null equals an absent key everywhere in this
 * project, because kubectl drops such keys. Kubernetes does so by itself, so the parts are written without.
 */
function withNulls(schema: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, withNullsAt(key, value, schema)]));
}

function withNullsAt(keyword: string, value: Json, schema: JsonObject): Json {
  if (keyword === "properties" && isObject(value)) {
    const required = isArray<Json>(schema["required"]) ? schema["required"] : [];
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => {
        const inner = withNulls(part as JsonObject);
        return [name, required.includes(name) ? inner : orNull(inner)];
      }),
    );
  }
  if ((keyword === "items" || keyword === "additionalProperties") && isObject(value)) return withNulls(value);
  return value;
}

function orNull(schema: JsonObject): JsonObject {
  const { type, enum: values, anyOf } = schema;
  if (isArray<Json>(anyOf)) return { ...schema, anyOf: [...anyOf, { type: "null" }] };
  return {
    ...schema,
    ...(typeof type === "string" && { type: [type, "null"] }),
    ...(isArray<Json>(values) && { enum: [...values, null] }),
  };
}
