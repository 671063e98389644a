import { isArray, isObject, type Json } from "../model/json.ts";

const LONGEST = 200;
const MASKED = "(sent value)";

/** Texts shorter than this are words of any message ("web", "text"), not something to hide. */
const SHORTEST_MASKED = 4;

/** Shorter texts are masked only where they stand alone, so that a type called "text" does not hide "context". */
const SHORTEST_MASKED_INSIDE_WORDS = 12;

/**
 * The part of a JSON answer that may be shown: `detail`, or which field was refused and why, on one line, without
 * control characters and without any text that we sent (a server may echo a secret). Empty when nothing may be shown.
 */
export function excerpt(answer: Json, status: number, hidden: readonly string[]): string {
  const text = status >= 500 ? detailOf(answer) : (detailOf(answer) ?? refusedFields(answer));
  if (text === undefined || /Traceback \(most recent/u.test(text)) return "";
  return shorten(oneLine(mask(text, hidden)).replace(/\.$/u, ""));
}

/** One line of printable characters. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
}

/** Every occurrence of a hidden text replaced, as it is or as JSON writes it. */
export function mask(text: string, hidden: readonly string[]): string {
  const texts = new Set(hidden.flatMap((value) => [value, value.trim(), JSON.stringify(value).slice(1, -1)]));
  return [...texts]
    .filter((value) => value.length >= SHORTEST_MASKED)
    .toSorted((left, right) => right.length - left.length)
    .reduce(maskOne, text);
}

function maskOne(text: string, value: string): string {
  if (value.length >= SHORTEST_MASKED_INSIDE_WORDS) return text.replaceAll(value, MASKED);
  return text.replaceAll(value, (found, offset: number) => {
    const isInsideWord = WORD.test(text.charAt(offset - 1)) || WORD.test(text.charAt(offset + found.length));
    return isInsideWord ? found : MASKED;
  });
}

const WORD = /[\p{L}\p{N}_]/u;

function detailOf(answer: Json): string | undefined {
  if (!isObject(answer)) return undefined;
  const { detail, message } = answer;
  if (typeof detail === "string") return detail;
  return typeof message === "string" ? message : undefined;
}

/** `{field: [messages]}`, as validation answers it: at most three fields. */
function refusedFields(answer: Json): string | undefined {
  if (!isObject(answer)) return undefined;
  const fields = Object.entries(answer).flatMap(([field, messages]) => {
    const texts = (isArray<unknown>(messages) ? messages : [messages]).filter((item) => typeof item === "string");
    return /^[\w.-]{1,60}$/u.test(field) && texts.length > 0 ? [`${field}: ${texts.join(" ")}`] : [];
  });
  return fields.length === 0 ? undefined : fields.slice(0, 3).join("; ");
}

function shorten(text: string): string {
  const characters = Array.from(text);
  return characters.length <= LONGEST ? text : `${characters.slice(0, LONGEST).join("")}…`;
}
