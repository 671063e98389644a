import { isArray, isObject, type Json, jsonEqual, own } from "../model/json.ts";
import type { KindSpec } from "../model/kind.ts";
import { isTemplateObject, Reference, Secret, type Template, type TemplateObject } from "../model/template.ts";
import type { CompareScope } from "./compare-scope.ts";

/** True where live holds exactly what the template stands for. The quick answer for the many that are in sync. */
export function isSame(desired: Template, live: Json, scope: CompareScope): boolean {
  if (desired instanceof Reference) return isSameReference(desired, live, scope);
  if (desired instanceof Secret) return live === desired.reveal();
  if (isArray<Template>(desired)) {
    return (
      isArray<Json>(live) &&
      desired.length === live.length &&
      desired.every((item, index) => isSame(item, live[index] ?? null, scope))
    );
  }
  return isTemplateObject(desired) ? isSameObject(desired, live, scope) : desired === live;
}

/** Equal on the wire: the same JSON, or two JSON texts that say the same (app-to-app references are such texts). */
export function isSameOnWire(left: Json, right: Json): boolean {
  if (jsonEqual(left, right)) return true;
  const [a, b] = [parsedObject(left), parsedObject(right)];
  return a !== undefined && b !== undefined && jsonEqual(a, b);
}

/** The field by which items of the list at `path` are matched, where they are. */
export function keyFieldAt(spec: KindSpec, path: string): string | undefined {
  return own(spec.keyedLists, path);
}

function isSameObject(desired: TemplateObject, live: Json, scope: CompareScope): boolean {
  if (!isObject(live)) return false;
  for (const [key, item] of Object.entries(desired)) {
    const liveItem = own(live, key) ?? null;
    if (item === null ? liveItem !== null : liveItem === null || !isSame(item, liveItem, scope)) return false;
  }
  return Object.entries(live).every(([key, item]) => item === null || Object.hasOwn(desired, key));
}

function isSameReference({ target, form }: Reference, live: Json, { rules, uuidOf }: CompareScope): boolean {
  const uuid = uuidOf(target);
  return uuid !== undefined && isSameOnWire(rules.formatReference(form, { uuid }), live);
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
