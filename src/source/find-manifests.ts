import { realpath, stat } from "node:fs/promises";
import { dirname, join, normalize, posix, resolve } from "node:path";
import fastGlob from "fast-glob";
import ignore from "ignore";
import { explain } from "./explain.ts";
import { readText } from "./read-text.ts";
import { findInTree, type Found, type Obstacle } from "./real-tree.ts";
import { splitGlob } from "./split-glob.ts";

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
  const root = await realpath(absolute);
  const rules = await readIgnoreRules(root);
  if ("obstacle" in rules) return blocked(join(path, IGNORE_FILE), rules.obstacle);
  const rulebook = rules.text === "" ? undefined : ignore().add(rules.text);
  const found = await findInTree(root, {
    pattern: "**/*.{yaml,yml,json}",
    isIgnored: rulebook && ((name) => rulebook.ignores(name)),
  });
  return findings(path, root, found);
}

/** A glob's root is the part of it before the first wildcard. */
async function byGlob(path: string, cwd: string): Promise<Findings> {
  const { base, pattern } = splitGlob(path);
  const root = await realpath(resolve(cwd, base)).catch(() => undefined);
  if (root === undefined) return mistyped(path, "matches no file");
  const found = await findInTree(root, { pattern });
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

async function readIgnoreRules(root: string): Promise<{ readonly text: string } | { readonly obstacle: string }> {
  const path = join(root, IGNORE_FILE);
  return (await kindOf(path)) === "file" ? readText(path) : { text: "" };
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
