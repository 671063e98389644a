import type { Json } from "../../model/json.ts";
import { unreadable } from "../refusal.ts";

/** Digits or exponents that a double may not hold. Also true of such text inside strings: then only time is lost. */
const DOUBTFUL_NUMBER = /\d{16}|[eE]\+?\d{3}/u;

/** Strict JSON, the last of two equal keys wins. Throws Refusal; a number that would change is refused, not rounded. */
export function readJson(text: string): Json {
  try {
    const value: unknown = DOUBTFUL_NUMBER.test(text) ? JSON.parse(text, refuseLoss) : JSON.parse(text);
    return value as Json;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unreadable(`JSON parse error - ${error.message}`);
  }
}

function refuseLoss(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value === "number" && !isKept(value, context?.source ?? "")) {
    throw unreadable("JSON parse error - a number is beyond what this server can keep unchanged");
  }
  return value;
}

function isKept(value: number, source: string): boolean {
  if (!/^-?\d+$/u.test(source)) return Number.isFinite(value);
  return isKeptInteger(value, source);
}

/** True when those digits are read back as they were written, once the number is written as JSON again. */
export function isKeptInteger(value: number, digits: string): boolean {
  return Number.isSafeInteger(value) || String(value) === digits;
}
