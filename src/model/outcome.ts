import type { FailureClass } from "./errors.ts";
import type { Change, Target } from "./plan.ts";
import type { Hint } from "./hints.ts";

/**
 * What became of one change. `unknown`: a write may have landed and could not be found; `blocked`: something it needs
 * failed; `stale`: the live object is not what the plan saw; `skipped`: the run ended before it started.
 */
export type OutcomeStatus = "done" | "kept" | "held" | "failed" | "blocked" | "stale" | "unknown" | "skipped";

export interface Outcome {
  readonly change: Change;
  readonly status: OutcomeStatus;
  /** The live uuid afterwards, where there is one. */
  readonly uuid?: string;
  readonly failure?: Failure;
  /** Something that went right and should still be read: a value the server did not keep, a slow entry. */
  readonly warnings: readonly string[];
  readonly durationMs: number;
}

export interface Failure extends Partial<Hint> {
  readonly class: FailureClass;
  readonly message: string;
}

/** The record of one apply, complete also when it was interrupted. */
export interface Report {
  readonly target: Target;
  readonly outcomes: readonly Outcome[];
  readonly isInterrupted: boolean;
  /** HTTP requests sent, retries included. */
  readonly requests: number;
  readonly startedAt: string;
  readonly durationMs: number;
}
