import { hash } from "node:crypto";
import canonicalize from "canonicalize";
import { isArray, isObject, type Json } from "./json.ts";

/** Hex sha256 of the value's canonical JSON (RFC 8785); keys whose value is null count as absent, as in jsonEqual. */
export function digest(value: Json): string {
  return sha256(canonicalJson(value));
}

export function sha256(bytes: string | Uint8Array): string {
  return hash("sha256", bytes, "hex");
}

export function canonicalJson(value: Json): string {
  return canonicalize(hasNullKey(value) ? withoutNullKeys(value) : value) ?? "null";
}

/** Most documents have none, and a look is much cheaper than a copy. */
function hasNullKey(value: Json): boolean {
  if (isArray<Json>(value)) return value.some(hasNullKey);
  if (!isObject(value)) return false;
  for (const key of Object.keys(value)) if (value[key] === null || hasNullKey(value[key] ?? null)) return true;
  return false;
}

function withoutNullKeys(value: Json): Json {
  if (isArray<Json>(value)) return value.map(withoutNullKeys);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [key, withoutNullKeys(item)]),
  );
}
