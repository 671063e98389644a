import type { Tried } from "../../follow/next-run.ts";
import { SyncError } from "../../model/errors.ts";
import { hintFor } from "../../model/hints.ts";
import { InvalidManifests } from "../../model/invalid-manifests.ts";
import type { Outcome, Report } from "../../model/outcome.ts";
import type { Plan } from "../../model/plan.ts";
import { REASON_OF } from "./git-sync-reasons.ts";
import type { GitSyncVerdict } from "./git-sync-status.ts";
import { type GitSyncRun, problemsIn } from "./run-git-sync.ts";

export interface Judged {
  readonly tried: Tried;
  readonly verdict: GitSyncVerdict;
}

/** What a run that came to a plan means for the GitSync. Pure. */
export function judgeRun({ plan, drifted, report }: GitSyncRun, revision: string): Judged {
  if (report === undefined)
    return { tried: "refused", verdict: plan.refusals.length > 0 ? refused(plan) : awaiting(plan) };
  const failed = report.outcomes.find(({ status }) => BAD.has(status));
  if (failed !== undefined)
    return { tried: "failed", verdict: { reason: "Failed", message: failureOf(failed, report) } };
  const held = report.outcomes.filter(({ status }) => status === "held");
  const [first] = held;
  if (first?.change.op === "hold") {
    const { detail, ...hint } = first.change.hold;
    const remedy = hintFor(hint, "git-sync") ?? "";
    const others = held.length > 1 ? ` ${held.length - 1} more are held.` : "";
    return {
      tried: "settled",
      verdict: { reason: "Held", message: `${first.change.key}: ${detail} ${remedy}${others}`, drifted },
    };
  }
  const reason = drifted.length > 0 ? "Drifted" : "Synced";
  return { tried: "settled", verdict: { reason, message: `The server matches ${revision}.`, drifted } };
}

const BAD: ReadonlySet<string> = new Set(["failed", "blocked", "stale", "unknown", "skipped"]);

/** What a run that came to no plan means. Anything but a SyncError is a bug, and thrown on. */
export function judgeFailure(error: unknown, revision: string): Judged {
  if (error instanceof InvalidManifests) {
    const count = error.problems.filter(({ severity }) => severity === "error").length;
    const message = `${revision} does not validate (${count} ${count === 1 ? "error" : "errors"}): ${problemsIn(error)}`;
    return { tried: "refused", verdict: { reason: "InvalidManifests", message } };
  }
  if (!(error instanceof SyncError)) throw error;
  const reason = REASON_OF[error.class] ?? "FetchFailed";
  const hint = hintFor(error.hint, "git-sync");
  const message = hint === undefined ? error.message : `${error.message} ${hint}`;
  return { tried: error.class === "refused" ? "refused" : "failed", verdict: { reason, message } };
}

function refused({ refusals }: Plan): GitSyncVerdict {
  const message = refusals.map(({ rule, detail }) => `${rule}: ${detail}`).join("; ");
  return { reason: "Refused", message: `${message} spec.prune and spec.maxDeletes say what may be deleted.` };
}

function awaiting({ digest, counts }: Plan): GitSyncVerdict {
  const { create, update, replace, adopt, prune } = counts;
  const words = `${create} to create, ${update + replace + adopt} to update, ${prune} to delete`;
  return {
    reason: "AwaitingApproval",
    message: `${words}. Annotate llmstack.ai/approve: ${digest} to let exactly this through.`,
  };
}

function failureOf({ change, failure, status }: Outcome, { outcomes }: Report): string {
  const count = outcomes.filter((one) => BAD.has(one.status)).length;
  const more = count > 1 ? ` ${count - 1} more did not succeed.` : "";
  return `${change.key}: ${failure?.message ?? status}.${more}`.replace("..", ".");
}
