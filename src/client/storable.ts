import { SyncError } from "../model/errors.ts";
import { isArray, isObject, type Json } from "../model/json.ts";
import { pointer, type Pointer } from "../model/pointer.ts";

/** Beyond 64 bits a stored number makes its app, and with it the whole list, unreadable (llmstack-server.md 2.0). */
const LARGEST_NUMBER = 2 ** 63;

/** Python's JSON writers stop near 250 levels, and an answer wraps what was sent in some. */
const DEEPEST = 200;

/**
 * Throws SyncError `invalid_manifest`, with the place, for JSON that a real server takes in and then fails on for good:
 * NUL, lone surrogates, numbers beyond 64 bits, nesting deeper than 200 levels (llmstack-server.md 2.0, 2.3).
 */
export function assertStorable(value: Json): void {
  check(value, "", 0);
}

function check(value: Json, at: Pointer, depth: number): void {
  if (depth > DEEPEST) throw unsendable(at, `is nested deeper than ${DEEPEST} levels`);
  if (typeof value === "string") checkText(value, at);
  else if (typeof value === "number") checkNumber(value, at);
  else if (isArray<Json>(value))
    for (const [index, item] of value.entries()) check(item, at + pointer(index), depth + 1);
  else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      const place = at + pointer(key);
      checkText(key, place);
      check(item, place, depth + 1);
    }
  }
}

function checkText(text: string, at: Pointer): void {
  if (text.includes("\0")) throw unsendable(at, "holds a NUL character");
  if (!text.isWellFormed()) throw unsendable(at, "holds half of a surrogate pair (broken Unicode)");
}

function checkNumber(number: number, at: Pointer): void {
  if (Math.abs(number) >= LARGEST_NUMBER) throw unsendable(at, "is a number beyond 64 bits");
}

function unsendable(at: Pointer, what: string): SyncError {
  return new SyncError("invalid_manifest", `the value at ${JSON.stringify(at)} ${what}`, {
    remedy: "Nothing was sent: LLMStack cannot store it. Change it in the manifest or in the file it comes from.",
  });
}
