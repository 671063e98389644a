import fastGlob from "fast-glob";
import { SyncError } from "../model/errors.ts";
import { insidePattern } from "./open-inside.ts";
import { findInTree } from "./real-tree.ts";
import type { TreeFiles } from "./tree-files.ts";

interface Glob {
  readonly root: string;
  readonly directory: string;
  readonly pattern: string;
}

/** Paths below `root` of what a glob matches that is written relative to `directory`. Throws SyncError. */
export async function globInside(files: TreeFiles, { root, directory, pattern }: Glob): Promise<readonly string[]> {
  const found = await findInTree(root, {
    pattern: insidePattern(directory === "" ? "" : fastGlob.escapePath(directory), pattern),
    files,
  });
  const [obstacle] = found.obstacles;
  if (obstacle === undefined) return found.files.map(({ path }) => path);
  throw new SyncError("invalid_manifest", `The glob ${pattern} meets ${obstacle.path}, which ${obstacle.message}.`, {
    remedy:
      "Globs in manifests match plain files inside the manifest folder, links resolved: mend it or narrow the glob.",
  });
}
