import { isArray, isObject, type Json, type JsonObject, own } from "../../../model/json.ts";
import { invalid } from "../../refusal.ts";

/** Says what is wrong with a value, or nothing. */
export type Check = (value: Json) => string | undefined;

interface FieldRules {
  readonly [field: string]: { readonly check: Check; readonly presence: "required" | "optional" };
}

/**
 * The fields of a body that the rules know, in the order of the rules; others are ignored, as LLMStack does. Throws
 * Refusal with every message at once.
 */
export function pickFields(body: JsonObject, rules: FieldRules, missing: "refused" | "accepted"): JsonObject {
  const messages: Record<string, readonly string[]> = {};
  const picked: Record<string, Json> = {};
  for (const [field, { check, presence }] of Object.entries(rules)) {
    const value = own(body, field);
    const message = value === undefined ? absent(presence, missing) : check(value);
    if (message !== undefined) messages[field] = [message];
    if (value !== undefined) picked[field] = value;
  }
  if (Object.keys(messages).length > 0) throw invalid(messages);
  return picked;
}

function absent(presence: "required" | "optional", missing: "refused" | "accepted"): string | undefined {
  return presence === "required" && missing === "refused" ? "This field is required." : undefined;
}

/** Text of so many code points, not null. */
export function text(min: number, max: number): Check {
  return (value) => {
    if (value === null) return "This field may not be null.";
    if (typeof value !== "string") return "Not a valid string.";
    const length = Array.from(value).length;
    if (length < min) return "This field may not be blank.";
    return length > max ? `Ensure this field has no more than ${max} characters.` : undefined;
  };
}

export function choice(choices: readonly string[]): Check {
  return (value) =>
    typeof value === "string" && choices.includes(value)
      ? undefined
      : `${JSON.stringify(value)} is not a valid choice: ${choices.join(", ")}.`;
}

export const anyText: Check = (value) =>
  value === null || typeof value === "string" ? undefined : "Not a valid string.";

export const anyObject: Check = (value) =>
  value === null || isObject(value) ? undefined : `Expected an object but got ${nameOf(value)}.`;

export const objectList: Check = (value) => {
  if (value === null) return undefined;
  if (!isArray<Json>(value)) return `Expected a list but got ${nameOf(value)}.`;
  const wrong = value.findIndex((item) => !isObject(item));
  return wrong === -1 ? undefined : `Item ${wrong} is not an object.`;
};

function nameOf(value: Json): string {
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}
