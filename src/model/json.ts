/** JSON as TypeScript sees it, and the comparison this project means by "equal". */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True for a value that survives JSON.stringify and JSON.parse unchanged. */
export function isJson(value: unknown): value is Json {
  if (value === null || typeof value === "boolean" || typeof value === "string") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  return isPlainObject(value) && Object.values(value).every(isJson);
}

export function isJsonObject(value: unknown): value is JsonObject {
  return isPlainObject(value) && isJson(value);
}

function isPlainObject(value: unknown): value is { readonly [key: string]: unknown } {
  if (!isObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * Equal as servers and kubectl mean it: key order is ignored, array order counts, a key whose value is null equals
 * an absent key (kubectl drops those), null inside an array counts.
 */
export function jsonEqual(left: Json | undefined, right: Json | undefined): boolean {
  const a = left ?? null;
  const b = right ?? null;
  if (a === b) return true;
  if (isArray(a) || isArray(b)) {
    return isArray(a) && isArray(b) && a.length === b.length && a.every((item, index) => jsonEqual(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  return (
    Object.entries(a).every(([key, value]) => jsonEqual(value, own(b, key))) &&
    Object.entries(b).every(([key, value]) => value === null || Object.hasOwn(a, key))
  );
}

/** Array.isArray that keeps the readonly element type. */
export function isArray<T>(value: unknown): value is readonly T[] {
  return Array.isArray(value);
}

/** The key's own value: a document may hold a key named like a member of Object.prototype. */
export function own<T>(object: { readonly [key: string]: T }, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
