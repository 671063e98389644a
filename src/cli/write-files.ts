import { mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { SyncError } from "../model/errors.ts";

export interface FileToWrite {
  /** Relative, with `/` between the parts. */
  readonly path: string;
  readonly text: string;
}

export interface WrittenFile {
  readonly path: string;
  readonly status: "new" | "changed" | "unchanged";
}

/**
 * Writes files below `folder`, all or none: what is there and differs is refused unless `overwrite` is "allowed".
 * Throws SyncError, with nothing written where something stands in the way.
 */
export async function writeFiles(
  folder: string,
  files: readonly FileToWrite[],
  { overwrite }: { readonly overwrite: "allowed" | "refused" },
): Promise<readonly WrittenFile[]> {
  const found = await Promise.all(
    files.map(async (file) => ({ file, status: await statusOf(join(folder, file.path), file) })),
  );
  const changed = found.filter(({ status }) => status === "changed").map(({ file }) => file.path);
  if (overwrite === "refused" && changed.length > 0) {
    throw new SyncError("refused", `${folder} holds files that would change: ${listed(changed)}`, {
      remedy: "Export into another folder, or pass --force to overwrite them.",
    });
  }
  for (const { file, status } of found) if (status !== "unchanged") await writeInside(folder, file);
  return found.map(({ file: { path }, status }) => ({ path, status }));
}

async function statusOf(path: string, { text }: FileToWrite): Promise<WrittenFile["status"]> {
  try {
    return (await readFile(path, "utf8")) === text ? "unchanged" : "changed";
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "new";
    throw cannotWrite(path, error);
  }
}

async function writeInside(folder: string, { path, text }: FileToWrite): Promise<void> {
  const target = join(folder, path);
  try {
    await mkdir(dirname(target), { recursive: true });
    // A link among the folders must not lead what is exported somewhere else.
    const [root, parent] = await Promise.all([realpath(folder), realpath(dirname(target))]);
    if (parent !== root && !parent.startsWith(root + sep)) throw new Error("a link leads out of the folder");
    await writeFile(target, text);
  } catch (error) {
    throw cannotWrite(target, error);
  }
}

function cannotWrite(path: string, error: unknown): SyncError {
  const why = error instanceof Error ? error.message : String(error);
  return new SyncError("usage", `cannot write ${path}: ${why}`, { cause: error });
}

function listed(paths: readonly string[]): string {
  const shown = paths.slice(0, 5).join(", ");
  return paths.length > 5 ? `${shown} and ${paths.length - 5} more` : shown;
}
