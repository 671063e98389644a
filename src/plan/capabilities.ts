import type { KindCapabilities } from "../model/dialect.ts";
import { isArray, isObject, type JsonObject } from "../model/json.ts";
import type { Pointer } from "../model/pointer.ts";
import { pointerSegments } from "../model/pointer.ts";
import type { Resource } from "../model/resource.ts";
import { isEmpty } from "./compare.ts";
import type { Difference } from "./difference.ts";

/** Places that the manifest states and the server has no notion of. */
export function statedUnsupported(resource: Resource, { unsupported }: KindCapabilities): readonly Pointer[] {
  const { document, publish, entries } = resource;
  const parts = [document, { publish, entries }];
  return unsupported.filter((path) => parts.some((part) => valueAt(part, path) !== undefined));
}

/** Differing places that no write to a live object can change. */
export function touchedFixed(differences: readonly Difference[], { fixed }: KindCapabilities): readonly Pointer[] {
  return fixed.filter((path) =>
    differences.some(({ field }) => isWithin(field.pointer, path) || isWithin(path, field.pointer)),
  );
}

/** Places that the manifest leaves empty, that are filled, and that the server cannot empty. */
export function uncleared(resource: Resource, live: JsonObject, { unclearable }: KindCapabilities): readonly Pointer[] {
  return unclearable.filter((path) => isEmpty(valueAt(resource.document, path)) && !isEmpty(valueAt(live, path)));
}

/** Places that every write needs filled and the manifest leaves empty. */
export function missingForUpdate(
  { document }: Resource,
  { neededForUpdate = [] }: KindCapabilities,
): readonly Pointer[] {
  return neededForUpdate.filter((path) => isEmpty(valueAt(document, path)));
}

function isWithin(path: Pointer, ancestor: Pointer): boolean {
  return path === ancestor || path.startsWith(`${ancestor}/`);
}

/** What stands at a place; undefined for null as for nothing. */
function valueAt(document: { readonly [key: string]: unknown }, path: Pointer): unknown {
  let value: unknown = document;
  for (const segment of pointerSegments(path)) {
    if (isArray<unknown>(value)) value = value[Number(segment)];
    else if (isObject(value) && Object.hasOwn(value, segment)) value = value[segment];
    else return undefined;
  }
  return value ?? undefined;
}
