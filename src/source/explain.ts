import { SyncError } from "../model/errors.ts";
import type { Obstacle } from "./real-tree.ts";

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  ENOTDIR: "does not exist: a part of the path is a file",
  EACCES: "cannot be read: permission denied",
  EPERM: "cannot be read: permission denied",
  EISDIR: "is a directory",
  ELOOP: "is a link that leads in a circle",
  ENAMETOOLONG: "has too long a name",
  ERR_INVALID_ARG_VALUE: "is not a path that can exist",
};

/** What went wrong with a file, in words; the operating system's own where there are no better ones. */
export function explain(error: unknown): string {
  const code = codeOf(error);
  if (code !== "") return WORDS[code] ?? `cannot be read: ${code}`;
  return error instanceof Error ? `cannot be read: ${error.message}` : "cannot be read";
}

/** True where nothing stands at the path. */
export function isMissing(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** One failure that names everything that stood in the way, so that a person mends it in one go. */
export function obstacleError(failure: "usage" | "invalid_manifest", obstacles: readonly Obstacle[]): SyncError {
  const lines = [...new Set(obstacles.map(({ path, message }) => `${path} ${message}`))].toSorted();
  const [only = ""] = lines;
  const message = lines.length === 1 ? only : `${lines.length} files stand in the way:\n  ${lines.join("\n  ")}`;
  const remedy =
    failure === "usage"
      ? "Check the paths: they are files, directories or globs, relative to where the command is started."
      : "Mend these files, or leave them out with a line in .llmstackignore.";
  return new SyncError(failure, message, { remedy });
}
