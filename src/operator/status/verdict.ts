import { SyncError } from "../../model/errors.ts";
import { type Hint, hintFor } from "../../model/hints.ts";
import type { Outcome } from "../../model/outcome.ts";
import { REASON_OF_FAILURE, REASON_OF_HOLD, type Reason } from "./reasons.ts";

/** What became of a resource, as its Ready condition says it. */
export interface Verdict {
  readonly reason: Reason;
  readonly message: string;
}

/** Of everything that was done, or not, for one resource and its entries. */
export function verdictOf(outcomes: readonly Outcome[], synced: string): Verdict {
  const failed = outcomes.find(({ status }) => BAD.has(status));
  if (failed !== undefined) return verdictOfFailed(failed);
  const held = outcomes.filter(({ change }) => change.op === "hold").toSorted((a, b) => rank(a) - rank(b));
  const main = held.find(({ change }) => change.subject === "resource" && isOfManifest(change));
  const [hold] = main === undefined ? held.filter(({ change }) => change.subject === "entry") : [main];
  if (hold?.change.op === "hold") {
    const { detail, reason, ...hint } = hold.change.hold;
    return { reason: REASON_OF_HOLD[reason], message: sentence(detail, hint) };
  }
  const [beside] = held;
  const note = beside?.change.op === "hold" ? ` ${beside.change.hold.detail}` : "";
  return { reason: "Synced", message: `${synced}${note}` };
}

/** Of a run that came to nothing, for every resource in it. */
export function verdictOfError(error: unknown): Verdict {
  if (!(error instanceof SyncError)) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { reason: "InternalError", message };
  }
  return { reason: REASON_OF_FAILURE[error.class], message: sentence(error.message, error.hint) };
}

const BAD: ReadonlySet<string> = new Set(["failed", "blocked", "stale", "unknown", "skipped"]);

function verdictOfFailed({ change, failure, status }: Outcome): Verdict {
  if (failure === undefined) return { reason: "Reconciling", message: `${change.key} was not come to (${status}).` };
  return { reason: REASON_OF_FAILURE[failure.class], message: sentence(failure.message, failure) };
}

/** A copy that somebody made carries the mark too; it is not what the manifest is about. */
function isOfManifest(change: Outcome["change"]): boolean {
  return "desired" in change && change.desired !== undefined;
}

function rank({ change }: Outcome): number {
  return change.subject === "resource" ? 0 : 1;
}

function sentence(message: string, hint: Partial<Hint>): string {
  const what = hintFor(hint, "cluster");
  if (what === undefined) return message;
  return /[.!?]$/u.test(message) ? `${message} ${what}` : `${message}. ${what}`;
}
