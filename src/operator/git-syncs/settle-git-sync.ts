import { annotationOf, generationOf, type KubeObject } from "../../kube/kube-object.ts";
import { SyncError } from "../../model/errors.ts";
import type { Next, ReconcileContext } from "../controller.ts";
import type { Deps } from "../resources/operator-deps.ts";
import { RECONCILE_REQUESTED } from "../resources/settle.ts";
import { conditionIn, shortened } from "../status/conditions.ts";
import { writeStatus } from "../status/status-writer.ts";
import { GIT_SYNC } from "./git-sync-type.ts";
import { GIT_SYNC_REASONS } from "./git-sync-reasons.ts";
import { type GitSyncFacts, gitSyncStatusToJson, type GitSyncVerdict } from "./git-sync-status.ts";

interface Settling {
  readonly object: KubeObject;
  readonly facts: GitSyncFacts;
  readonly context: ReconcileContext;
}

const LONGEST_RETRY_MS = 600_000;

/** Writes the status where it says something new, tells what is new about it, and says when to look again. */
export async function settleGitSync(
  { object: seen, facts, context }: Settling,
  verdict: GitSyncVerdict,
  { runtime, cluster }: Pick<Deps, "runtime" | "cluster">,
): Promise<Next> {
  const object = cluster.written.of(seen);
  const requested = annotationOf(seen, RECONCILE_REQUESTED);
  const { observedGeneration: _, ...kept } = facts;
  const status = gitSyncStatusToJson({
    facts: { ...kept, ...(requested !== undefined && { handledRequest: requested }) },
    verdict,
    generation: generationOf(seen),
    before: object["status"],
    now: new Date().toISOString(),
  });
  const { reason, message } = verdict;
  const { ready, next } = GIT_SYNC_REASONS[reason];
  const before = conditionIn(object["status"], "Ready");
  const isNews = before?.["reason"] !== reason || before["message"] !== shortened(message);
  if (ready === "False" && isNews) {
    runtime.events.record({
      regarding: object,
      type: "Warning",
      reason,
      message: shortened(message),
      action: "follow",
    });
  }
  await writeStatus(
    { kube: runtime.kube, written: cluster.written },
    { type: GIT_SYNC, object, status },
    context.signal,
  );
  if (next !== "retried") return { next: "done" };
  const error = new SyncError("dependency_failed", message, { isRetryable: true });
  return { next: "failed", error, retryMs: LONGEST_RETRY_MS };
}
