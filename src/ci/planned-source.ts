import { SyncError } from "../model/errors.ts";
import type { CiRun } from "./ci-run.ts";
import type { PullRequest } from "./events/event.ts";
import { mergedSource } from "./merged-source.ts";
import type { RevisionSource } from "./revisions.ts";

/** What a pull request's branch would be after merging, and what it is compared with. */
export interface Planned {
  readonly source: RevisionSource;
  /** The commit it is compared with; undefined where there is no pull request. */
  readonly base: string | undefined;
  /** Files that merging changes. */
  readonly changed: ReadonlySet<string>;
}

/**
 * The merge result: the forge's own where it has made one, the head where it holds all of the base, else both put
 * together file by file. Throws SyncError of class refused where both sides changed one file.
 */
export async function plannedSource({ revisions, folder }: CiRun, pull: PullRequest): Promise<Planned> {
  const { head, merge, mergeBase } = pull;
  const base = pull.base.commit ?? (await revisions.tip(pull.base.branch));
  if (merge !== undefined && merge !== head && (await isMergeOf(merge, [head, base], revisions))) {
    const [source, changed] = await Promise.all([
      revisions.open(merge, folder, base),
      revisions.changedPaths(base, merge),
    ]);
    return { source, base, changed };
  }
  if (await revisions.isAncestor(base, head)) {
    const [source, changed] = await Promise.all([
      revisions.open(head, folder, base),
      revisions.changedPaths(base, head),
    ]);
    return { source, base, changed };
  }
  if (mergeBase === undefined) throw behind(pull);
  const [ours, theirs] = await Promise.all([
    revisions.changedPaths(mergeBase, head),
    revisions.changedPaths(mergeBase, base),
  ]);
  const both = [...ours].filter((path) => theirs.has(path));
  if (both.length > 0) throw behind(pull, both);
  const [from, onto] = await Promise.all([revisions.open(head, folder, base), revisions.open(base, folder)]);
  return { source: mergedSource({ from, onto, changed: ours, folder }), base, changed: ours };
}

/** The one that an event names may be of an earlier head, or of an earlier base. */
async function isMergeOf(merge: string, sides: readonly string[], revisions: CiRun["revisions"]): Promise<boolean> {
  for (const side of sides) if (!(await revisions.isAncestor(side, merge))) return false;
  return true;
}

function behind({ base: { branch } }: PullRequest, both: readonly string[] = []): SyncError {
  const why =
    both.length === 0 ? "" : `; both sides changed ${both.slice(0, 3).join(", ")}${both.length > 3 ? " and more" : ""}`;
  return new SyncError("refused", `the branch lacks commits of ${branch}, and nobody has made the merge result${why}`, {
    remedy: `Merge ${branch} into the branch, or rebase it.`,
  });
}
