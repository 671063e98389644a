import { isArray, isObject, type Json, type JsonObject, own } from "../model/json.ts";
import { isTemplateObject, Reference, Secret, type Template, type TemplateObject } from "../model/template.ts";
import { byText } from "./collections.ts";
import { keyedPairs } from "./compare-keyed.ts";
import { type CompareScope, type Place, placeIn, ROOT } from "./compare-scope.ts";
import type { Difference } from "./difference.ts";
import { differenceAt, isExplained } from "./difference-at.ts";
import { shownDesired, symbolicDesired } from "./display.ts";
import { isSame, keyFieldAt } from "./same.ts";
import { holdsRotated, holdsSecret } from "./secret-values.ts";

/**
 * Where a live document is not what the desired one stands for: null keys are absent keys, numbers count by value, key
 * order does not matter, lists are in order or matched by a field, an empty value at the top is an absent one.
 */
export function compareDocument(desired: TemplateObject, live: JsonObject, scope: CompareScope): readonly Difference[] {
  if (isSame(desired, live, scope)) return [];
  return compareObjects(withoutEmpty(desired), withoutEmpty(live), ROOT, scope);
}

/** Every top-level place of a document that is to be created. */
export function describeDocument(
  desired: TemplateObject,
  scope: Pick<CompareScope, "isSecret">,
): readonly Difference[] {
  return Object.entries(desired)
    .filter(([, value]) => value !== null)
    .toSorted(([a], [b]) => byText(a, b))
    .map(([key, value]) => {
      const { path } = placeIn(ROOT, key);
      const symbolic = symbolicDesired(value, path, scope);
      return { field: { pointer: path, after: shownDesired(value, path, scope) }, symbolic, about: "document" };
    });
}

function compareObjects(
  desired: TemplateObject,
  live: JsonObject,
  place: Place,
  scope: CompareScope,
): readonly Difference[] {
  const keys = new Set([...Object.keys(desired), ...Object.keys(live)]);
  return [...keys]
    .toSorted(byText)
    .flatMap((key) =>
      compareAt(own(desired, key) ?? undefined, own(live, key) ?? undefined, placeIn(place, key), scope),
    );
}

/** Absent and null are one here; lists, where they are two, compare their items themselves. */
function compareAt(
  desired: Template | undefined,
  live: Json | undefined,
  place: Place,
  scope: CompareScope,
): readonly Difference[] {
  if (isInSync(desired, live, place, scope)) return [];
  if (isPartlyKept(desired, live, place, scope)) {
    return compareObjects(objectOr(desired), isObject(live) ? live : {}, place, scope);
  }
  const isWhole = desired instanceof Reference || desired instanceof Secret || scope.isSecret(place.path);
  if (!isWhole && isArray<Template>(desired) && isArray<Json>(live)) return compareLists(desired, live, place, scope);
  if (!isWhole && isTemplateObject(desired) && isObject(live)) return compareObjects(desired, live, place, scope);
  return [differenceAt(desired, live, place, scope)];
}

function objectOr(desired: Template | undefined): TemplateObject {
  return isTemplateObject(desired) ? desired : {};
}

/** One side has nothing here, and something below is to stay as it is live. */
function isPartlyKept(
  desired: Template | undefined,
  live: Json | undefined,
  { path }: Place,
  { keepLive = [] }: CompareScope,
): boolean {
  const isObjectAlone = desired === undefined ? isObject(live) : live === undefined && isTemplateObject(desired);
  return isObjectAlone && keepLive.some((kept) => kept.startsWith(`${path}/`));
}

function isInSync(desired: Template | undefined, live: Json | undefined, place: Place, scope: CompareScope): boolean {
  if (scope.keepLive?.includes(place.path)) return true;
  if (desired !== undefined && holdsRotated(desired, scope)) return live !== undefined && isSame(desired, live, scope);
  if (live === undefined) return desired === undefined || isExplained(desired, live, place, scope);
  if (desired !== undefined) return isSame(desired, live, scope) || isExplained(desired, live, place, scope);
  const isDefault = scope.rules.isServerDefault(scope.spec.kind, place.livePath, live, scope.document);
  return isDefault || isExplained(desired, live, place, scope);
}

function compareLists(
  desired: readonly Template[],
  live: readonly Json[],
  place: Place,
  scope: CompareScope,
): readonly Difference[] {
  const field = keyFieldAt(scope.spec, place.path);
  const keyed = field === undefined ? undefined : keyedPairs(desired, live, field);
  if (keyed === undefined) {
    // Items may have moved and a secret may be another one by now: which live text was one cannot be told.
    const inside = desired.some(holdsSecret) ? { ...scope, isSecretText: () => true } : scope;
    return Array.from({ length: Math.max(desired.length, live.length) }, (_, index) => index).flatMap((index) =>
      compareItem(desired[index], live[index], placeIn(place, index), inside),
    );
  }
  const items = keyed.pairs.flatMap(({ desiredIndex, liveIndex }) =>
    compareItem(
      desiredIndex === undefined ? undefined : desired[desiredIndex],
      liveIndex === undefined ? undefined : live[liveIndex],
      placeIn(place, desiredIndex ?? liveIndex ?? 0, liveIndex ?? desiredIndex ?? 0),
      scope,
    ),
  );
  if (keyed.order === undefined) return items;
  const { before, after } = keyed.order;
  return [{ field: { pointer: place.path, before, after }, symbolic: after, about: "document" }, ...items];
}

/** In a list null is a value like any other. */
function compareItem(
  desired: Template | undefined,
  live: Json | undefined,
  place: Place,
  scope: CompareScope,
): readonly Difference[] {
  if (scope.keepLive?.includes(place.path)) return [];
  const isValueMissing = desired === undefined || live === undefined || desired === null || live === null;
  if (!isValueMissing) return compareAt(desired, live, place, scope);
  if (desired === live || isExplained(desired, live, place, scope)) return [];
  return [differenceAt(desired, live, place, scope)];
}

function withoutEmpty<Value>(object: { readonly [key: string]: Value }): { readonly [key: string]: Value } {
  const entries = Object.entries(object);
  return entries.some(([, value]) => isEmpty(value))
    ? Object.fromEntries(entries.filter(([, value]) => !isEmpty(value)))
    : object;
}

/** Nothing, as a top-level place of a document can hold it. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (isArray<unknown>(value)) return value.length === 0;
  return isObject(value) && isPlain(value) && Object.keys(value).length === 0;
}

function isPlain(value: unknown): boolean {
  return !(value instanceof Reference) && !(value instanceof Secret);
}
