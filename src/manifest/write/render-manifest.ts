import { isArray, isObject, type Json, type JsonObject, own } from "../../model/json.ts";
import { pointer, type Pointer } from "../../model/pointer.ts";
import type { Problem } from "../../model/problem.ts";
import { API_VERSION } from "../api-version.ts";
import { nameOfFile } from "../entries-from.ts";
import { bodyKindOf } from "../entry-body.ts";
import type { FoundDirective } from "../find-directives.ts";
import { type LoadedFile, type LoadedFiles, type WantedFile, wantedKey } from "../loaded-files.ts";
import type { Manifest } from "../manifest.ts";
import { problemAt } from "../site.ts";
import { globReads, wantedByGlob, wantedByPath } from "../wanted-files.ts";
import type { ValuePlace, ValueStore } from "./render-values.ts";

/** What a manifest is made self-contained with. */
export interface Rendering {
  readonly files: LoadedFiles;
  /** The content of every file that was loaded as bytes, by sha256. */
  readonly bytes: ReadonlyMap<string, Uint8Array>;
  /** metadata.name of the Secret whose keys stand for environment variables. */
  readonly secretName: string;
  /** Of the manifest, by where they stand. */
  readonly directives: ReadonlyMap<Pointer, FoundDirective>;
  readonly store: ValueStore;
  readonly variables: Set<string>;
  readonly problems: Problem[];
}

/** Longer entries would make the resource too large for kubectl. */
const MAX_INLINE = 16 * 1024;

const MAX_ENTRIES = 1000;

/** What Kubernetes writes there itself. */
const SET_BY_KUBERNETES = new Set([
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "finalizers",
  "generateName",
  "generation",
  "managedFields",
  "ownerReferences",
  "resourceVersion",
  "selfLink",
  "uid",
]);

/** The manifest with nothing left in it that only a command line can follow. Problems go to `rendering`. */
export function renderManifest(manifest: Manifest, rendering: Rendering): JsonObject {
  const { entries, entriesFrom, ...spec } = manifest.spec;
  const written = [
    ...writtenEntries(manifest, entries ?? null, rendering),
    ...entriesOfGlobs(manifest, entriesFrom ?? null, rendering),
  ];
  if (written.length > MAX_ENTRIES) {
    const message = `${written.length} entries are more than the ${MAX_ENTRIES} that a resource may have: split the datasource`;
    rendering.problems.push(problemAt(manifest.site, "/spec", { code: "render/too-many-entries", message }));
  }
  const sources = isArray<Json>(entriesFrom) ? entriesFrom.filter((source) => globOf(source) === undefined) : [];
  const saysEntries = isArray(entries ?? null) || isArray(entriesFrom ?? null);
  return {
    apiVersion: API_VERSION,
    kind: manifest.kind,
    metadata: metadataOf(manifest),
    spec: {
      ...renderObject(manifest, spec, "/spec", rendering),
      ...((written.length > 0 || (saysEntries && sources.length === 0)) && { entries: written }),
      ...(sources.length > 0 && { entriesFrom: sources.map(withoutNulls) }),
    },
  };
}

function metadataOf({ name, body }: Manifest): JsonObject {
  const metadata = own(body, "metadata");
  const kept = isObject(metadata)
    ? Object.entries(metadata).filter(([key, value]) => value !== null && !SET_BY_KUBERNETES.has(key))
    : [];
  return { ...Object.fromEntries(kept), name };
}

function renderValue(manifest: Manifest, value: Json, at: Pointer, rendering: Rendering): Json {
  if (isArray<Json>(value)) {
    return value.map((item, index) => renderValue(manifest, item, `${at}/${index}`, rendering));
  }
  if (!isObject(value)) return value;
  const directive = rendering.directives.get(at);
  return directive === undefined
    ? renderObject(manifest, value, at, rendering)
    : renderDirective(manifest, directive, value, rendering);
}

function renderObject(manifest: Manifest, value: JsonObject, at: Pointer, rendering: Rendering): JsonObject {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [key, renderValue(manifest, item, at + pointer(key), rendering)]),
  );
}

function renderDirective(
  manifest: Manifest,
  directive: FoundDirective,
  written: JsonObject,
  rendering: Rendering,
): JsonObject {
  if (directive.name === "$env") {
    rendering.variables.add(directive.argument);
    return { $secret: { name: rendering.secretName, key: directive.argument } };
  }
  if (directive.name !== "$file") return written;
  const [file] = loaded(wantedByPath(manifest.site, directive.argument, directive.as), rendering);
  const place = file === undefined ? undefined : put(manifest, file, directive.pointer, rendering);
  return place === undefined ? written : { $configMap: { ...place } };
}

function writtenEntries(manifest: Manifest, entries: Json, rendering: Rendering): readonly JsonObject[] {
  if (!isArray<Json>(entries)) return [];
  return entries.flatMap((entry, index) => {
    const at = pointer("spec", "entries", index);
    if (!isObject(entry)) return [];
    const rendered = renderObject(manifest, entry, at, rendering);
    const content = own(rendered, "content");
    if (typeof content !== "string" || Buffer.byteLength(content) <= MAX_INLINE) return [rendered];
    const name = own(rendered, "name");
    const file = { path: `${typeof name === "string" ? name : String(index)}.txt`, text: content };
    const place = put(manifest, file, at, rendering);
    return [place === undefined ? rendered : { ...rendered, content: { $configMap: { ...place } } }];
  });
}

function entriesOfGlobs(manifest: Manifest, sources: Json, rendering: Rendering): readonly JsonObject[] {
  if (!isArray<Json>(sources)) return [];
  return sources.flatMap((source, index) => {
    const glob = globOf(source);
    if (glob === undefined || !isObject(source)) return [];
    const type = own(manifest.spec, "type");
    const wanted = wantedByGlob(manifest.site, glob, globReads(typeof type === "string" ? type : ""));
    const metadata = own(source, "metadata") ?? null;
    return loaded(wanted, rendering).flatMap((file) => {
      const body = entryBody(manifest, file, pointer("spec", "entriesFrom", index, "glob"), rendering);
      const name = nameOfFile(manifest.site.directory, file.path);
      return body === undefined ? [] : [{ name, ...body, ...(metadata !== null && { metadata }) }];
    });
  });
}

function entryBody(manifest: Manifest, file: LoadedFile, at: Pointer, rendering: Rendering): JsonObject | undefined {
  const type = own(manifest.spec, "type");
  const kind = bodyKindOf(typeof type === "string" ? type : "") ?? "content";
  if (kind === "url") return { url: "text" in file ? file.text.trim() : "" };
  const place = put(manifest, file, at, rendering);
  return place === undefined ? undefined : { [kind]: { $configMap: { ...place } } };
}

function put(manifest: Manifest, file: LoadedFile, at: Pointer, rendering: Rendering): ValuePlace | undefined {
  const content = "text" in file ? file.text : rendering.bytes.get(file.body.sha256);
  if (content === undefined) throw new TypeError(`the bytes of ${file.path} were not given`);
  const place = rendering.store.put(file.path, content);
  if (place !== undefined) return place;
  const message = `${file.path} is larger than the 1 MiB that a ConfigMap holds`;
  rendering.problems.push(problemAt(manifest.site, at, { code: "render/too-large", message }));
  return undefined;
}

function loaded(wanted: WantedFile | string, { files }: Rendering): readonly LoadedFile[] {
  const found = typeof wanted === "string" ? undefined : files.get(wantedKey(wanted));
  return found !== undefined && "files" in found ? found.files : [];
}

function globOf(source: Json): string | undefined {
  const glob = isObject(source) ? source["glob"] : undefined;
  return typeof glob === "string" ? glob : undefined;
}

function withoutNulls(value: Json): Json {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null));
}
