import { SyncError } from "../model/errors.ts";

/** The two ways in which a run ends early. Both reasons are SyncError `cancelled`. */
export interface Interrupt {
  /** Fires when nothing new may start. */
  readonly stop: AbortSignal;
  /** Fires when what is in flight is given up too: a grace period after `stop`, or at once when asked twice. */
  readonly hard: AbortSignal;
  /** Lets go of timers and listeners. */
  end(): void;
}

/** Follows the caller's signals until `end`. */
export function followInterrupt(signal: AbortSignal, hardSignal: AbortSignal | undefined, graceMs: number): Interrupt {
  const stop = new AbortController();
  const hard = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onHard = (): void => {
    stop.abort(cancelled());
    hard.abort(cancelled());
  };
  const onStop = (): void => {
    stop.abort(cancelled());
    timer ??= setTimeout(onHard, graceMs);
  };
  follow(signal, onStop);
  if (hardSignal !== undefined) follow(hardSignal, onHard);
  return {
    stop: stop.signal,
    hard: hard.signal,
    end: () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onStop);
      hardSignal?.removeEventListener("abort", onHard);
    },
  };
}

function follow(signal: AbortSignal, onAbort: () => void): void {
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
}

function cancelled(): SyncError {
  return new SyncError("cancelled", "The run was asked to stop.", { remedy: "Run it again to go on." });
}
