import type { JsonObject } from "../../model/json.ts";
import { renderPlanText } from "../../report/plan-text.ts";
import type { HistoryItem } from "../status/facts.ts";
import { type GitSyncFacts, planToStatus } from "./git-sync-status.ts";
import type { Judged } from "./judge-run.ts";
import { planInCluster } from "./plan-in-cluster.ts";
import type { GitSyncRun } from "./run-git-sync.ts";

interface Ran {
  readonly what: "advance" | "retry" | "enforce";
  readonly revision: string;
  readonly judged: Judged;
  /** Absent where it came to no plan. */
  readonly run: GitSyncRun | undefined;
  readonly before: GitSyncFacts;
  readonly now: string;
}

/** What a run adds to the status; a run that found nothing to do adds nothing new. Pure. */
export function factsOfRun({ what, revision, judged: { tried }, run, before, now }: Ran): Partial<GitSyncFacts> {
  const item = run === undefined ? undefined : historyItem(run, { what, revision, tried, now });
  return {
    ...(what !== "enforce" && { attempted: revision }),
    ...(tried === "settled" && { applied: revision }),
    ...(run !== undefined && isWorthShowing(run) && { plan: planOf(run, revision, before, now) }),
    ...(item !== undefined && { history: [item, ...before.history] }),
  };
}

function isWorthShowing({ plan, report }: GitSyncRun): boolean {
  return report === undefined || plan.changes.some(({ op }) => op !== "keep");
}

/** A plan that is the same as before was made when it was made first: nothing is written for it. */
function planOf({ plan }: GitSyncRun, revision: string, { plan: before }: GitSyncFacts, now: string): JsonObject {
  const isSame = before?.["digest"] === plan.digest && before["revision"] === revision;
  const at = isSame && typeof before["at"] === "string" ? before["at"] : now;
  return planToStatus(plan, renderPlanText(planInCluster(plan), { style: "plain" }), { revision, at });
}

function historyItem(
  { plan, report }: GitSyncRun,
  { what, revision, tried, now }: Pick<Ran, "what" | "revision" | "now"> & Pick<Judged, "tried">,
): HistoryItem | undefined {
  const done = report?.outcomes.filter(({ status }) => status === "done").length ?? 0;
  if (done === 0) return undefined;
  return {
    at: now,
    op: what === "enforce" ? "correct" : "apply",
    result: tried === "failed" ? "partly failed" : "done",
    digest: plan.digest,
    message: `${done} ${done === 1 ? "change" : "changes"} for ${revision}`,
  };
}
