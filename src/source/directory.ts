import { realpath } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { SyncError } from "../model/errors.ts";
import type { Source, SourceFile } from "../model/source.ts";
import { mistypedError, unreadProblems } from "./explain.ts";
import { findManifests, type ManifestPath } from "./find-manifests.ts";
import { globInside } from "./glob-inside.ts";
import { openInside } from "./open-inside.ts";
import { checkText } from "./read-text.ts";
import type { Obstacle } from "./real-tree.ts";
import { diskFiles, type TreeFiles } from "./tree-files.ts";

/** How many files are read before others get their turn. */
const READS_AT_ONCE = 64;

/** Several times what ten thousand apps come to; a home folder given by mistake would fill the memory. */
const MOST_CHARACTERS = 128 * 1024 * 1024;

interface DirectoryOptions {
  readonly cwd: string;
  readonly readStdin: () => Promise<string>;
}

/**
 * The manifests that paths lead to: files, directories (recursive: .yaml, .yml, .json), globs, `-` for standard input.
 * Throws SyncError that names every path which leads to nothing; files that cannot be read as text are problems.
 */
export async function openDirectory(paths: readonly string[], options: DirectoryOptions): Promise<Source> {
  const found = await Promise.all(paths.filter((path) => path !== "-").map((path) => findManifests(path, options.cwd)));
  const mistyped = found.flatMap((finding) => finding.mistyped);
  if (mistyped.length > 0) throw mistypedError(mistyped);
  const manifests = eachFileOnce(found.flatMap((finding) => finding.manifests));
  const [files, stdin] = await Promise.all([
    readManifestFiles(manifests, diskFiles),
    paths.includes("-") ? readStdin(options) : noFiles,
  ]);
  return {
    label: paths.join(" "),
    files: [...files.files, ...stdin.files].toSorted(byPath),
    unread: unreadProblems([...found, files, stdin].flatMap((finding) => finding.obstacles)),
    glob: (root, directory, pattern) => globInside(diskFiles, { root, directory, pattern }),
    open: (root, path) => openInside(diskFiles, root, path),
  };
}

/** What was read, and what could not be. */
export interface Read {
  readonly files: readonly SourceFile[];
  readonly obstacles: readonly Obstacle[];
}

const noFiles: Read = { files: [], obstacles: [] };

/** The texts of manifest files. Throws SyncError where they are far more than manifests come to. */
export async function readManifestFiles(manifests: readonly ManifestPath[], tree: TreeFiles): Promise<Read> {
  const files: SourceFile[] = [];
  const obstacles: Obstacle[] = [];
  let size = 0;
  for (const [index, { shown, real, root, directory }] of manifests.entries()) {
    if (index % READS_AT_ONCE === 0) await setImmediate();
    const result = await tree.text(real);
    if ("obstacle" in result) obstacles.push({ path: shown, message: result.obstacle });
    else files.push({ path: shown, text: result.text, root, directory });
    size += "text" in result ? result.text.length : 0;
    if (size > MOST_CHARACTERS) throw tooMuch(manifests.length);
  }
  return { files, obstacles };
}

function tooMuch(count: number): SyncError {
  return new SyncError("usage", `There are ${count} YAML and JSON files of more than 128 MiB together.`, {
    remedy: "Name the folder that holds the manifests, or leave out the rest with a line in .llmstackignore.",
  });
}

async function readStdin({ cwd, readStdin: read }: DirectoryOptions): Promise<Read> {
  const result = checkText(await read());
  if ("obstacle" in result) return { files: [], obstacles: [{ path: "-", message: result.obstacle }] };
  return { files: [{ path: "-", text: result.text, root: await realpath(cwd), directory: "" }], obstacles: [] };
}

/** A file that several paths lead to keeps the outermost root, which allows it the most. */
function eachFileOnce(manifests: readonly ManifestPath[]): readonly ManifestPath[] {
  const byReal = new Map<string, ManifestPath>();
  for (const manifest of manifests) {
    const known = byReal.get(manifest.real);
    if (known === undefined || manifest.root.length < known.root.length) byReal.set(manifest.real, manifest);
  }
  return [...byReal.values()];
}

function byPath(a: SourceFile, b: SourceFile): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
