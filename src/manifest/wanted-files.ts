import { posix } from "node:path";
import { isArray, isObject, type Json, own } from "../model/json.ts";
import { pointer } from "../model/pointer.ts";
import type { Problem } from "../model/problem.ts";
import { type WantedFile, wantedKey } from "./loaded-files.ts";
import type { Manifest } from "./manifest.ts";
import { problemAt, type Site } from "./site.ts";

/** Types whose entries are text; the others take files. An unknown type takes text too, the commoner case. */
export function globReads(type: string): WantedFile["as"] {
  return ["file", "pdf", "csv", "archive"].includes(type) ? "bytes" : "text";
}

/** What a `$file` means, or why it cannot be: it must stay inside the root. */
export function wantedByPath(site: Site, path: string, as: WantedFile["as"]): WantedFile | string {
  if (path.includes("\\")) return "a path is written with /, not with \\";
  if (posix.isAbsolute(path) || /^[A-Za-z]:/u.test(path)) return "a path is relative to the manifest, not absolute";
  const joined = posix.normalize(posix.join(site.directory, path));
  if (joined === ".." || joined.startsWith("../")) return `${path} leads out of the manifest folder`;
  return joined.endsWith("/") || joined === "." ? `${path} is a folder` : { root: site.root, path: joined, as };
}

/** What a glob of entriesFrom means, or why it cannot be. */
export function wantedByGlob(site: Site, glob: string, as: WantedFile["as"]): WantedFile | string {
  if (posix.isAbsolute(glob)) return "a glob is relative to the manifest, not absolute";
  return { root: site.root, directory: site.directory, glob, as };
}

/** Every file and glob that manifests ask for, each once; and those that cannot be asked for. */
export function wantedFiles(manifests: readonly Manifest[]): {
  readonly wanted: readonly WantedFile[];
  readonly problems: readonly Problem[];
} {
  const found = manifests.flatMap((manifest) => [...byDirective(manifest), ...byEntriesFrom(manifest)]);
  const problems = found.filter((want): want is Problem => "code" in want);
  const wanted = found.filter((want): want is WantedFile => "root" in want);
  return { wanted: [...new Map(wanted.map((want) => [wantedKey(want), want])).values()], problems };
}

function byDirective({ site, directives }: Manifest): readonly (WantedFile | Problem)[] {
  return directives
    .filter((directive) => directive.name === "$file")
    .map((directive) => {
      const want = wantedByPath(site, directive.argument, directive.as);
      if (typeof want !== "string") return want;
      return problemAt(site, `${directive.pointer}/$file`, { code: "directive/path", message: want });
    });
}

function byEntriesFrom({ site, spec }: Manifest): readonly (WantedFile | Problem)[] {
  const sources = own(spec, "entriesFrom");
  const type = own(spec, "type");
  if (!isArray<Json>(sources)) return [];
  return sources.flatMap((source, index) => {
    const glob = isObject(source) ? source["glob"] : undefined;
    if (typeof glob !== "string") return [];
    const want = wantedByGlob(site, glob, globReads(typeof type === "string" ? type : ""));
    const at = pointer("spec", "entriesFrom", index, "glob");
    return [typeof want === "string" ? problemAt(site, at, { code: "entries/glob", message: want }) : want];
  });
}
