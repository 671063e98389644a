import { isObject, type Json, type JsonObject, own } from "../../model/json.ts";

/**
 * JSON merge patch (RFC 7396): objects are merged, null removes, anything else is replaced. Nothing is changed in
 * place, and a key `__proto__` is left out on both sides.
 */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const before: JsonObject = target !== undefined && isObject(target) ? target : {};
  const keys = [...new Set([...Object.keys(before), ...Object.keys(patch)])].filter((key) => key !== "__proto__");
  return Object.fromEntries(
    keys.flatMap((key): readonly (readonly [string, Json])[] => {
      const change = own(patch, key);
      if (change === undefined) return [[key, before[key] ?? null]];
      return change === null ? [] : [[key, mergePatch(own(before, key), change)]];
    }),
  );
}
