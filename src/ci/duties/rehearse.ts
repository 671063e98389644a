import { EXIT } from "../../cli/exit-codes.ts";
import { styleOf } from "../../cli/style.ts";
import { restrictPlan } from "../../plan/restrict.ts";
import { renderPlanMarkdown } from "../../report/plan-markdown.ts";
import { renderPlanText } from "../../report/plan-text.ts";
import { isEmptyPlan } from "../../model/plan.ts";
import type { CiRun, DutyResult } from "../ci-run.ts";
import { reviewedOf } from "../comment/reviewed.ts";
import type { ReviewRecord } from "../comment/record.ts";
import type { CiEvent } from "../events/event.ts";
import type { ForgeClient } from "../forges/forge.ts";
import { planRevision } from "../plan-revision.ts";
import { planOutputs } from "./finish-review.ts";
import { planFiles } from "./plan-files.ts";
import { recordOn, unappliedSince } from "./records.ts";

/** What was reviewed of all that stands before it in the queue, itself included. */
async function queuedRecords(
  run: CiRun,
  client: ForgeClient,
  { commit, pulls, queue }: MergeGroup,
): Promise<readonly (ReviewRecord | undefined)[]> {
  const numbers = new Set(pulls);
  const refs = queue === undefined ? new Map<string, string>() : await run.revisions.matching(queue);
  for (const [ref, tip] of refs) {
    const number = /\/(?:pr-)?(\d+)(?:-[0-9a-f]+|\/train)$/u.exec(ref)?.[1];
    if (number !== undefined && (await run.revisions.isAncestor(tip, commit))) numbers.add(Number(number));
  }
  return Promise.all([...numbers].map(async (number) => recordOn(client, number, run)));
}

type MergeGroup = Extract<CiEvent, { kind: "merge-group" }>;

/** Plans the very commit that would become the branch: a change that nobody was shown keeps it out of the branch. */
export async function rehearse(run: CiRun, group: MergeGroup): Promise<DutyResult> {
  const { commit, base } = group;
  const source = await run.revisions.open(commit, run.folder);
  return planRevision(run, source, { lock: "none" }, async (session) => {
    const { plan, read } = session;
    const { io, log } = run.invocation;
    const { client } = run;
    const [unapplied, queued] = await Promise.all([
      unappliedSince(run, base),
      client === undefined ? [] : queuedRecords(run, client, group),
    ]);
    const records = [...unapplied.pulls.map(({ record }) => record), ...queued].flatMap((record) => record ?? []);
    const { stale } = restrictPlan(plan, reviewedOf(plan, { records, accepted: [] }));
    io.stdout.write(renderPlanText(plan, { style: styleOf(io.stdout) }));
    for (const { detail } of stale) log.error(`not reviewed: ${detail}`);
    return {
      exitCode: plan.refusals.length > 0 ? EXIT.refused : stale.length > 0 ? EXIT.stale : EXIT.ok,
      outputs: {
        ...planOutputs(plan),
        outcome:
          plan.refusals.length > 0 ? "refused" : stale.length > 0 ? "held" : isEmptyPlan(plan) ? "clean" : "changes",
        unreviewed: stale.length,
        tree: source.tree ?? "",
        revision: source.revision,
      },
      summary: renderPlanMarkdown(plan),
      problems: read.list,
      plan: planFiles(session, run),
    };
  });
}
