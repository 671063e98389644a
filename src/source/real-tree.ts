import { basename, dirname, join, relative, sep } from "node:path";
import { callbackify } from "node:util";
import fastGlob, { type FileSystemAdapter } from "fast-glob";
import { explain, isMissing } from "./explain.ts";
import type { FolderEntry, TreeFiles } from "./tree-files.ts";

/** A file found under a root: its path from there with `/` between the parts, and where it really is. */
interface FoundFile {
  readonly path: string;
  readonly real: string;
}

export interface Found {
  readonly files: readonly FoundFile[];
  /** What stood in the way: one sentence each, with the path from the root. */
  readonly obstacles: readonly Obstacle[];
}

export interface Obstacle {
  readonly path: string;
  readonly message: string;
}

interface Search {
  /** Relative to the root; `..` may not lead out of it. */
  readonly pattern: string;
  /** True for what is not to be looked at; a folder's path ends in `/`. */
  readonly isIgnored?: ((path: string) => boolean) | undefined;
  readonly files: TreeFiles;
}

/**
 * Files below `root` (a real path) that match, sorted, each once whatever links lead to it. Links are followed while
 * they stay inside; a matching one that leads out, and a folder that cannot be read, is an obstacle and never skipped.
 * Hidden files and node_modules are left out unless the pattern names them.
 */
export async function findInTree(root: string, { pattern, isIgnored, files }: Search): Promise<Found> {
  const tree = new RealTree(root, files, isIgnored);
  const matched = await fastGlob(pattern, {
    cwd: root,
    ignore: ["**/node_modules/**"],
    followSymbolicLinks: false,
    fs: fileSystemOf(tree, files),
  });
  const found: LocatedFile[] = [];
  for (const path of matched) {
    const absolute = join(root, path);
    const real = tree.realOf(absolute) ?? (await files.realpath(absolute));
    found.push({ path, real, isReal: real === absolute });
  }
  const isInside = ({ real }: FoundFile): boolean => isWithin(root, real);
  const outside = found.filter((file) => !isInside(file));
  return {
    files: eachOnce(found.filter(isInside)),
    obstacles: [
      ...tree.obstacles,
      ...outside.map(({ path }) => ({ path, message: "is a link that leads out of here" })),
    ],
  };
}

interface LocatedFile extends FoundFile {
  /** No link leads to it. */
  readonly isReal: boolean;
}

/** True where `path` is `root` or below it; both real paths. */
export function isWithin(root: string, path: string): boolean {
  // Real paths hold no dots, so the look that nearly always suffices is a safe one.
  if (path.startsWith(root) && path[root.length] === sep) return true;
  const from = relative(root, path);
  return from === "" || (from !== ".." && !from.startsWith(`..${sep}`));
}

/**
 * What fast-glob sees of the disk: links look like what they lead to, so that its own following of links, which runs
 * in circles, stays off. A link to a folder is followed, links to folders inside that one are not: no circle is endless.
 */
class RealTree {
  readonly obstacles: Obstacle[] = [];
  readonly #root: string;
  readonly #isIgnored: Search["isIgnored"];
  readonly #files: TreeFiles;
  readonly #folders = new Map<string, string>();
  readonly #links = new Map<string, string>();

  constructor(root: string, files: TreeFiles, isIgnored: Search["isIgnored"]) {
    this.#root = root;
    this.#files = files;
    this.#isIgnored = isIgnored;
  }

  /** Where a path that fast-glob gave really is; undefined for one in a folder that was not listed. */
  realOf(path: string): string | undefined {
    const folder = dirname(path);
    const real = this.#folders.get(folder);
    const target = this.#links.get(path);
    if (target !== undefined || real === undefined) return target;
    return real === folder ? path : join(real, basename(path));
  }

  /** A folder that cannot be read is told of, and looks empty; one that is not there is empty. */
  async entriesOf(folder: string): Promise<readonly FolderEntry[]> {
    try {
      return await this.#read(folder);
    } catch (error) {
      if (!isMissing(error)) this.#report(folder, explain(error));
      return [];
    }
  }

  async #read(folder: string): Promise<readonly FolderEntry[]> {
    const real = await this.#files.realpath(folder);
    if (!isWithin(this.#root, real)) {
      this.#report(folder, "is a link that leads out of here");
      return [];
    }
    this.#folders.set(folder, real);
    const entries = await this.#files.readdir(real);
    const links = entries.filter((entry) => entry.isSymbolicLink());
    const followed = new Map(
      await Promise.all(
        links.map(async (entry) => [entry.name, await this.#follow(join(folder, entry.name), real, entry)] as const),
      ),
    );
    const isInLinkedFolder = real !== folder;
    return entries
      .map((entry) => followed.get(entry.name) ?? entry)
      .filter((entry) => {
        if (isInLinkedFolder && followed.has(entry.name) && entry.isDirectory()) return false;
        return (
          this.#isIgnored === undefined ||
          !this.#isIgnored(this.#pathOf(join(folder, entry.name)) + (entry.isDirectory() ? "/" : ""))
        );
      });
  }

  /** The entry as what its link leads to; a link to nothing counts as a file, so that reading it tells. */
  async #follow(path: string, folder: string, entry: FolderEntry): Promise<FolderEntry> {
    const real = await this.#files.realpath(path).catch(() => undefined);
    const target = real === undefined ? undefined : await this.#files.stat(real).catch(() => undefined);
    if (real !== undefined && target?.isFile()) this.#links.set(path, real);
    return Object.assign(Object.create(entry) as FolderEntry, {
      isSymbolicLink: () => false,
      isFile: () => target?.isFile() ?? true,
      // What a link back to where it stands leads to is being walked already, once for each such link.
      isDirectory: () => target?.isDirectory() === true && !isWithin(real ?? "", folder),
    });
  }

  #report(path: string, message: string): void {
    this.obstacles.push({ path: this.#pathOf(path), message });
  }

  #pathOf(path: string): string {
    return relative(this.#root, path).split(sep).join("/");
  }
}

/** The two calls of node:fs that fast-glob makes here, in its callback form. */
function fileSystemOf(tree: RealTree, files: TreeFiles): Partial<FileSystemAdapter> {
  const readFolder = callbackify(async (folder: string) => tree.entriesOf(folder));
  // Asked for patterns without wildcards; where the file really is is looked up afterwards.
  const statOfTarget = callbackify(async (path: string) => files.stat(path));
  return { readdir: readFolder, lstat: statOfTarget } as unknown as Partial<FileSystemAdapter>;
}

/** Of several ways to one file the real one counts, else the first. */
function eachOnce(files: readonly LocatedFile[]): readonly FoundFile[] {
  const linked = files.filter(({ isReal }) => !isReal).toSorted(byPath);
  const byPlace = new Map(files.filter(({ isReal }) => isReal).map((file) => [file.real, file]));
  for (const file of linked) if (!byPlace.has(file.real)) byPlace.set(file.real, file);
  return [...byPlace.values()].toSorted(byPath);
}

function byPath(a: FoundFile, b: FoundFile): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
