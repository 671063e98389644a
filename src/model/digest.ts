import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { isArray, isObject, type Json } from "./json.ts";

/** Hex sha256 of the value's canonical JSON (RFC 8785); keys whose value is null count as absent, as in jsonEqual. */
export function digest(value: Json): string {
  return sha256(canonicalJson(value));
}

export function sha256(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export function canonicalJson(value: Json): string {
  return canonicalize(withoutNullKeys(value)) ?? "null";
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
