import type { Json } from "../../src/model/json.ts";

/**
 * False for JSON with a key of one character that has to be escaped: of `{"\n":0,"\"":0}` the JSON.parse of Node 24.21
 * (V8 13.6) now and then makes a backslash of the second key, whoever calls it.
 */
export function isParsedRight(value: unknown): value is Json {
  return !/"\\(?:[^u]|u[\da-f]{4})":/u.test(JSON.stringify(value));
}
