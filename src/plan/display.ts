import { isArray, isObject, type Json, type JsonObject } from "../model/json.ts";
import { type Pointer, pointer } from "../model/pointer.ts";
import { isTemplateObject, Reference, Secret, SECRET, symbolic, type Template } from "../model/template.ts";
import { byText } from "./collections.ts";
import type { CompareScope } from "./compare-scope.ts";

type SecretPlaces = Pick<CompareScope, "isSecret">;

/** A desired value as it may be shown: references by key, secrets and whatever stands at a secret place masked. */
export function shownDesired(value: Template, path: Pointer, places: SecretPlaces): Json {
  if (value instanceof Reference) return { $ref: value.target };
  if (value instanceof Secret || (value !== null && places.isSecret(path))) return SECRET;
  if (isArray<Template>(value)) return value.map((item, index) => shownDesired(item, path + pointer(index), places));
  if (!isTemplateObject(value)) return value;
  return objectOf(value, (item, key) => shownDesired(item, path + pointer(key), places));
}

/** A desired value as a change id counts it: like the shown one, but secrets by where they come from. */
export function symbolicDesired(value: Template, path: Pointer, places: SecretPlaces): Json {
  if (value instanceof Reference || value instanceof Secret) return symbolic(value);
  if (isArray<Template>(value)) return value.map((item, index) => symbolicDesired(item, path + pointer(index), places));
  if (isTemplateObject(value))
    return objectOf(value, (item, key) => symbolicDesired(item, path + pointer(key), places));
  return value !== null && places.isSecret(path) ? SECRET : value;
}

/** A live value as it may be shown: references to managed objects by key, secret places and known secrets masked. */
export function shownLive(value: Json, livePath: Pointer, scope: CompareScope): Json {
  if (value === null) return null;
  const form = scope.liveReferences().get(livePath);
  const target = form === undefined ? undefined : scope.references.keyOf(form, value);
  if (target !== undefined) return { $ref: target };
  if (scope.isSecret(livePath)) return SECRET;
  if (isArray<Json>(value)) return value.map((item, index) => shownLive(item, livePath + pointer(index), scope));
  if (isObject(value)) return objectOf(value, (item, key) => shownLive(item, livePath + pointer(key), scope));
  return typeof value === "string" && scope.isSecretText(value) ? SECRET : value;
}

/**
 * Keys in one order, whatever order they came in; those whose value is null are absent ones. A literal one-key object
 * that looks like a directive gets its `$$`.
 */
function objectOf<Value>(
  object: { readonly [key: string]: Value },
  show: (item: Value, key: string) => Json,
): JsonObject {
  const entries = Object.entries(object)
    .filter(([, item]) => item !== null)
    .toSorted(([a], [b]) => byText(a, b));
  const [first] = entries;
  const isDirectiveLike = entries.length === 1 && first !== undefined && first[0].startsWith("$");
  return Object.fromEntries(entries.map(([key, item]) => [isDirectiveLike ? `$${key}` : key, show(item, key)]));
}
