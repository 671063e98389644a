import { ApiError, type FailureClass } from "../model/errors.ts";
import { type Ask, label, type Wire } from "./ask.ts";
import { mask, oneLine } from "./excerpt.ts";
import { type Hint } from "../model/hints.ts";

interface FailureFacts extends Hint {
  readonly class: FailureClass;
  /** What follows "GET /api/apps ". */
  readonly says: string;
  readonly isRetryable: boolean;
  readonly status?: number;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** The error of one request; neither the token nor anything we sent stands in it. */
export function failure(wire: Wire, ask: Ask, facts: FailureFacts): ApiError {
  const { class: failureClass, says, isRetryable, status = 0, retryAfterMs, cause } = facts;
  return new ApiError(failureClass, `${label(ask)} ${mask(oneLine(says), [wire.token])}`, status, {
    ...masked(facts, wire.token),
    isRetryable,
    ...(cause !== undefined && { cause }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

function masked({ remedy, inCluster, fromGit }: Hint, token: string): Hint {
  return {
    remedy: mask(remedy, [token]),
    ...(inCluster !== undefined && { inCluster: mask(inCluster, [token]) }),
    ...(fromGit !== undefined && { fromGit: mask(fromGit, [token]) }),
  };
}

/**
 * What it means that the answer to this request cannot be used: after a write the server may hold it (to be looked
 * for, never repeated but for a DELETE), after a read something is simply not known.
 */
export function unusableAnswer(ask: Ask): { readonly class: FailureClass; readonly isRetryable: boolean } {
  if (ask.effect === "none")
    return { class: "incomplete_read", isRetryable: ask.method === "GET" || ask.method === "OPTIONS" };
  return { class: "ambiguous_write", isRetryable: ask.method === "DELETE" };
}
