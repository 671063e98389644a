import { SyncError } from "../model/errors.ts";
import type { Failure, Outcome, OutcomeStatus } from "../model/outcome.ts";
import { HINTS } from "../model/hints.ts";

/** How one change ended, without the bookkeeping. */
export type Result = Pick<Outcome, "status" | "uuid" | "failure" | "warnings">;

/** It worked; `uuid` is the live object's, where one is left. */
export function done(uuid?: string, warnings: readonly string[] = []): Result {
  return { status: "done", warnings, ...(uuid !== undefined && { uuid }) };
}

/** The live object is not, or no longer, what the plan was made for. */
export function stale(message: string): SyncError {
  return new SyncError("stale_plan", message, HINTS.newPlan);
}

/** Something was sent, and it is not known whether the server did it. */
export function unclear(message: string, cause?: unknown): SyncError {
  return new SyncError("ambiguous_write", message, { ...HINTS.again, ...(cause !== undefined && { cause }) });
}

/** What an error that ended a change makes of it. A bug becomes a failure too: the report is to be complete. */
export function resultOf(error: unknown, known: Pick<Outcome, "uuid"> = {}): Result {
  const failure = failureOf(error);
  return { ...known, status: STATUS_OF[failure.class] ?? "failed", failure, warnings: [] };
}

/** The same, where something had been written before: that the run ended then is no `skipped`. */
export function halfDone(error: unknown, uuid?: string): Result {
  const result = resultOf(error, uuid === undefined ? {} : { uuid });
  return result.status === "skipped" ? { ...result, status: "failed" } : result;
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof SyncError)) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { class: "internal", message, remedy: "This is a bug: please report it with the command you ran." };
  }
  return {
    class: error.class,
    message: error.message,
    ...error.hint,
  };
}

export function messageOf(error: unknown): string {
  return failureOf(error).message;
}

const STATUS_OF: { readonly [failureClass: string]: OutcomeStatus } = {
  stale_plan: "stale",
  dependency_failed: "blocked",
  cancelled: "skipped",
  ambiguous_write: "unknown",
};
