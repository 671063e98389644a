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
 * adds by itself, with or without what is empty, with `$ref` or with uuids. Where none fits, without what the server
 * adds, with `$ref`.
 */
export function asWritten(
  kind: KindSpec,
  { document, mark }: LiveResource,
  references: ReadonlyMap<Pointer, Reference>,
  rules: DialectRules,
): Reading {
  const short = withoutDefaults(kind.kind, document, rules);
  const none: Reading["references"] = new Map();
  const fallback = { document: short, references };
  if (mark?.sha256 === undefined) return fallback;
  for (const reading of readingsOf([short, document], [references, none])) {
    if (documentDigest(kind, { document: templateOf(reading) }) === mark.sha256) return reading;
  }
  return fallback;
}

function* readingsOf(
  documents: readonly JsonObject[],
  ways: readonly Reading["references"][],
): Generator<Reading, undefined> {
  for (const references of ways) for (const document of documents) yield { document, references };
  for (const references of ways) {
    for (const document of documents.flatMap(withFewerEmpty)) yield { document, references };
  }
}

/** More than these at once are no document of ours: trying them all would take long. */
const MOST_EMPTY = 6;

/** Servers keep a place for everything: which of the empty ones a manifest stated is anybody's guess. */
function withFewerEmpty(document: JsonObject): readonly JsonObject[] {
  const entries = Object.entries(document);
  const empty = entries.filter(([, value]) => isEmpty(value)).map(([key]) => key);
  if (empty.length > MOST_EMPTY) return [];
  const subsets = empty.reduce<readonly (readonly string[])[]>(
    (found, key) => found.flatMap((keys) => [[...keys, key], keys]),
    [[]],
  );
  return subsets.map((gone) => Object.fromEntries(entries.filter(([key]) => !gone.includes(key))));
}

function isEmpty(value: Json): boolean {
  if (isArray<Json>(value)) return value.length === 0;
  return value === "" || (isObject(value) && Object.keys(value).length === 0);
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
