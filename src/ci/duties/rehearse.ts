import { EXIT } from "../../cli/exit-codes.ts";
import { styleOf } from "../../cli/style.ts";
import { restrictPlan } from "../../plan/restrict.ts";
import { renderPlanMarkdown } from "../../report/plan-markdown.ts";
import { renderPlanText } from "../../report/plan-text.ts";
import { isEmptyPlan } from "../../model/plan.ts";
import type { CiRun, DutyResult } from "../ci-run.ts";
import { reviewedOf } from "../comment/reviewed.ts";
import type { CiEvent } from "../events/event.ts";
import { planRevision } from "../plan-revision.ts";
import { planOutputs } from "./finish-review.ts";
import { planFiles } from "./plan-files.ts";
import { recordOn, unappliedSince } from "./records.ts";

type MergeGroup = Extract<CiEvent, { kind: "merge-group" }>;

/** Plans the very commit that would become the branch: a change that nobody was shown keeps it out of the branch. */
export async function rehearse(run: CiRun, { commit, base, pulls }: MergeGroup): Promise<DutyResult> {
  const source = await run.revisions.open(commit, run.folder);
  return planRevision(run, source, { lock: "none" }, async (session) => {
    const { plan, read } = session;
    const { io, log } = run.invocation;
    const { client } = run;
    const [unapplied, queued] = await Promise.all([
      unappliedSince(run, base),
      client === undefined ? [] : Promise.all(pulls.map(async (number) => recordOn(client, number, run))),
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
