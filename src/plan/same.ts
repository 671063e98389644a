import { isArray, isObject, type Json, own } from "../model/json.ts";
import type { KindSpec } from "../model/kind.ts";
import { isTemplateObject, Reference, Secret, type Template, type TemplateObject } from "../model/template.ts";
import type { CompareScope } from "./compare-scope.ts";

/** True where live holds exactly what the template stands for. The quick answer for the many that are in sync. */
export function isSame(desired: Template, live: Json, scope: CompareScope): boolean {
  if (desired instanceof Reference) return scope.references.isSame(desired, live);
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

/** The field by which items of the list at `path` are matched, where they are. */
export function keyFieldAt(spec: KindSpec, path: string): string | undefined {
  return own(spec.keyedLists, path);
}

function isSameObject(desired: TemplateObject, live: Json, scope: CompareScope): boolean {
  if (!isObject(live)) return false;
  for (const key of Object.keys(desired)) {
    const item = desired[key] ?? null;
    const liveItem = own(live, key) ?? null;
    if (item === null ? liveItem !== null : liveItem === null || !isSame(item, liveItem, scope)) return false;
  }
  for (const key of Object.keys(live)) if (live[key] !== null && !Object.hasOwn(desired, key)) return false;
  return true;
}
