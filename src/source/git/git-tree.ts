import { posix, sep } from "node:path";
import { explain } from "../explain.ts";
import type { FolderEntry, TreeFiles } from "../tree-files.ts";
import { decodeText, type TextOrObstacle, tooLarge } from "../read-text.ts";
import type { BlobReader } from "./blob-reader.ts";
import type { TreeEntry } from "./list-tree.ts";

/** Where the tree stands among the paths it is asked for; nothing else is a real path inside. */
export const TREE_ROOT = "/tree";
const OUTSIDE = "/outside";
const MOST_LINKS = 40;
const MOST_TEXT = 10 * 1024 * 1024;
const MOST_LINK = 4096;

type Folder = Map<string, TreeEntry | "folder">;

/** The files of one Git tree, under `TREE_ROOT`. Links are followed by their text and can lead nowhere else. */
export class GitTree implements TreeFiles {
  readonly #folders = new Map<string, Folder>([["", new Map()]]);
  readonly #twins = new Map<string, readonly string[]>();
  readonly #blobs: BlobReader;
  readonly #links: ReadonlyMap<string, Buffer>;

  private constructor(entries: readonly TreeEntry[], blobs: BlobReader, links: ReadonlyMap<string, Buffer>) {
    this.#blobs = blobs;
    this.#links = links;
    for (const entry of entries) this.#add(entry);
  }

  /** Reads what its links lead to, all in one go. */
  static async of(entries: readonly TreeEntry[], blobs: BlobReader): Promise<GitTree> {
    const ids = entries.filter(({ kind }) => kind === "link").map(({ id }) => id);
    return new GitTree(entries, blobs, ids.length === 0 ? new Map() : await blobs.read(ids, MOST_LINK));
  }

  async realpath(path: string): Promise<string> {
    return this.#resolve(path);
  }

  async stat(path: string): Promise<{ isFile(): boolean; isDirectory(): boolean }> {
    const real = this.#resolve(path);
    if (real.startsWith(OUTSIDE)) {
      // Nobody looked there. A name without an ending is a folder's as a rule, and a folder is told of, never skipped.
      const isFolder = !posix.basename(real).includes(".");
      return { isFile: () => !isFolder, isDirectory: () => isFolder };
    }
    const node = this.#at(inner(real));
    if (node !== "folder" && node.kind === "submodule")
      throw new Error("it is a submodule, and those are never fetched");
    return { isFile: () => node !== "folder", isDirectory: () => node === "folder" };
  }

  async readdir(path: string): Promise<readonly FolderEntry[]> {
    const folder = this.#folders.get(inner(this.#resolve(path)));
    if (folder === undefined) throw failure("ENOTDIR", path);
    return [...folder].map(([name, node]) => ({
      name,
      isFile: () => node !== "folder" && node.kind === "file",
      isDirectory: () => node === "folder",
      isSymbolicLink: () => node !== "folder" && node.kind === "link",
    }));
  }

  async open(path: string): Promise<{ readonly size: number; read(): AsyncIterable<Uint8Array> }> {
    const { id } = this.#fileAt(path);
    const twins = this.#twinsOf(inner(this.#resolve(path)));
    if (twins !== undefined) throw new Error(twins);
    const size = await this.#blobs.sizeOf(id);
    const bytesOf = async (): Promise<Uint8Array> =>
      (await this.#blobs.read([id], Number.POSITIVE_INFINITY)).get(id) ?? new Uint8Array();
    if (size < MOST_POINTER && isPointer(Buffer.from(await bytesOf()))) throw new Error(POINTER);
    return {
      size,
      async *read() {
        yield await bytesOf();
      },
    };
  }

  async text(path: string): Promise<TextOrObstacle> {
    let id = "";
    try {
      ({ id } = this.#fileAt(path));
    } catch (error) {
      return { obstacle: explain(error) };
    }
    const twins = this.#twinsOf(inner(this.#resolve(path)));
    if (twins !== undefined) return { obstacle: twins };
    const bytes = (await this.#blobs.read([id], MOST_TEXT)).get(id);
    if (bytes === undefined) return tooLarge();
    return isPointer(bytes) ? { obstacle: POINTER } : decodeText(bytes);
  }

  /** Fetches what these real paths hold, in one go; what is no file is left to who opens it. */
  async prepare(paths: readonly string[], most = MOST_TEXT): Promise<void> {
    const ids = paths.flatMap((path) => this.#idAt(path) ?? []);
    if (ids.length > 0) await this.#blobs.read([...new Set(ids)], most);
  }

  /** Which other names are the same where case and the form of accents do not count; undefined for a name of its own. */
  #twinsOf(path: string): string | undefined {
    const others = (this.#twins.get(folded(path)) ?? []).filter((other) => other !== path);
    return others.length === 0
      ? undefined
      : `has the same name as ${others.join(", ")} where case does not count: rename one`;
  }

  #add(entry: TreeEntry): void {
    const parts = entry.path.split("/");
    const name = parts.pop() ?? "";
    let parent = "";
    for (const part of parts) {
      const path = parent === "" ? part : `${parent}/${part}`;
      this.#folders.get(parent)?.set(part, "folder");
      if (!this.#folders.has(path)) this.#folders.set(path, new Map());
      parent = path;
    }
    this.#folders.get(parent)?.set(name, entry);
    const key = folded(entry.path);
    this.#twins.set(key, [...(this.#twins.get(key) ?? []), entry.path]);
  }

  #idAt(path: string): string | undefined {
    try {
      return this.#fileAt(path).id;
    } catch {
      return undefined;
    }
  }

  #fileAt(path: string): TreeEntry {
    const node = this.#at(inner(this.#resolve(path)));
    if (node === "folder") throw failure("EISDIR", path);
    return node;
  }

  #at(path: string): TreeEntry | "folder" {
    if (this.#folders.has(path)) return "folder";
    const node = this.#folders.get(parentOf(path))?.get(posix.basename(path));
    if (node === undefined) throw failure("ENOENT", path);
    return node;
  }

  /** The path with every link replaced by what it says, step by step: each step is looked up in the tree alone. */
  #resolve(path: string): string {
    const plain = path.split(sep).join("/");
    if (plain.startsWith(`${OUTSIDE}/`)) return plain;
    const real = this.#follow(stepsOf(inner(plain)), MOST_LINKS);
    // What is outside keeps the name that it has inside.
    if (real === undefined) return `${OUTSIDE}/${posix.basename(plain)}`;
    return real.length === 0 ? TREE_ROOT : `${TREE_ROOT}/${real.join("/")}`;
  }

  /** The steps of the real path; undefined where it leads out of the tree. */
  #follow(steps: readonly string[], linksLeft: number): readonly string[] | undefined {
    const done: string[] = [];
    for (const [index, step] of steps.entries()) {
      const rest = steps.slice(index + 1);
      if (step === "..") {
        if (done.pop() === undefined) return undefined;
        continue;
      }
      const target = this.#targetAt([...done, step].join("/"));
      if (target?.startsWith("/") === true) return undefined;
      if (target !== undefined && linksLeft === 0) throw failure("ELOOP", steps.join("/"));
      if (target !== undefined) return this.#follow([...done, ...stepsOf(target), ...rest], linksLeft - 1);
      done.push(step);
    }
    return done;
  }

  /** What a link says; undefined for what is no link. */
  #targetAt(path: string): string | undefined {
    const node = this.#at(path);
    if (node === "folder" || node.kind !== "link") return undefined;
    return this.#links.get(node.id)?.toString("utf8") ?? "/";
  }
}

const MOST_POINTER = 1024;
const POINTER = "is a Git LFS pointer, and LFS files are never fetched: keep the file itself in Git";

function isPointer(bytes: Buffer): boolean {
  return bytes.length < MOST_POINTER && bytes.toString("latin1").startsWith("version https://git-lfs.github.com/spec/");
}

function stepsOf(path: string): string[] {
  return path.split("/").filter((step) => step !== "" && step !== ".");
}

function folded(path: string): string {
  return path.normalize("NFC").toLowerCase();
}

/** The path below the root, "" for the root itself. */
function inner(path: string): string {
  return path === TREE_ROOT ? "" : path.slice(TREE_ROOT.length + 1);
}

function parentOf(path: string): string {
  const parent = posix.dirname(path);
  return parent === "." ? "" : parent;
}

function failure(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
