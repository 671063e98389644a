import { isObject, type Json, jsonEqual } from "../model/json.ts";

/** Equal on the wire: the same JSON, or two JSON texts that say the same (app-to-app references are such texts). */
export function isSameOnWire(left: Json, right: Json): boolean {
  if (jsonEqual(left, right)) return true;
  const [a, b] = [parsedObject(left), parsedObject(right)];
  return a !== undefined && b !== undefined && jsonEqual(a, b);
}

function parsedObject(value: Json): Json | undefined {
  if (typeof value !== "string" || !value.trimStart().startsWith("{")) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return isObject(parsed) ? (parsed as Json) : undefined;
  } catch {
    return undefined;
  }
}
