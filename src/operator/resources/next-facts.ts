import { historyOf } from "../status/change-events.ts";
import type { Binding, Facts, HistoryItem } from "../status/facts.ts";
import { timesInARow } from "./flapping.ts";
import type { SyncOutcome } from "./sync-outcome.ts";

interface Found {
  readonly before: Facts;
  readonly outcome: SyncOutcome;
  readonly binding: Binding;
  /** What was written down before something was made. */
  readonly intent: Facts["pendingCreate"];
  readonly now: string;
  readonly intervalMs: number;
}

/** What the status says of a resource after a run. What is not true yet leaves the last digest and versions standing. */
export function nextFacts({ before, outcome, binding, intent, now, intervalMs }: Found): Facts {
  const { pendingCreate: _, drift: __, isCreated: ___, ...kept } = before;
  const uuid = outcome.uuid ?? before.uuid;
  const isOwn = outcome.isCreated ?? isCreatedBefore(before, outcome);
  return {
    ...kept,
    ...(uuid === undefined ? intended(intent) : { uuid, server: binding }),
    ...(isOwn && { isCreated: true as const }),
    ...(isTrue(outcome) && { refs: outcome.refs, ...digestOf(outcome) }),
    ...driftOf(before, outcome, now),
    history: [
      ...historyOf(outcome.done, { at: now, ...correctionOf(before, outcome, { now, intervalMs }) }),
      ...before.history,
    ],
  };
}

const MOST_PLACES = 20;

function correctionOf(
  { history }: Facts,
  { digest, corrected = [] }: SyncOutcome,
  { now, intervalMs }: Pick<Found, "now" | "intervalMs">,
): Pick<HistoryItem, "digest" | "places" | "times"> {
  if (digest === undefined) return {};
  const places = corrected.slice(0, MOST_PLACES);
  if (places.length === 0) return { digest };
  return { digest, places, times: timesInARow(places, { history, digest, intervalMs, now: Date.parse(now) }) };
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
