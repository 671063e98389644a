import { SyncError } from "./errors.ts";
import type { Problem } from "./problem.ts";
import type { SourceFile } from "./source.ts";

/** Manifests that cannot be used: every problem of every file, and the files, so that lines can be shown. */
export class InvalidManifests extends SyncError {
  readonly problems: readonly Problem[];
  readonly files: readonly SourceFile[];

  constructor(problems: readonly Problem[], files: readonly SourceFile[]) {
    const errors = problems.filter(({ severity }) => severity === "error").length;
    super("invalid_manifest", `the manifests have ${errors} error${errors === 1 ? "" : "s"}; nothing was sent`);
    this.name = "InvalidManifests";
    this.problems = problems;
    this.files = files;
  }
}
