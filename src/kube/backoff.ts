/** Waits that grow: doubled each time up to a bound, and anything below it by chance, so that many do not come at once. */
export interface Backoff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** The bound of the wait after that many failures, the first being 0. */
function boundOf({ firstMs, longestMs }: Backoff, failures: number): number {
  return Math.min(firstMs * 2 ** Math.min(failures, 40), longestMs);
}

/** "Full jitter": anything from nothing to the bound. */
export function jitteredWait(backoff: Backoff, failures: number, random: () => number = Math.random): number {
  return Math.round(boundOf(backoff, failures) * random());
}

/** The interval, up to a tenth shorter or longer. */
export function jittered(intervalMs: number, random: () => number = Math.random): number {
  return Math.round(intervalMs * (0.9 + 0.2 * random()));
}
