import { isArray, isObject, type Json, type JsonObject } from "../model/json.ts";
import type { KindSpec } from "../model/kind.ts";
import { isSymbolicDirective } from "../model/mark-of.ts";
import { type Pointer, pointer } from "../model/pointer.ts";
import type { DesiredEntry, EntryBody, Origin, Resource } from "../model/resource.ts";
import { symbolic, symbolicObject } from "../model/template.ts";
import { byText } from "./collections.ts";

/**
 * A resource as a plan file carries it: references and secrets symbolic, literal secrets left out and named; the same
 * bytes whatever order its keys and entries came in.
 */
export function resourceToJson(resource: Resource, spec: KindSpec): JsonObject {
  const { document, literalSecrets } = withoutLiteralSecrets(symbolicObject(resource.document), spec);
  const { publish, entries, uuid, takeOver, keepLive, origin } = resource;
  return {
    key: resource.key,
    kind: resource.kind,
    name: resource.name,
    type: resource.type,
    document,
    ...(literalSecrets.length > 0 && { literalSecrets }),
    ...(publish !== undefined && { publish: definedOf({ ...publish }) }),
    ...(entries !== undefined && { entries: entries.toSorted((a, b) => byText(a.name, b.name)).map(entryToJson) }),
    entriesPolicy: resource.entriesPolicy,
    deletionPolicy: resource.deletionPolicy,
    protect: resource.protect,
    ...(uuid !== undefined && { uuid }),
    movedFrom: resource.movedFrom,
    formerSets: resource.formerSets,
    ...(takeOver !== undefined && { takeOver }),
    ...(keepLive !== undefined && { keepLive: [...keepLive] }),
    dependsOn: resource.dependsOn.toSorted(byText),
    ...(origin !== undefined && { origin: originToJson(origin) }),
  };
}

export function originToJson({ path, line, column }: Origin): JsonObject {
  return { path, line, column };
}

function entryToJson({ name, body, metadata, sha256, origin }: DesiredEntry): JsonObject {
  return {
    name,
    body: bodyToJson(body),
    metadata,
    sha256,
    ...(origin !== undefined && { origin: originToJson(origin) }),
  };
}

/** Files by path and digest, texts in place, secrets by their source. */
function bodyToJson(body: EntryBody): JsonObject {
  if (body.kind !== "file") return { kind: body.kind, value: symbolic(body.value) };
  const { path, fileName, size, sha256 } = body.file;
  return { kind: body.kind, path, fileName, size, sha256 };
}

interface Masked {
  readonly document: JsonObject;
  /** Where a literal was left out. */
  readonly literalSecrets: readonly Pointer[];
}

function withoutLiteralSecrets(document: JsonObject, { isSecretPath }: Pick<KindSpec, "isSecretPath">): Masked {
  const literalSecrets: Pointer[] = [];
  const masked = (value: Json, path: Pointer): Json => {
    if (isSymbolicDirective(value)) return value;
    if (isArray<Json>(value)) return value.map((item, index) => masked(item, path + pointer(index)));
    if (isObject(value)) return maskedObject(value, path);
    if (value === null || !isSecretPath(path)) return value;
    literalSecrets.push(path);
    return null;
  };
  const maskedObject = (object: JsonObject, path: Pointer): JsonObject =>
    Object.fromEntries(
      Object.entries(object)
        .toSorted(([a], [b]) => byText(a, b))
        .map(([key, item]) => [key, masked(item, path + pointer(key))]),
    );
  return { document: maskedObject(document, ""), literalSecrets };
}

function definedOf(object: { readonly [key: string]: Json | undefined }): JsonObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
