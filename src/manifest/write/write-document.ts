import { isArray, isObject, type Json, type JsonObject } from "../../model/json.ts";
import { type Pointer, pointer } from "../../model/pointer.ts";

/** What stands in a manifest for a value of the live document; undefined leaves the value as it is. */
export type Rewrite = (value: Json, at: Pointer) => Json | undefined;

/**
 * A live document as a manifest writes it: values that `rewrite` knows replaced, keys whose value is null left out (an
 * absent key means the same), and a literal one-key object that would be read as a directive with `$$`.
 */
export function writeDocument(document: JsonObject, rewrite: Rewrite): JsonObject {
  return writeObject(document, "", rewrite);
}

/** Where a document holds what no manifest can write: a key that starts with `$` beside other keys. */
export function unwritable(value: Json, at: Pointer = ""): readonly Pointer[] {
  if (isArray<Json>(value)) return value.flatMap((item, index) => unwritable(item, `${at}/${index}`));
  if (!isObject(value)) return [];
  const keys = Object.keys(value).filter((key) => value[key] !== null);
  const here = keys.length > 1 && keys.some((key) => key.startsWith("$")) ? [at] : [];
  return [...here, ...keys.flatMap((key) => unwritable(value[key] ?? null, at + pointer(key)))];
}

function write(value: Json, at: Pointer, rewrite: Rewrite): Json {
  const rewritten = rewrite(value, at);
  if (rewritten !== undefined) return rewritten;
  if (isArray<Json>(value)) return value.map((item, index) => write(item, `${at}/${index}`, rewrite));
  return isObject(value) ? writeObject(value, at, rewrite) : value;
}

function writeObject(value: JsonObject, at: Pointer, rewrite: Rewrite): JsonObject {
  const members = Object.entries(value).filter(([, item]) => item !== null);
  const isAlone = members.length === 1;
  return Object.fromEntries(
    members.map(([key, item]) => [
      isAlone && key.startsWith("$") ? `$${key}` : key,
      write(item, at + pointer(key), rewrite),
    ]),
  );
}
