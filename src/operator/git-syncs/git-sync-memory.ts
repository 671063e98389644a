import type { FollowState, Position, Tried } from "../../follow/next-run.ts";
import { GIT_SYNC_REASONS, type GitSyncReason } from "./git-sync-reasons.ts";
import { commitIn, type GitSyncFacts } from "./git-sync-status.ts";

/** What a process remembers of a GitSync between two looks; a new process reads it from the status. */
export interface GitSyncMemory {
  readonly state: FollowState;
  /** What a person can say without pushing: when it changes, what was tried is tried again. */
  readonly asked: string;
  /** On the monotonic clock; of the last run that compared with the server. */
  readonly ranAt: number | undefined;
}

/** What the status remembers. Nothing was compared yet: that is due at once. */
export function memoryFrom(facts: GitSyncFacts, reason: string | undefined, asked: string): GitSyncMemory {
  const [applied, attempted] = [positionIn(facts.applied), positionIn(facts.attempted)];
  const tried = triedBy(reason);
  return {
    state: {
      ...(applied !== undefined && { applied }),
      ...(attempted !== undefined && tried !== undefined && { attempted: { position: attempted, tried } }),
    },
    asked,
    ranAt: undefined,
  };
}

function positionIn(revision: string | undefined): Position | undefined {
  const commit = commitIn(revision);
  if (revision === undefined || commit === undefined) return undefined;
  const at = revision.lastIndexOf("@");
  return { ref: at < 0 ? commit : revision.slice(0, at), commit };
}

/** What the reason of a condition says of the attempt; nothing where it is about something else. */
function triedBy(reason: string | undefined): Tried | undefined {
  if (reason === undefined || !isReason(reason)) return undefined;
  return TRIED[reason];
}

/** True for a reason that tells what became of the revision, and not of something beside it. */
export function isOfRevision(reason: string | undefined): boolean {
  return triedBy(reason) !== undefined;
}

function isReason(text: string): text is GitSyncReason {
  return Object.hasOwn(GIT_SYNC_REASONS, text);
}

const TRIED: Readonly<Partial<Record<GitSyncReason, Tried>>> = {
  Synced: "settled",
  Drifted: "settled",
  Held: "settled",
  InvalidManifests: "refused",
  HistoryRewritten: "refused",
  AwaitingApproval: "refused",
  Refused: "refused",
  Failed: "failed",
};
