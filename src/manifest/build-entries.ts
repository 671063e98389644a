import { isArray, isObject, type Json, type JsonObject, own } from "../model/json.ts";
import { entryDigest } from "../model/entry-digest.ts";
import { type Pointer, pointer } from "../model/pointer.ts";
import type { DesiredEntry, EntryBody } from "../model/resource.ts";
import { entriesFrom, type NamedBody } from "./entries-from.ts";
import { type BodyKind, bodyKindOf, fileBody, textBody } from "./entry-body.ts";
import type { FoundDirective } from "./find-directives.ts";
import type { Manifest } from "./manifest.ts";
import { loadedFile, report, type Resolution, resolveText } from "./resolve-directive.ts";
import { placeName, problemAt } from "./site.ts";

/** The manifest whose entries are built. */
interface Building {
  readonly manifest: Manifest;
  readonly type: string;
  readonly directives: ReadonlyMap<Pointer, FoundDirective>;
  readonly resolution: Resolution;
}

interface PlacedEntry {
  readonly entry: DesiredEntry;
  readonly at: Pointer;
}

/** The entries that a manifest asks for; undefined where it says nothing of entries. Problems go to `resolution`. */
export function buildEntries(
  manifest: Manifest,
  type: string,
  resolution: Resolution,
): readonly DesiredEntry[] | undefined {
  const written = own(manifest.spec, "entries") ?? null;
  const sources = own(manifest.spec, "entriesFrom") ?? null;
  if (written === null && sources === null) return undefined;
  const directives = new Map(manifest.directives.map((directive) => [directive.pointer, directive]));
  const building: Building = { manifest, type, directives, resolution };
  const entries = [
    ...objectsOf(written).flatMap((entry, index) => writtenEntry(building, entry, pointer("spec", "entries", index))),
    ...objectsOf(sources).flatMap((source, index) => {
      const at = pointer("spec", "entriesFrom", index);
      return entriesFrom({ manifest, type, source, at, resolution }).map((named) => place(manifest, named, source, at));
    }),
  ];
  return eachNameOnce(building, entries);
}

function objectsOf(value: Json): readonly JsonObject[] {
  return isArray<Json>(value) ? value.filter((item) => isObject(item)) : [];
}

function writtenEntry(building: Building, entry: JsonObject, at: Pointer): readonly PlacedEntry[] {
  const { manifest, type, resolution } = building;
  const name = own(entry, "name");
  const given = (["content", "url", "file"] as const).find((field) => (own(entry, field) ?? null) !== null);
  if (typeof name !== "string" || given === undefined) return [];
  const wanted = bodyKindOf(type);
  if (wanted !== undefined && wanted !== given) {
    const message = `an entry of type ${type} takes ${wanted}, not ${given}`;
    const problem = { part: "key" as const, code: "entries/wrong-field", message, suggestion: wanted };
    resolution.problems.push(problemAt(manifest.site, `${at}/${given}`, problem));
    return [];
  }
  const body = writtenBody(building, given, own(entry, given) ?? null, `${at}/${given}`);
  return body === undefined ? [] : [place(manifest, { name, body }, entry, at)];
}

function writtenBody(building: Building, kind: BodyKind, value: Json, at: Pointer): EntryBody | undefined {
  const { manifest, directives, resolution } = building;
  const directive = directives.get(at);
  if (kind === "file") return directive === undefined ? undefined : bytesOf(manifest, directive, resolution);
  if (directive === undefined)
    return typeof value === "string" ? textBody(manifest.site, kind, value, at, resolution) : undefined;
  const text = directive.name === "$ref" ? undefined : resolveText(manifest.site, directive, resolution);
  return text === undefined ? undefined : textBody(manifest.site, kind, text, at, resolution);
}

function bytesOf({ site }: Manifest, directive: FoundDirective, resolution: Resolution): EntryBody | undefined {
  if (directive.name === "$file") {
    const file = loadedFile(site, directive, resolution);
    return file !== undefined && "body" in file ? { kind: "file", file: file.body } : undefined;
  }
  if (directive.name !== "$configMap") return undefined;
  const { name, key } = directive.argument;
  const bytes = resolution.values.bytes("ConfigMap", name, key);
  if (!("missing" in bytes)) return { kind: "file", file: fileBody(`${name}/${key}`, key, bytes) };
  report(site, directive, resolution, bytes.missing, resolution.missingSecrets);
  return undefined;
}

function place({ site }: Manifest, { name, body }: NamedBody, from: JsonObject, at: Pointer): PlacedEntry {
  const stated = own(from, "metadata");
  const metadata = isObject(stated) ? stated : {};
  return {
    at,
    entry: {
      name,
      body,
      metadata,
      sha256: entryDigest({ name, body, metadata }),
      // Found only when somebody asks, because finding it costs another look at the file.
      get origin() {
        const { line, column } = site.find(at, "value");
        return { path: site.path, line, column };
      },
    },
  };
}

/** Names are keys within a datasource, and parts of paths on real servers. */
function eachNameOnce(
  { manifest: { site }, resolution }: Building,
  entries: readonly PlacedEntry[],
): readonly DesiredEntry[] {
  const seen = new Map<string, PlacedEntry>();
  for (const { entry, at } of entries) {
    const first = seen.get(entry.name);
    const where = first?.entry.origin;
    if (first === undefined || where === undefined) seen.set(entry.name, { entry, at });
    else {
      const message = `the entry ${entry.name} stands here twice, first at ${placeName(where)}`;
      resolution.problems.push(problemAt(site, at, { code: "entries/duplicate", message }));
    }
    if (entry.name.split("/").includes("..")) {
      const message = `the name ${entry.name} holds .., which servers refuse`;
      resolution.problems.push(problemAt(site, at, { code: "entries/name", message }));
    }
  }
  return [...seen.values()].map(({ entry }) => entry);
}
