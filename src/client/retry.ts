import { setTimeout as sleep } from "node:timers/promises";
import pRetry from "p-retry";
import { ApiError, SyncError } from "../model/errors.ts";

export interface Patience {
  /** Milliseconds from the first try on after which no further one starts. */
  readonly budgetMs: number;
  readonly attempts: number;
  /** Before the second try; doubled each time, and up to twice as long by chance. */
  readonly firstDelayMs: number;
}

/**
 * Repeats what may be repeated (reads, deletes by uuid) while its error says that it may pass: jittered, growing
 * pauses, never shorter than the server asked for. Throws the last error, or the signal's reason.
 */
export async function patiently<T>(patience: Patience, signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
  const start = performance.now();
  try {
    return await pRetry(attempt, {
      retries: patience.attempts - 1,
      minTimeout: patience.firstDelayMs,
      randomize: true,
      maxRetryTime: patience.budgetMs,
      signal,
      shouldRetry: async ({ error, retryDelay }) => {
        if (!(error instanceof SyncError) || !error.isRetryable) return false;
        const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
        if (performance.now() - start + Math.max(asked, retryDelay) > patience.budgetMs) return false;
        await sleep(Math.max(0, asked - retryDelay), undefined, { signal });
        return true;
      },
    });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}
