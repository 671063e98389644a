import { posix } from "node:path";
import { isObject, type JsonObject } from "../model/json.ts";
import type { Pointer } from "../model/pointer.ts";
import type { EntryBody } from "../model/resource.ts";
import { bodyKindOf, fileBody, textBody } from "./entry-body.ts";
import { type LoadedFile, wantedKey } from "./loaded-files.ts";
import type { Manifest } from "./manifest.ts";
import type { Resolution } from "./resolve-directive.ts";
import { problemAt } from "./site.ts";
import { globReads, wantedByGlob } from "./wanted-files.ts";

export interface NamedBody {
  readonly name: string;
  readonly body: EntryBody;
}

/** One item of entriesFrom and where it stands. */
interface EntrySource {
  readonly manifest: Manifest;
  readonly type: string;
  readonly source: JsonObject;
  readonly at: Pointer;
  readonly resolution: Resolution;
}

/** One entry for each file of a glob or each key of a ConfigMap; a source of nothing is a problem unless optional. */
export function entriesFrom(origin: EntrySource): readonly NamedBody[] {
  const { glob, configMap } = origin.source;
  if (typeof glob === "string") return fromGlob(origin, glob);
  const name = isObject(configMap) ? configMap["name"] : undefined;
  return typeof name === "string" ? fromConfigMap(origin, name) : [];
}

function fromGlob(origin: EntrySource, glob: string): readonly NamedBody[] {
  const { manifest, type, source, at, resolution } = origin;
  const want = wantedByGlob(manifest.site, glob, globReads(type));
  if (typeof want === "string") return [];
  const loaded = resolution.files.get(wantedKey(want));
  if (loaded === undefined || "failure" in loaded) {
    const why = loaded === undefined ? "" : `: ${loaded.failure}`;
    complain(origin, `${at}/glob`, `the files of ${glob} cannot be read${why}`);
    return [];
  }
  if (loaded.files.length === 0 && source["optional"] !== true) {
    complain(origin, `${at}/glob`, `no file matches ${glob}; say optional: true if there may be none`);
  }
  return loaded.files.flatMap((file) => {
    const body = "body" in file ? ({ kind: "file", file: file.body } as const) : textOfFile(origin, file);
    return body === undefined ? [] : [{ name: nameOfFile(manifest.site.directory, file.path), body }];
  });
}

/** Relative to the manifest; a file beside or above its folder is named from the root, since servers refuse `..`. */
export function nameOfFile(directory: string, path: string): string {
  const relative = posix.relative(directory, path);
  return relative.startsWith("../") ? path : relative;
}

function textOfFile(origin: EntrySource, { path, text }: Extract<LoadedFile, { text: string }>): EntryBody | undefined {
  if (!text.includes("\0")) return textEntry(origin, "glob", text);
  complain(origin, `${origin.at}/glob`, `${path} is no text: it holds NUL characters`);
  return undefined;
}

function textEntry(
  { manifest, type, at, resolution }: EntrySource,
  field: string,
  text: string,
): EntryBody | undefined {
  return bodyKindOf(type) === "url"
    ? textBody(manifest.site, "url", text.trim(), `${at}/${field}`, resolution)
    : { kind: "content", value: text };
}

function fromConfigMap(origin: EntrySource, name: string): readonly NamedBody[] {
  const { source, at, resolution } = origin;
  const keys = resolution.values.keys(name);
  if ("missing" in keys) {
    if (source["optional"] !== true) complain(origin, `${at}/configMap`, keys.missing, resolution.missingSecrets);
    return [];
  }
  if (keys.length === 0 && source["optional"] !== true) {
    complain(origin, `${at}/configMap`, `the ConfigMap ${name} is empty; say optional: true if it may be`);
  }
  return keys.flatMap((key) => {
    const body = bodyOfKey(origin, name, key);
    return body === undefined ? [] : [{ name: key, body }];
  });
}

function bodyOfKey(origin: EntrySource, name: string, key: string): EntryBody | undefined {
  const { values } = origin.resolution;
  if (bodyKindOf(origin.type) === "file") {
    const bytes = values.bytes("ConfigMap", name, key);
    return "missing" in bytes ? undefined : { kind: "file", file: fileBody(`${name}/${key}`, key, bytes) };
  }
  const text = values.text("ConfigMap", name, key);
  if (typeof text === "string") return textEntry(origin, "configMap", text);
  complain(
    origin,
    `${origin.at}/configMap`,
    `${key} of the ConfigMap ${name} is no text, which entries of type ${origin.type} hold`,
  );
  return undefined;
}

function complain(
  { manifest, resolution }: EntrySource,
  at: Pointer,
  message: string,
  severity: "error" | "warning" = "error",
): void {
  resolution.problems.push(problemAt(manifest.site, at, { severity, code: "entries/source", message }));
}
