import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { posix, resolve } from "node:path";
import { SyncError } from "../model/errors.ts";
import type { SourceBytes } from "../model/source.ts";
import { explain } from "./explain.ts";
import { isWithin } from "./real-tree.ts";

/** A file below `root` for reading piece by piece. Throws SyncError where it is missing, no file, or leads out of root. */
export async function openInside(root: string, path: string): Promise<SourceBytes> {
  const { real, size } = await locate(root, path);
  return {
    size,
    async *read() {
      // The file may have been exchanged for a link since it was opened.
      const again = await locate(root, path);
      if (again.real !== real) throw refused(path, "was exchanged while it was used");
      yield* createReadStream(real) as AsyncIterable<Uint8Array>;
    },
  };
}

/** `directory/pattern` with its dots resolved. Throws SyncError where that is not below the root. */
export function insidePattern(directory: string, pattern: string): string {
  if (pattern.startsWith("/")) throw refused(pattern, "is absolute: write it relative to the manifest");
  const joined = posix.join(directory, pattern);
  if (joined === ".." || joined.startsWith("../")) throw refused(pattern, "leads out of the manifest folder");
  return joined;
}

async function locate(root: string, path: string): Promise<{ readonly real: string; readonly size: number }> {
  const inside = insidePattern("", path);
  try {
    const real = await realpath(resolve(root, inside));
    if (!isWithin(root, real)) throw refused(path, "leads out of the manifest folder through a link");
    const found = await stat(real);
    if (!found.isFile()) throw refused(path, found.isDirectory() ? "is a directory" : "is not a plain file");
    return { real, size: found.size };
  } catch (error) {
    if (error instanceof SyncError) throw error;
    throw refused(path, explain(error), error);
  }
}

function refused(path: string, message: string, cause?: unknown): SyncError {
  return new SyncError("invalid_manifest", `${path} ${message}`, {
    remedy: "Files that manifests name are plain files inside the manifest folder, links resolved.",
    ...(cause !== undefined && { cause }),
  });
}
