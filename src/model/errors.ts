import type { Hint } from "./hints.ts";

/**
 * What kind of failure it is: one word, stable, for machines. Each has its exit code (`EXIT_OF_CLASS`), and operators
 * use it as a condition's reason.
 */
export type FailureClass =
  | "usage"
  | "invalid_manifest"
  | "auth"
  | "forbidden"
  | "refused"
  | "stale_plan"
  | "lock_held"
  | "unreachable"
  | "unsupported_server"
  | "incomplete_read"
  | "rejected"
  | "rate_limited"
  | "server_error"
  | "ambiguous_write"
  | "not_found"
  | "dependency_failed"
  | "server_rewrote_value"
  | "entry_failed"
  | "cancelled"
  | "internal";

interface SyncErrorOptions extends Partial<Hint> {
  readonly cause?: unknown;
  readonly isRetryable?: boolean;
}

/** A failure that was expected to be possible. Anything else that is thrown is a bug and keeps its stack. */
export class SyncError extends Error {
  readonly class: FailureClass;
  /** What to do next, on the command line: a command, a flag, a place to look. */
  readonly remedy: string | undefined;
  /** The same for everybody who may be told. */
  readonly hint: Partial<Hint>;
  readonly isRetryable: boolean;

  constructor(failure: FailureClass, message: string, options: SyncErrorOptions = {}) {
    const { cause, isRetryable = false, ...hint } = options;
    super(message, cause === undefined ? undefined : { cause });
    this.name = "SyncError";
    this.class = failure;
    this.remedy = hint.remedy;
    this.hint = hint;
    this.isRetryable = isRetryable;
  }
}

/** A server's answer that means no. `status` 0 is for no answer at all. */
export class ApiError extends SyncError {
  readonly status: number;
  /** Milliseconds the server asked to wait, where it did. */
  readonly retryAfterMs: number | undefined;

  constructor(
    failure: FailureClass,
    message: string,
    status: number,
    options: SyncErrorOptions & { readonly retryAfterMs?: number } = {},
  ) {
    super(failure, message, options);
    this.name = "ApiError";
    this.status = status;
    this.retryAfterMs = options.retryAfterMs;
  }
}
