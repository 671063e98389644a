import type { DialectRules } from "../../model/dialect.ts";
import { isArray, isObject, type Json, type JsonObject } from "../../model/json.ts";
import type { KindSpec } from "../../model/kind.ts";
import type { LiveResource } from "../../model/live.ts";
import { documentDigest } from "../../model/mark-of.ts";
import { pointer, type Pointer } from "../../model/pointer.ts";
import type { Reference, Template, TemplateObject } from "../../model/template.ts";

/** A document, and where `$ref` stands in it. */
interface Reading {
  readonly document: JsonObject;
  readonly references: ReadonlyMap<Pointer, Reference>;
}

/**
 * Of the manifests that make this live document, the one whose digest the mark holds: with or without what the server
 * adds by itself, with `$ref` or with uuids. Where none fits, the shortest, with `$ref`.
 */
export function asWritten(
  kind: KindSpec,
  { document, mark }: LiveResource,
  references: ReadonlyMap<Pointer, Reference>,
  rules: DialectRules,
): Reading {
  const short = withoutDefaults(kind.kind, document, rules);
  const none: Reading["references"] = new Map();
  const readings: readonly Reading[] = [
    { document: short, references },
    { document, references },
    { document: short, references: none },
    { document, references: none },
  ];
  const fallback = { document: short, references };
  if (mark?.sha256 === undefined) return fallback;
  return (
    readings.find((reading) => documentDigest(kind, { document: templateOf(reading) }) === mark.sha256) ?? fallback
  );
}

function templateOf({ document, references }: Reading): TemplateObject {
  const replaced = (value: Json, at: Pointer): Template => {
    const reference = references.get(at);
    if (reference !== undefined) return reference;
    if (isArray<Json>(value)) return value.map((item, index) => replaced(item, `${at}/${index}`));
    return isObject(value) ? members(value, at) : value;
  };
  const members = (value: JsonObject, at: Pointer): TemplateObject =>
    Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item, at + pointer(key))]));
  return members(document, "");
}

/** What the server gives back unasked needs no line in a manifest. */
function withoutDefaults(kind: string, document: JsonObject, rules: DialectRules): JsonObject {
  const prune = (value: Json, at: Pointer): Json => {
    if (isArray<Json>(value)) return value.map((item, index) => prune(item, `${at}/${index}`));
    return isObject(value) ? members(value, at) : value;
  };
  const members = (value: JsonObject, at: Pointer): JsonObject =>
    Object.fromEntries(
      Object.entries(value)
        .filter(([key, item]) => !rules.isServerDefault(kind, at + pointer(key), item, document))
        .map(([key, item]) => [key, prune(item, at + pointer(key))]),
    );
  return members(document, "");
}
