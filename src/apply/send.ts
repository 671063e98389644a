import { ApiError, SyncError } from "../model/errors.ts";
import { growingPauses, wait } from "./patience.ts";
import { unclear } from "./result.ts";
import type { Run } from "./run.ts";

/** How one write ended, where it did not fail for good. */
export type Sent<T> =
  { readonly is: "answered"; readonly value: T } | { readonly is: "unclear"; readonly error: SyncError };

/**
 * Sends a write. It is sent again only where it is certain that it did nothing: no connection was made, or the server
 * said "not now" (429). Before it is sent again `look` may find that it is there all the same, or that it may not be
 * sent any more (then it throws). An answer that was lost is the caller's to look for. Throws SyncError; `cancelled`
 * says that nothing was sent.
 */
export async function send<T>(
  run: Run,
  write: (signal: AbortSignal) => Promise<T>,
  look: (refusal: SyncError) => Promise<T | undefined>,
): Promise<Sent<T>> {
  const { interrupt, patience } = run;
  const pauses = growingPauses(patience);
  for (let attempt = 1; ; attempt += 1) {
    interrupt.hard.throwIfAborted();
    try {
      return { is: "answered", value: await write(interrupt.hard) };
    } catch (error) {
      if (isCutOff(error, interrupt.hard)) throw unclear("The run was ended while the request was under way.", error);
      if (!(error instanceof SyncError)) throw error;
      if (error.class === "ambiguous_write") return { is: "unclear", error };
      const pause = attempt < patience.attempts ? pauseBefore(error, pauses.next().value, run) : undefined;
      if (pause === undefined) throw error;
      await wait(pause, interrupt.stop);
      const found = await look(error);
      if (found !== undefined) return { is: "answered", value: found };
    }
  }
}

/** True for the abort itself, not for an answer that came at the same moment. */
function isCutOff(error: unknown, hard: AbortSignal): boolean {
  return hard.aborted && !(error instanceof ApiError);
}

/** Undefined where the same request must not, or need not, be sent once more. */
function pauseBefore(error: SyncError, pause: number, { patience }: Run): number | undefined {
  if (error.class === "unreachable" && error.isRetryable) return pause;
  if (error.class !== "rate_limited") return undefined;
  const asked = error instanceof ApiError ? (error.retryAfterMs ?? pause) : pause;
  return asked <= patience.longestRetryAfterMs ? Math.max(asked, pause) : undefined;
}
