import { posix, resolve } from "node:path";
import { SyncError } from "../model/errors.ts";
import type { SourceBytes } from "../model/source.ts";
import { explain } from "./explain.ts";
import { isWithin } from "./real-tree.ts";
import type { TreeFiles } from "./tree-files.ts";

/** A file below `root` for reading piece by piece. Throws SyncError where it is missing, no file, or leads out of root. */
export async function openInside(files: TreeFiles, root: string, path: string): Promise<SourceBytes> {
  const real = await locateInside(files, root, path);
  const opened = await files.open(real);
  return {
    size: opened.size,
    async *read() {
      // The file may have been exchanged for a link since it was opened.
      const again = await locateInside(files, root, path);
      if (again !== real) throw refused(path, "was exchanged while it was used");
      yield* opened.read();
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

/** The real path of a file below `root`. Throws SyncError as `openInside` does. */
export async function locateInside(files: TreeFiles, root: string, path: string): Promise<string> {
  const inside = insidePattern("", path);
  try {
    const real = await files.realpath(resolve(root, inside));
    if (!isWithin(root, real)) throw refused(path, "leads out of the manifest folder through a link");
    const found = await files.stat(real);
    if (!found.isFile()) throw refused(path, found.isDirectory() ? "is a directory" : "is not a plain file");
    return real;
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
