import { isArray, isObject, type Json, jsonEqual, type JsonObject, own } from "../../../../model/json.ts";

/** A JSON Schema as servers make it of a processor's settings: properties, defaults, references into itself. */
export interface Schema {
  readonly [key: string]: Json;
}

/** True where `value` is what the schema assumes at that place when nothing is said there. */
export function isDefaultAt(schema: Schema, path: readonly string[], value: Json): boolean {
  return nodesAt(schema, path).some((node) => isDefault(schema, node, value));
}

/** True where the schema knows a place of that name; what it does not know is dropped when settings are expanded. */
export function isKnownAt(schema: Schema, path: readonly string[]): boolean {
  return nodesAt(schema, path).length > 0;
}

/** The settings that a schema assumes by itself. */
export function defaultsOf(schema: Schema): { readonly [key: string]: Json } {
  const properties = own(schema, "properties");
  if (!isObject(properties)) return {};
  return Object.fromEntries(
    Object.entries(properties).flatMap(([key, property]) => {
      const value = isObject(property) ? own(property, "default") : undefined;
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
}

/** Every schema that may hold at a place: alternatives are all followed. */
function nodesAt(root: Schema, path: readonly string[]): readonly Schema[] {
  let nodes = alternatives(root, root, 0);
  for (const segment of path) {
    nodes = nodes.flatMap((node) => childrenOf(node, segment)).flatMap((child) => alternatives(root, child, 0));
  }
  return nodes;
}

function childrenOf(node: Schema, segment: string): readonly Schema[] {
  const properties = own(node, "properties");
  const property = isObject(properties) ? own(properties, segment) : undefined;
  if (isObject(property)) return [property];
  const items = own(node, "items");
  return isObject(items) && /^\d+$/u.test(segment) ? [items] : [];
}

/** Schemas nest, and may refer to themselves: deeper than this nobody writes settings. */
const DEEPEST = 8;

function alternatives(root: Schema, node: Schema, depth: number): readonly Schema[] {
  if (depth > DEEPEST) return [];
  const inner = ["anyOf", "allOf", "oneOf"].flatMap((word) => {
    const list = own(node, word);
    return isArray<Json>(list) ? list.filter((item): item is JsonObject => isObject(item)) : [];
  });
  const referred = own(node, "$ref");
  const target = typeof referred === "string" ? targetOf(root, referred) : undefined;
  return [
    node,
    ...[...inner, ...(target === undefined ? [] : [target])].flatMap((next) =>
      alternatives(root, next, depth + 1).map((found) => withDefault(node, found)),
    ),
  ];
}

/** What stands beside a `$ref` says more than what it refers to. */
function withDefault(node: Schema, found: Schema): Schema {
  const value = own(node, "default");
  return value === undefined ? found : { ...found, default: value };
}

/** `#/definitions/Name`, `#/$defs/Name`, or `#`. */
function targetOf(root: Schema, reference: string): Schema | undefined {
  let value: Json | undefined = root;
  for (const segment of reference.split("/").slice(1)) value = isObject(value) ? own(value, segment) : undefined;
  return isObject(value) ? value : undefined;
}

/** A place without a default of its own is filled with the defaults inside it. */
function isDefault(root: Schema, node: Schema, value: Json): boolean {
  const assumed = own(node, "default");
  if (assumed !== undefined && jsonEqual(assumed, value)) return true;
  const properties = own(node, "properties");
  if (!isObject(properties) || !isObject(value)) return false;
  return Object.entries(value).every(([key, inner]) => inner === null || isInnerDefault(root, properties, key, inner));
}

function isInnerDefault(root: Schema, properties: Schema, key: string, value: Json): boolean {
  const property = own(properties, key);
  return isObject(property) && alternatives(root, property, 0).some((node) => isDefault(root, node, value));
}
