import { annotationOf, generationOf, type KubeObject } from "../../kube/kube-object.ts";
import { SyncError } from "../../model/errors.ts";
import type { Next } from "../controller.ts";
import { conditionIn, shortened } from "../status/conditions.ts";
import { factsOf } from "../status/reasons.ts";
import { statusToJson } from "../status/resource-status.ts";
import { writeStatus } from "../status/status-writer.ts";
import type { Verdict } from "../status/verdict.ts";
import type { Deps } from "./operator-deps.ts";
import type { Visit } from "./visit.ts";

export const RECONCILE_REQUESTED = "llmstack.ai/reconcile-requested-at";

/**
 * Writes the status, tells what is new about it, and says when to look again. It is about the object of the visit, which
 * may have been changed while that took its time: that one is looked at next, and nothing is said of it yet.
 */
export async function settle(visit: Visit, verdict: Verdict, deps: Deps, isParked?: "parked"): Promise<Next> {
  const { type, settings, facts, context } = visit;
  const object = deps.cluster.written.of(visit.object);
  const requested = annotationOf(visit.object, RECONCILE_REQUESTED);
  const handled = requested === undefined ? {} : { handledRequest: requested };
  const { observedGeneration: _, ...kept } = facts;
  const status = statusToJson({
    facts: { ...kept, ...handled },
    ...verdict,
    isSuspended: verdict.reason === "Suspended",
    generation: generationOf(visit.object),
    before: object["status"],
    now: new Date().toISOString(),
  });
  const { ready, next } = factsOf(verdict.reason);
  const { runtime, cluster } = deps;
  if (ready === "False" && isNews(object, verdict)) {
    const { reason, message } = verdict;
    runtime.events.record({ regarding: object, type: "Warning", reason, message, action: "reconcile" });
  }
  await writeStatus({ kube: runtime.kube, written: cluster.written }, { type, object, status }, context.signal);
  if (isParked === "parked" || verdict.reason === "Suspended") return { next: "done" };
  const { retryMs, intervalMs } = settings;
  const isLookedAtAgain = intervalMs > 0;
  if (next === "retried") {
    const error = new SyncError("dependency_failed", verdict.message, { isRetryable: retryMs > 0 });
    return { next: "failed", error, retryMs, ...(isLookedAtAgain && { intervalMs }) };
  }
  return isLookedAtAgain ? { next: "after", ms: intervalMs } : { next: "done" };
}

function isNews({ status }: KubeObject, { reason, message }: Verdict): boolean {
  const before = conditionIn(status, "Ready");
  return before?.["reason"] !== reason || before["message"] !== shortened(message);
}
