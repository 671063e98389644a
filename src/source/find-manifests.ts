import { realpath, stat } from "node:fs/promises";
import { dirname, join, normalize, posix, resolve } from "node:path";
import fastGlob from "fast-glob";
import ignore, { type Ignore } from "ignore";
import { SyncError } from "../model/errors.ts";
import { explain } from "./explain.ts";
import { findInTree, type Found, type Obstacle } from "./real-tree.ts";
import { splitGlob } from "./split-glob.ts";
import { diskFiles, type TreeFiles } from "./tree-files.ts";

const IGNORE_FILE = ".llmstackignore";

/** A manifest file that an argument leads to. */
export interface ManifestPath {
  /** As a person would type it. */
  readonly shown: string;
  readonly real: string;
  /** A real path: what the manifest may refer to is inside. */
  readonly root: string;
  readonly directory: string;
}

interface Findings {
  readonly manifests: readonly ManifestPath[];
  /** What is wrong with the argument itself. */
  readonly mistyped: readonly Obstacle[];
  /** What is wrong with what it leads to. */
  readonly obstacles: readonly Obstacle[];
}

/** Every manifest file that one path (file, directory or glob, relative to `cwd`) stands for. Never throws. */
export async function findManifests(path: string, cwd: string): Promise<Findings> {
  // A shell's variable that nobody set must not read as "everything here".
  if (path.trim() === "") return mistyped(JSON.stringify(path), "is empty");
  const absolute = resolve(cwd, path);
  const kind = await kindOf(absolute);
  if (kind === "directory") return inDirectory(path, absolute);
  if (kind === "file") return asFile(path, absolute);
  return fastGlob.isDynamicPattern(path) ? byGlob(path, cwd) : mistyped(path, kind.missing);
}

async function kindOf(absolute: string): Promise<"directory" | "file" | { readonly missing: string }> {
  try {
    return (await stat(absolute)).isDirectory() ? "directory" : "file";
  } catch (error) {
    return { missing: explain(error) };
  }
}

async function asFile(path: string, absolute: string): Promise<Findings> {
  const root = await realpath(dirname(absolute));
  // A pipe, as a shell makes one of `<(command)`, has no real path.
  const real = await realpath(absolute).catch(() => absolute);
  const manifest = { shown: normalize(path), real, root, directory: "" };
  return { manifests: [manifest], mistyped: [], obstacles: [] };
}

async function inDirectory(path: string, absolute: string): Promise<Findings> {
  return manifestsBelow(path, await realpath(absolute), diskFiles);
}

/** Every manifest file of a folder (a real path) that its .llmstackignore does not name; `base` is how it is shown. */
export async function manifestsBelow(base: string, root: string, files: TreeFiles): Promise<Findings> {
  let rulebook: Ignore | undefined;
  try {
    rulebook = await readRulebook(root, files);
  } catch (error) {
    if (error instanceof SyncError) return blocked(join(base, IGNORE_FILE), error.message);
    throw error;
  }
  const found = await findInTree(root, {
    pattern: "**/*.{yaml,yml,json}",
    isIgnored: rulebook && ((name) => rulebook.ignores(name)),
    files,
  });
  return findings(base, root, found);
}

/** A glob's root is the part of it before the first wildcard. */
async function byGlob(path: string, cwd: string): Promise<Findings> {
  const { base, pattern } = splitGlob(path);
  const root = await realpath(resolve(cwd, base)).catch(() => undefined);
  if (root === undefined) return mistyped(path, "matches no file");
  const found = await findInTree(root, { pattern, files: diskFiles });
  if (found.files.length + found.obstacles.length === 0) return mistyped(path, "matches no file");
  return findings(base, root, found);
}

function findings(base: string, root: string, { files, obstacles }: Found): Findings {
  return {
    manifests: files.map(({ path, real }) => ({ shown: join(base, path), real, root, directory: folderOf(path) })),
    mistyped: [],
    obstacles: obstacles.map(({ path, message }) => ({ path: join(base, path), message })),
  };
}

/** What a folder's .llmstackignore says; undefined where it says nothing. Throws SyncError where it cannot be read. */
export async function readRulebook(root: string, files: TreeFiles): Promise<Ignore | undefined> {
  const path = join(root, IGNORE_FILE);
  const found = await files.stat(path).catch(() => undefined);
  const rules = found?.isFile() === true ? await files.text(path) : { text: "" };
  if ("obstacle" in rules) throw new SyncError("usage", rules.obstacle);
  return rules.text === "" ? undefined : ignore().add(rules.text);
}

/** The same tree, in which the ignore file at `root` says something else. */
export function withIgnoreRules(files: TreeFiles, root: string, rules: string): TreeFiles {
  const path = join(root, IGNORE_FILE);
  const isRules = { isFile: () => true, isDirectory: () => false };
  return {
    realpath: (of) => files.realpath(of),
    stat: async (of) => (of === path ? isRules : files.stat(of)),
    readdir: (of) => files.readdir(of),
    open: (of) => files.open(of),
    text: async (of) => (of === path ? { text: rules } : files.text(of)),
  };
}

function folderOf(path: string): string {
  const folder = posix.dirname(path);
  return folder === "." ? "" : folder;
}

function mistyped(path: string, message: string): Findings {
  return { manifests: [], mistyped: [{ path, message }], obstacles: [] };
}

function blocked(path: string, message: string): Findings {
  return { manifests: [], mistyped: [], obstacles: [{ path, message }] };
}
