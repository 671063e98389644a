import { type Asked, readDesired, type Values } from "../pipeline.ts";
import { hasErrors } from "../model/problem.ts";
import { InvalidManifests } from "../model/invalid-manifests.ts";
import type { ProblemList } from "../report/problems/problem-list.ts";
import { problemList } from "../cli/show-problems.ts";
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
