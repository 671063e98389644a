import { setTimeout as sleep } from "node:timers/promises";

/** How long an apply waits for what, in milliseconds. */
export interface Patience {
  /** How long a write whose answer was lost is looked for. */
  readonly lookForMs: number;
  /** Between two looks, doubled from the first to the longest. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** How often one write is sent at most, where it is certain that the times before did nothing. */
  readonly attempts: number;
  /** A server that asks to wait longer than this is not waited for. */
  readonly longestRetryAfterMs: number;
  /** How long what is in flight may go on after the run was asked to stop. */
  readonly graceMs: number;
}

/** What design.md 5 asks for. */
export const PATIENCE: Patience = {
  lookForMs: 10_000,
  firstPauseMs: 100,
  longestPauseMs: 2_000,
  attempts: 5,
  longestRetryAfterMs: 120_000,
  graceMs: 10_000,
};

/** Pauses between looks: growing, and each up to a quarter longer by chance, so that runs do not march in step. */
export function* growingPauses({ firstPauseMs, longestPauseMs }: Patience): Generator<number, never> {
  for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) yield pause * (1 + Math.random() / 4);
}

/** Waits; throws the signal's reason as soon as that fires. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}
