import { historyOf } from "../status/change-events.ts";
import type { Binding, Facts } from "../status/facts.ts";
import type { SyncOutcome } from "./sync-outcome.ts";

interface Found {
  readonly before: Facts;
  readonly outcome: SyncOutcome;
  readonly binding: Binding;
  /** What was written down before something was made. */
  readonly intent: Facts["pendingCreate"];
  readonly now: string;
}

/** What the status says of a resource after a run. What is not true yet leaves the last digest and versions standing. */
export function nextFacts({ before, outcome, binding, intent, now }: Found): Facts {
  const { pendingCreate: _, drift: __, isCreated: ___, ...kept } = before;
  const uuid = outcome.uuid ?? before.uuid;
  const isOwn = outcome.isCreated ?? isCreatedBefore(before, outcome);
  return {
    ...kept,
    ...(uuid === undefined ? intended(intent) : { uuid, server: binding }),
    ...(isOwn && { isCreated: true as const }),
    ...(isTrue(outcome) && { refs: outcome.refs, ...digestOf(outcome) }),
    ...driftOf(before, outcome, now),
    history: [...historyOf(outcome.done, now, outcome.digest), ...before.history],
  };
}

/** The server has what the manifest asks for, or had it until somebody changed it. */
export function isTrue({ verdict: { reason } }: SyncOutcome): boolean {
  return reason === "Synced" || reason === "Drifted";
}

function intended(intent: Facts["pendingCreate"]): Pick<Facts, "pendingCreate"> {
  return intent === undefined ? {} : { pendingCreate: intent };
}

/** Clocks of servers and of this process may be so far apart. */
const CLOCKS_APART_MS = 300_000;

/** A create whose end was not written down: what is there now and was made since is what that create made. */
function isCreatedBefore({ isCreated, pendingCreate, uuid: known }: Facts, { uuid, createdAt }: SyncOutcome): boolean {
  if (isCreated) return uuid === undefined || uuid === known;
  if (pendingCreate === undefined || createdAt === undefined) return false;
  return Date.parse(createdAt) >= Date.parse(pendingCreate.at) - CLOCKS_APART_MS;
}

function digestOf({ digest }: SyncOutcome): Pick<Facts, "digest"> {
  return digest === undefined ? {} : { digest };
}

function driftOf(before: Facts, { drift }: SyncOutcome, now: string): Pick<Facts, "drift"> {
  if (drift === undefined) return {};
  return { drift: { detectedAt: before.drift?.detectedAt ?? now, paths: drift.paths } };
}
