import { crash } from "./answers.ts";
import { Exact, isStorableText, type Tree, type TreeObject, Unstorable } from "./tree.ts";

/** A key of a body that Python asks for with brackets: absent it is a KeyError. */
export function needed(body: TreeObject, key: string): Tree {
  const value = given(body, key);
  if (value === undefined) throw crash();
  return value;
}

/** A key of a body, or undefined where it is not there; null is there. */
export function given(body: TreeObject, key: string): Tree | undefined {
  return Object.hasOwn(body, key) ? body[key] : undefined;
}

/** A key of a body, or what Python puts for one that is not there. */
export function givenOr(body: TreeObject, key: string, otherwise: Tree): Tree {
  const value = given(body, key);
  return value === undefined ? otherwise : value;
}

/** What a text column of at most so many code points makes of a value; throws Answered 500 where it is refused. */
export function toText(value: Tree, limit = Number.POSITIVE_INFINITY): string {
  const text = pythonText(value);
  if (!isStorableText(text) || (text.length > limit && Array.from(text).length > limit)) throw crash();
  return text;
}

/** What Django's boolean column takes; throws Answered 500 for anything else ("false" too). */
export function toBoolean(value: Tree): boolean {
  if (value === true || value === 1 || value === "t" || value === "True" || value === "1") return true;
  if (value === false || value === 0 || value === "f" || value === "False" || value === "0") return false;
  throw crash();
}

function pythonText(value: Tree): string {
  if (value === null) throw crash();
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "True" : "False";
  if (value instanceof Exact) return value.text;
  if (value instanceof Unstorable) return value.shown;
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}
