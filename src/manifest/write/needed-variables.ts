import { isArray, isObject, type Json, type JsonObject } from "../../model/json.ts";
import { type Pointer, pointerSegments } from "../../model/pointer.ts";
import type { ResourceKey } from "../../model/resource.ts";
import { uniqueNames } from "./unique-names.ts";

/** An environment variable that a manifest needs, because its value is a secret and is never written. */
export interface NeededVariable {
  readonly name: string;
  readonly key: ResourceKey;
  /** Into the document. */
  readonly pointer: Pointer;
}

/** True for what may be a credential: servers keep numbers as typed, an empty text or a switch gives nothing away. */
export function mayBeSecret(value: Json): value is string | number {
  return typeof value === "number" || (typeof value === "string" && value !== "");
}

/** Names variables after their place, each name once: `SUPPORT_BOT_SLACK_CONFIG_BOT_TOKEN`. */
export function variableNames(): (owner: string, at: Pointer, document: JsonObject) => string {
  const unique = uniqueNames();
  return (owner, at, document) => {
    const words = [owner, ...placeWords(at, document)].join("_").toUpperCase();
    const name = words.replaceAll(/[^A-Z0-9]+/gu, "_").replaceAll(/^_|_$/gu, "");
    return unique(/^[0-9]/u.test(name) ? `_${name}` : name, "_");
  };
}

/** An item of a list goes by its id where it has one. */
function placeWords(at: Pointer, document: JsonObject): readonly string[] {
  const words: string[] = [];
  let value: Json | undefined = document;
  for (const segment of pointerSegments(at)) {
    const item: Json | undefined = isArray<Json>(value) ? value[Number(segment)] : undefined;
    const id = isObject(item) ? item["id"] : undefined;
    if (segment !== "processors" && segment !== "config") words.push(typeof id === "string" ? id : segment);
    value = item ?? memberOf(value, segment);
  }
  return words;
}

function memberOf(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
