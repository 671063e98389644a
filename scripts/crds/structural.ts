import { isArray, isObject, type Json, type JsonObject } from "../../src/model/json.ts";

/** Keywords that mean the same to a cluster. */
const KEPT = new Set(
  [
    "type description format enum required oneOf not",
    "pattern minLength maxLength minimum maximum multipleOf",
    "minItems maxItems minProperties maxProperties",
  ].flatMap((words) => words.split(" ")),
);

const OPEN: JsonObject = { "x-kubernetes-preserve-unknown-fields": true };

/**
 * A part of our JSON Schemas as the structural schema that a cluster asks for: what is not named is pruned (so
 * additionalProperties says nothing more), what has no fixed type is kept as it comes, and the engine checks it. A null
 * in place of a typed field is refused: `kubectl apply` drops it before, and rules on presence can be exact.
 */
export function structural(schema: JsonObject): JsonObject {
  const { properties, items, additionalProperties } = schema;
  const kept = Object.fromEntries(
    Object.entries(schema).filter(([keyword, value]) => KEPT.has(keyword) && !(keyword === "type" && isArray(value))),
  );
  const whole: JsonObject = {
    ...kept,
    ...typeOf(schema),
    ...(isObject(properties) && { properties: eachStructural(properties) }),
    ...(schema["type"] === "array" && { items: structural(isObject(items) ? items : {}) }),
    ...(isObject(additionalProperties) && { additionalProperties: structural(additionalProperties) }),
  };
  const isOpenMap = schema["type"] === "object" && !isObject(properties) && !isObject(additionalProperties);
  return isOpenMap ? { ...whole, ...OPEN } : whole;
}

function eachStructural(properties: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).map(([name, part]) => [name, structural(isObject(part) ? part : {})]),
  );
}

/** Text or a directive has no one type, and neither has a literal that may be anything. */
function typeOf({ type, anyOf }: JsonObject): JsonObject {
  if (typeof type === "string") return {};
  if (isArray<Json>(type)) return { "x-kubernetes-int-or-string": true };
  const text = (isArray<Json>(anyOf) ? anyOf : []).find((branch) => isObject(branch) && "type" in branch);
  const { type: _type, ...rules } = isObject(text) ? text : {};
  return { ...(anyOf !== undefined && DIRECTIVE), ...rules, ...OPEN };
}

/** Of a map: one key. Text is not concerned. */
const DIRECTIVE: JsonObject = { minProperties: 1, maxProperties: 1 };
