import { SyncError } from "../model/errors.ts";
import type { Problem } from "../model/problem.ts";
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

/** One failure that names every path that leads to nothing, so that a person mends them in one go. */
export function mistypedError(obstacles: readonly Obstacle[]): SyncError {
  const lines = [...new Set(obstacles.map(({ path, message }) => `${path} ${message}`))].toSorted();
  const [only = ""] = lines;
  const message = lines.length === 1 ? only : `${lines.length} paths lead to nothing:\n  ${lines.join("\n  ")}`;
  return new SyncError("usage", message, {
    remedy: "Check the paths: they are files, directories or globs, relative to where the command is started.",
  });
}

/** What stands in the way among the files of a folder, as problems beside those that manifests have. */
export function unreadProblems(obstacles: readonly Obstacle[]): readonly Problem[] {
  const problems = obstacles.map(({ path, message }): Problem => ({
    severity: "error",
    code: "file/unreadable",
    message: `${path === "-" ? "standard input" : path} ${message}${/\.(?:ya?ml|json)$/u.test(path) ? ADVICE : ""}`,
    path,
  }));
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()];
}

const ADVICE = ". List it in .llmstackignore if it is no manifest";
