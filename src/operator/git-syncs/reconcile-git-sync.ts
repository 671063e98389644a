import type { KubeObject } from "../../kube/kube-object.ts";
import { isBeingDeleted } from "../../kube/kube-object.ts";
import { SyncError } from "../../model/errors.ts";
import type { Reconciler } from "../controller.ts";
import { GitSyncLook, type GitSyncDeps } from "./git-sync-look.ts";
import type { GitSyncMemory } from "./git-sync-memory.ts";
import { type GitSyncSpec, gitSyncSpecOf } from "./git-sync-spec.ts";
import { gitSyncFactsIn } from "./git-sync-status.ts";
import { settleGitSync } from "./settle-git-sync.ts";

/** A first run of a large repository uploads many entries. */
const TIMEOUT_MS = 30 * 60_000;

/** Follows repositories: each GitSync applies what its branch stands for, and keeps it so. */
export function gitSyncReconciler(deps: GitSyncDeps): Reconciler {
  const memories = new Map<string, GitSyncMemory>();
  return {
    name: "gitsync",
    timeoutMs: TIMEOUT_MS,
    reconcile: async ({ namespace, name }, context) => {
      const cached = deps.find(namespace, name);
      if (cached === undefined) return { next: "done" };
      const object = deps.cluster.written.of(cached);
      // What it has applied stays, as with a resource whose deletionPolicy is Orphan.
      if (isBeingDeleted(object)) {
        deps.followers.stop(object.metadata.uid);
        memories.delete(object.metadata.uid);
        return { next: "done" };
      }
      const facts = gitSyncFactsIn(object["status"]);
      const spec = specIn(object);
      if ("message" in spec) {
        deps.followers.stop(object.metadata.uid);
        return settleGitSync({ object, facts, context }, { reason: "InvalidSpec", message: spec.message }, deps);
      }
      return new GitSyncLook({ object, spec, facts, context }, memories, deps).run();
    },
  };
}

function specIn(object: KubeObject): GitSyncSpec | { readonly message: string } {
  try {
    return gitSyncSpecOf(object);
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    return { message: error.message };
  }
}
