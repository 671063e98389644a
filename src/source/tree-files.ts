import { createReadStream } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { readText, type TextOrObstacle } from "./read-text.ts";

/** An entry of a folder, as node:fs has it. */
export interface FolderEntry {
  readonly name: string;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** Files by absolute path, on the disk or in a tree of Git. Failures are Errors with a `code`, as node:fs throws them. */
export interface TreeFiles {
  /** The path with its links resolved; one that leads out of the tree is outside of its root. */
  realpath(path: string): Promise<string>;
  /** What stands at a real path. */
  stat(path: string): Promise<{ isFile(): boolean; isDirectory(): boolean }>;
  readdir(path: string): Promise<readonly FolderEntry[]>;
  /** The size of a file at a real path, and its bytes as often as they are asked for. */
  open(path: string): Promise<{ readonly size: number; read(): AsyncIterable<Uint8Array> }>;
  /** A whole manifest at a real path. */
  text(path: string): Promise<TextOrObstacle>;
}

export const diskFiles: TreeFiles = {
  realpath: (path) => realpath(path),
  stat: (path) => stat(path),
  readdir: (path) => readdir(path, { withFileTypes: true }),
  open: async (path) => {
    const { size } = await stat(path);
    return { size, read: () => createReadStream(path) as AsyncIterable<Uint8Array> };
  },
  text: readText,
};
