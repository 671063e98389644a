import type { DialectRules } from "../../model/dialect.ts";
import { isArray, isJson, isObject, type Json, jsonEqual, type JsonObject } from "../../model/json.ts";
import type { KindSpec } from "../../model/kind.ts";
import { type Pointer, pointerSegments } from "../../model/pointer.ts";
import { Reference } from "../../model/template.ts";
import type { ExportKey } from "./export-keys.ts";

/**
 * Which places of a live document can be written as `$ref`: those that name another exported object and hold nothing
 * more than `$ref` would build.
 */
export function exportReferences(
  kind: KindSpec,
  document: JsonObject,
  keys: ReadonlyMap<string, ExportKey>,
  rules: DialectRules,
): ReadonlyMap<Pointer, Reference> {
  const found = kind.references(document).flatMap(({ pointer, form, kind: targetKind }) => {
    const value = valueAt(document, pointer);
    const uuid = value === undefined ? undefined : rules.parseReference(form, value);
    const target = uuid === undefined ? undefined : keys.get(uuid);
    if (uuid === undefined || value === undefined || target?.key.startsWith(`${targetKind}/`) !== true) return [];
    return sameOnTheWire(value, rules.formatReference(form, target.target))
      ? [[pointer, new Reference(target.key, form)] as const]
      : [];
  });
  return new Map(found);
}

/** Some references are a JSON text, where only its content counts. */
function sameOnTheWire(live: Json, built: Json): boolean {
  return jsonEqual(parsed(live), parsed(built));
}

function parsed(value: Json): Json {
  if (typeof value !== "string") return value;
  try {
    const inner: unknown = JSON.parse(value);
    return isJson(inner) ? inner : value;
  } catch {
    return value.toLowerCase();
  }
}

function valueAt(document: JsonObject, at: Pointer): Json | undefined {
  return pointerSegments(at).reduce<Json | undefined>((value, segment) => {
    if (isArray<Json>(value)) return value[Number(segment)];
    return isObject(value) && Object.hasOwn(value, segment) ? value[segment] : undefined;
  }, document);
}
