import type { Json } from "../model/json.ts";
import type { FieldDiff } from "../model/plan.ts";
import { pointer } from "../model/pointer.ts";
import { FIELDS, opennessOf, staysHidden } from "../model/publish.ts";
import type { Publish } from "../model/resource.ts";
import { byText } from "./collections.ts";
import type { Difference } from "./difference.ts";

/**
 * Where a stated publish setting is not the live one. What the manifest leaves out is left as it is. Of what nobody sees
 * and nobody is to see the rest does not count: no server changes it without showing the object for a moment.
 */
export function comparePublish(desired: Publish | undefined, live: Publish | undefined): readonly Difference[] {
  if (desired === undefined || staysHidden(desired, live)) return [];
  return fieldsToCompare(desired, live).flatMap((name) => {
    const [before, after] = [shown(live?.[name]), shown(desired[name])];
    if (after === undefined || JSON.stringify(before) === JSON.stringify(after)) return [];
    const field = { pointer: pointer("publish", name), ...(before !== undefined && { before }), after };
    return [{ field, symbolic: after, about: "publish" as const }];
  });
}

/** True where these differences let fewer people in: such a change starts before all others. */
export function narrowsAccess(fields: readonly FieldDiff[]): boolean {
  return fields.some((field) => isPublishField(field) && opens(field.after, field.before, field.pointer));
}

/** True where these differences let more people in: such a change ends after all others. */
export function widensAccess(fields: readonly FieldDiff[]): boolean {
  return fields.some((field) => isPublishField(field) && opens(field.before, field.after, field.pointer));
}

/** True for a difference in who may see a resource, as `comparePublish` names it. */
export function isPublishField({ pointer: path }: FieldDiff): boolean {
  return path.startsWith("/publish/");
}

/** Who could see what is being hidden is not asked any more. */
function fieldsToCompare({ state }: Publish, live: Publish | undefined): readonly (keyof Publish)[] {
  return state === "Unpublished" && live !== undefined ? ["state"] : FIELDS;
}

/** Access lists are sets. */
function shown(value: string | readonly string[] | undefined): Json | undefined {
  return value === undefined || typeof value === "string" ? value : [...new Set(value)].toSorted(byText);
}

/** True where `to` lets somebody in whom `from` does not. Where the server does not tell, it counts as nobody. */
function opens(from: Json | undefined, to: Json | undefined, path: string): boolean {
  if (Array.isArray(to)) return to.some((person) => !(Array.isArray(from) && from.includes(person)));
  if (path === pointer("publish", "state")) return to === "Published" && from !== "Published";
  return opennessOf(to) > opennessOf(from);
}
