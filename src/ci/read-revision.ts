import { type Asked, readDesired, type Values } from "../pipeline.ts";
import { hasErrors } from "../model/problem.ts";
import { InvalidManifests } from "../model/invalid-manifests.ts";
import type { ProblemList } from "../report/problems/problem-list.ts";
import { problemList } from "../cli/show-problems.ts";
import { SyncError } from "../model/errors.ts";
import type { CiRun } from "./ci-run.ts";
import type { RevisionSource } from "./revisions.ts";

/** Manifests of a revision, with everything there is to say about them. */
export interface ReadRevision extends Asked {
  readonly source: RevisionSource;
  readonly list: ProblemList;
}

/** Reads the manifests of a revision; problems are in the answer. */
export async function readRevision(source: RevisionSource, values: Values): Promise<ReadRevision> {
  const asked = await readDesired(source, values);
  return { ...asked, source, list: problemList({ problems: asked.problems, files: source.files }) };
}

/** Throws InvalidManifests where a problem is an error. */
export function requireSound({ problems, source }: ReadRevision): void {
  if (hasErrors(problems)) throw new InvalidManifests(problems, source.files);
}

/** What is wanted where there is no folder yet. */
export const NOTHING_BEFORE: Asked = { desired: new Map(), problems: [], notes: [] };

/** What a base revision wants; nothing where it has no such folder, which a pull request brings then. */
export async function readBase(
  { revisions, folder }: Pick<CiRun, "revisions" | "folder">,
  commit: string,
  values: Values,
): Promise<Asked> {
  try {
    return await readRevision(await revisions.open(commit, folder), values);
  } catch (error) {
    if (error instanceof SyncError && error.class === "refused") return NOTHING_BEFORE;
    throw error;
  }
}
