import { applyPlan } from "../../cli/apply-plan.ts";
import { EXIT } from "../../cli/exit-codes.ts";
import * as options from "../../cli/options/ci.ts";
import type { Outcome } from "../../model/outcome.ts";
import { isEmptyPlan, type Plan } from "../../model/plan.ts";
import { decide } from "../../pipeline.ts";
import { makePlan } from "../../plan/make-plan.ts";
import { restrictPlan, type Restricted, type StaleChange } from "../../plan/restrict.ts";
import { renderReportMarkdown } from "../../report/report-markdown.ts";
import type { CiRun, DutyResult } from "../ci-run.ts";
import { recordOf, renderReportComment } from "../comment/render-comment.ts";
import { reviewedOf } from "../comment/reviewed.ts";
import { planRevision } from "../plan-revision.ts";
import { planOutputs } from "./finish-review.ts";
import type { Delivery } from "./delivery.ts";
import { appliedCommit, unappliedSince, type Unapplied } from "./records.ts";
import { planFiles } from "./plan-files.ts";
import { refusedDelivery } from "./refused-delivery.ts";
import { tellPulls } from "./tell-pulls.ts";

/**
 * Applies what was reviewed: the fresh plan, less what no merged pull request showed since the revision applied last.
 * Afterwards a plan must have nothing left but what was held.
 */
export async function deliver(run: CiRun): Promise<DutyResult> {
  const commit = await appliedCommit(run);
  const source = await run.revisions.open(commit, run.folder);
  return planRevision(run, source, { lock: "taken" }, async (session) => {
    const unapplied = await unappliedSince(run, commit);
    const restricted = restrictedBy(run, session.plan, unapplied);
    const { flags, log } = run.invocation;
    const mode = flags.get(options.onUnreviewed) ?? "hold";
    const isStopped = mode === "fail" && restricted.stale.length > 0;
    for (const one of restricted.stale) log.warn(`not reviewed: ${unreviewedDetail(one)}`);
    const delivery = { run, session, unapplied, restricted, commit };
    if (session.plan.refusals.length > 0 || isStopped) return refusedDelivery(delivery);
    return carriedOut(delivery);
  });
}

function restrictedBy({ invocation: { flags } }: CiRun, plan: Plan, { pulls }: Unapplied): Restricted {
  if (flags.get(options.onUnreviewed) === "apply") return { plan, stale: [] };
  const records = pulls.flatMap(({ record }) => record ?? []);
  return restrictPlan(plan, reviewedOf(plan, { records, accepted: flags.list(options.accept).flat() }));
}

async function carriedOut(delivery: Delivery): Promise<DutyResult> {
  const { run, session, restricted } = delivery;
  const stale = restricted.stale.map(heldOutcome);
  const applied = await applyPlan({ ...session, plan: restricted.plan }, run.invocation, {
    withoutTerminal: "given",
    stale,
  });
  const leftovers = applied.exitCode === EXIT.ok || applied.exitCode === EXIT.stale ? await leftAfter(delivery) : 0;
  if (leftovers > 0) {
    run.invocation.log.error(
      `a plan after this apply still has ${leftovers} changes that were carried out: this is a bug in llmstack-sync or in the server`,
    );
  }
  const exitCode = leftovers > 0 ? EXIT.partial : applied.exitCode;
  const isDone = exitCode === EXIT.ok || exitCode === EXIT.stale || exitCode === EXIT.refused;
  const record = { ...recordOf(session.plan, delivery.commit, session.read.source.tree), applied: delivery.commit };
  const url = await tellPulls(delivery, {
    record: isDone ? record : undefined,
    render: (frame) => renderReportComment(applied.report, frame),
  });
  return {
    exitCode,
    outputs: {
      ...planOutputs(session.plan),
      outcome: isEmptyPlan(session.plan)
        ? "clean"
        : restricted.stale.length > 0 || exitCode === EXIT.refused
          ? "held"
          : "applied",
      unreviewed: restricted.stale.length,
      tree: session.read.source.tree ?? "",
      revision: session.read.source.revision,
      "comment-url": url,
    },
    summary: renderReportMarkdown(applied.report),
    problems: session.read.list,
    report: applied.report,
    plan: planFiles(session, run),
  };
}

/** Changes of a plan made anew that were to be carried out: none, where everything is as it should be. */
async function leftAfter({ run, session, restricted }: Delivery): Promise<number> {
  const { client, plan, parallelism } = session;
  const { plan: after } = await decide(
    {
      readDesired: () => Promise.resolve(session.read),
      connect: () => Promise.resolve({ client, serverName: plan.target.server }),
      policy: run.policy,
      makePlan,
      sourceName: plan.target.source,
      parallelism,
    },
    run.invocation.io.stop,
  );
  const left = new Set(restricted.stale.map(({ change }) => change.key));
  return after.changes.filter(({ op, key }) => op !== "keep" && op !== "hold" && !left.has(key)).length;
}

/** After a merge no plan is older than this one: what counts is that no pull request has shown the change. */
function unreviewedDetail({ change: { key, op }, reason, detail }: StaleChange): string {
  return reason === "not-reviewed" ? `no merged pull request has shown this ${op} of ${key}.` : detail;
}

function heldOutcome(stale: StaleChange): Outcome {
  const { change } = stale;
  const remedy = `Review it in a pull request, or run by hand with --mode apply --accept ${change.id.slice(0, 12)}.`;
  return {
    change,
    status: "stale",
    failure: { class: "stale_plan", message: unreviewedDetail(stale), remedy },
    warnings: [],
    durationMs: 0,
  };
}
