import type { DialectRules } from "../../model/dialect.ts";
import { isArray, isJson, isObject, type Json, jsonEqual, type JsonObject } from "../../model/json.ts";
import type { KindSpec } from "../../model/kind.ts";
import type { LiveResource } from "../../model/live.ts";
import { documentDigest } from "../../model/mark-of.ts";
import { type Pointer, pointerSegments } from "../../model/pointer.ts";
import type { ResourceKey } from "../../model/resource.ts";
import type { ExportKey } from "./export-keys.ts";

/**
 * Which places of a live document become `$ref`, and to what: those that name another exported object and hold nothing
 * more than `$ref` would build. None where the mark's digest says that the manifest had the uuids in clear.
 */
export function exportReferences(
  kind: KindSpec,
  { document, mark }: LiveResource,
  keys: ReadonlyMap<string, ExportKey>,
  rules: DialectRules,
): ReadonlyMap<Pointer, ResourceKey> {
  const found = kind.references(document).flatMap(({ pointer, form, kind: targetKind }) => {
    const value = valueAt(document, pointer);
    const uuid = value === undefined ? undefined : rules.parseReference(form, value);
    const target = uuid === undefined ? undefined : keys.get(uuid);
    if (uuid === undefined || value === undefined || target?.key.startsWith(`${targetKind}/`) !== true) return [];
    return sameOnTheWire(value, rules.formatReference(form, { uuid })) ? [[pointer, target.key] as const] : [];
  });
  const isLiteral = mark?.sha256 !== undefined && mark.sha256 === documentDigest(kind, { document });
  return new Map(isLiteral ? [] : found);
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
