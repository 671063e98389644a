/** Between two looks at a repository that did not fail. */
const JITTER = 0.1;

const FIRST_RETRY_MS = 15_000;
const LONGEST_RETRY_MS = 30 * 60_000;

interface Pace {
  readonly intervalMs: number;
  /** How many looks in a row have failed, the last one included. */
  readonly failures: number;
  /** What the other side asked to wait for, where it did. */
  readonly retryAfterMs?: number;
  /** From 0 up to 1, another one each time. */
  readonly random: number;
}

/**
 * Milliseconds until the next look: the interval give or take a tenth, so that many followers do not look at once; after
 * failures from 15 seconds up to half an hour, and never sooner than the other side asked for.
 */
export function nextLookMs({ intervalMs, failures, retryAfterMs = 0, random }: Pace): number {
  if (failures === 0) return Math.round(intervalMs * (1 - JITTER + 2 * JITTER * random));
  const backoff = FIRST_RETRY_MS * 2 ** (failures - 1) * (1 + random / 2);
  return Math.max(Math.round(Math.min(backoff, LONGEST_RETRY_MS)), retryAfterMs);
}
