import { canonicalJson, digest, sha256 } from "./digest.ts";
import { isArray, isObject, type Json } from "./json.ts";
import { type DocumentPlace, rootPlace } from "./document-place.ts";
import type { KindSpec } from "./kind.ts";
import type { EntryMark, Mark } from "./mark.ts";
import { pointer, type Pointer } from "./pointer.ts";
import type { DesiredEntry, Resource, ResourceKey } from "./resource.ts";
import {
  isLiteral,
  isTemplateObject,
  Reference,
  SECRET,
  Secret,
  symbolic,
  type Template,
  withEscapedDirective,
} from "./template.ts";

interface Ownership {
  readonly set: string;
  readonly owner?: string | undefined;
  /** Random, for an object that has no mark yet; an earlier mark keeps its own. */
  readonly nonce: string;
  /** The mark that the live object carries, where this is no creation. */
  readonly previous?: Mark;
}

/**
 * The mark that a resource's live object is to carry. Of an earlier mark the nonce and `replaces` stay for good, and
 * `kept` stays as long as the document asks for the same.
 */
export function markOf(spec: KindSpec, resource: Resource, { set, owner, nonce, previous }: Ownership): Mark {
  const sum = documentDigest(spec, resource);
  const secrets = secretsToName(spec, resource);
  return {
    v: 1,
    set,
    ...(owner !== undefined && { owner }),
    key: resource.key,
    sha256: sum,
    nonce: previous?.nonce ?? nonce,
    ...(resource.protect && { protect: true as const }),
    ...(resource.deletionPolicy === "Orphan" && { orphan: true as const }),
    ...(previous?.replaces !== undefined && { replaces: previous.replaces }),
    ...(secrets.length > 0 && { secrets }),
    ...(previous?.kept !== undefined && previous.sha256 === sum && { kept: previous.kept }),
  };
}

/** Where `$env` and `$secret` stand at places that are not known for secrets. */
function secretsToName(spec: KindSpec, { document }: Resource): readonly Pointer[] {
  return isLiteral(document) ? [] : unnamedSecrets(document, "", spec);
}

function unnamedSecrets(value: Template, path: Pointer, spec: KindSpec): readonly Pointer[] {
  if (value instanceof Secret) return spec.isSecretPath(path) ? [] : [path];
  if (isArray<Template>(value))
    return value.flatMap((item, index) => unnamedSecrets(item, path + pointer(index), spec));
  if (!isTemplateObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => unnamedSecrets(item, path + pointer(key), spec));
}

/**
 * Hex sha256 of the document before resolution: references by key, secrets by source, and literals at known secret
 * places left out, because a digest of them would confirm a guess to whoever can read the mark.
 */
export function documentDigest(spec: KindSpec, resource: Pick<Resource, "document">): string {
  const { document } = resource;
  const isAsItCounts = isLiteral(document) && !holdsLiteralSecret(document, rootPlace(spec));
  return digest(isAsItCounts ? document : withoutLiteralSecrets(document, "", spec));
}

/** The key of an entry: its datasource's, then its name. */
export function entryKey(datasource: ResourceKey, name: string): ResourceKey {
  return `${datasource}/entries/${name}` as ResourceKey;
}

/** The mark that a live entry is to carry. */
export function entryMarkOf(datasource: ResourceKey, entry: DesiredEntry, set: string): EntryMark {
  return { set, key: entryKey(datasource, entry.name), sha256: entry.sha256 };
}

/** The name of a live entry where its mark can only stand there: `~` and 10 hex digits behind the wanted name. */
export function entryNameWithMark(name: string, { set, key, sha256: content }: EntryMark): string {
  return `${name}~${sha256(canonicalJson([set, key, content])).slice(0, 10)}`;
}

const NAME_WITH_MARK = /~[0-9a-f]{10}$/u;

/** Sets and keys whose marks count as one resource's: marks of entries never change, so earlier names stay in them. */
export interface EntryOwners {
  readonly sets: readonly string[];
  readonly keys: readonly ResourceKey[];
}

/**
 * Every name that a live entry with exactly this content may have, where its mark can only stand there. A url source
 * names its entry by the url, whatever name it is given.
 */
export function liveEntryNames(entry: DesiredEntry, { sets, keys }: EntryOwners): readonly string[] {
  const marked = sets.flatMap((set) => keys.map((key) => entryNameWithMark(entry.name, entryMarkOf(key, entry, set))));
  return entry.body.kind === "url" && typeof entry.body.value === "string" ? [...marked, entry.body.value] : marked;
}

interface EntryProof {
  /** What the manifest still wants. */
  readonly desired?: readonly DesiredEntry[] | undefined;
  /** Whether the datasource itself is known to be ours: then nobody else gives names there that end in a mark. */
  readonly isProven: boolean;
}

/**
 * Tells the live entries that are surely ours: those with a mark of one of the sets, or, where a name is all there is,
 * those whose content the manifest still wants, and in a datasource of ours those whose name looks like a mark. Anything
 * else there may be anybody's.
 */
export function isSurelyOurs(
  entryMark: "metadata" | "name-suffix",
  owners: EntryOwners,
  { desired = [], isProven }: EntryProof,
): (live: { readonly name: string; readonly mark?: EntryMark }) => boolean {
  if (entryMark === "metadata") return ({ mark }) => mark !== undefined && owners.sets.includes(mark.set);
  const names = new Set(desired.flatMap((entry) => liveEntryNames(entry, owners)));
  return ({ name }) => names.has(name) || (isProven && NAME_WITH_MARK.test(name));
}

/** Sets and keys of one resource, in the set that is synced. */
export function entryOwnersOf(set: string, resource?: Pick<Resource, "key" | "formerSets" | "movedFrom">): EntryOwners {
  if (resource === undefined) return { sets: [set], keys: [] };
  return { sets: [set, ...resource.formerSets], keys: [resource.key, ...resource.movedFrom] };
}

/** True for the symbolic form of a reference or of a secret: it says where from, never what. */
export function isSymbolicDirective(value: Json): boolean {
  if (!isObject(value)) return false;
  const [key = "", ...others] = Object.keys(value);
  return others.length === 0 && DIRECTIVES.has(key);
}

const DIRECTIVES = new Set(["$env", "$secret", "$ref"]);

/** A look before any copy: every plan asks it of every document, and nearly none has one. */
function holdsLiteralSecret(value: Json, place: DocumentPlace): boolean {
  if (isArray<Json>(value)) return value.some((item, index) => holdsLiteralSecret(item, place.in(index)));
  if (!isObject(value)) return value !== null && place.isSecret;
  for (const key of Object.keys(value)) if (holdsLiteralSecret(value[key] ?? null, place.in(key))) return true;
  return false;
}

/** The symbolic form with literal secrets masked. */
function withoutLiteralSecrets(value: Template, path: Pointer, spec: KindSpec): Json {
  if (value instanceof Reference || value instanceof Secret) return symbolic(value);
  if (isArray<Template>(value))
    return value.map((item, index) => withoutLiteralSecrets(item, path + pointer(index), spec));
  if (!isTemplateObject(value)) return value !== null && spec.isSecretPath(path) ? SECRET : value;
  return withEscapedDirective(
    Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, withoutLiteralSecrets(item, path + pointer(key), spec)]),
    ),
  );
}
