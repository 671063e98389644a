import * as options from "../../cli/options/ci.ts";
import type { CiRun } from "../ci-run.ts";
import { recordIn, type ReviewRecord } from "../comment/record.ts";
import { ownComments } from "../comment/settle-comment.ts";
import type { ForgeClient, MergedPull } from "../forges/forge.ts";

/** What was reviewed and is not applied yet. */
export interface Unapplied {
  /** Merged pull requests on the way to the commit, the one merged last first, with what their comment remembers. */
  readonly pulls: readonly UnappliedPull[];
  /** The revision applied last; undefined where nothing tells. */
  readonly applied: string | undefined;
}

export interface UnappliedPull extends MergedPull {
  readonly record: ReviewRecord | undefined;
}

/** How many merged pull requests are looked at where none says that it was applied. */
const MOST_PULLS = 30;

/**
 * Walks back over the merged pull requests to the one whose comment says that it was applied: a run that was skipped or
 * failed leaves none out. Throws SyncError where the forge does not answer: what was reviewed is not known then.
 */
export async function unappliedSince(run: CiRun, commit: string): Promise<Unapplied> {
  const { client, invocation, revisions, branch } = run;
  const since = invocation.flags.get(options.since);
  if (client === undefined) return { pulls: [], applied: since };
  const merged = await client.mergedPulls(branch, invocation.io.stop);
  const pulls: UnappliedPull[] = [];
  for (const pull of merged.slice(0, MOST_PULLS)) {
    // Merged later than what this run is about: a later run's.
    if (!(await revisions.isAncestor(pull.commit, commit))) continue;
    if (since !== undefined && (await revisions.isAncestor(pull.commit, since))) return { pulls, applied: since };
    const record = await recordOn(client, pull.number, run);
    if (record?.applied !== undefined) return { pulls, applied: record.applied };
    pulls.push({ ...pull, record });
  }
  return { pulls, applied: since };
}

/** What our comment on a pull request remembers. */
export async function recordOn(
  client: ForgeClient,
  number: number,
  { key, invocation: { io } }: Pick<CiRun, "key" | "invocation">,
): Promise<ReviewRecord | undefined> {
  const [comment] = ownComments(await client.comments(number, io.stop), key);
  return comment === undefined ? undefined : recordIn(comment.body, key);
}

/** The commit of the branch that is applied: the event's, where it is of that branch, else the newest. */
export async function appliedCommit({ event, revisions, branch }: CiRun): Promise<string> {
  const isOfBranch = "branch" in event && event.branch === branch && event.commit !== undefined;
  return isOfBranch ? event.commit : revisions.tip(branch);
}
