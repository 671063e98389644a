/**
 * Timestamps in ISO 8601 with microseconds and Z. Each is later than the one before, also within a millisecond, so that
 * "oldest first" never depends on luck.
 */
export function createStamps(now: () => Date): () => string {
  let last = 0;
  return () => {
    last = Math.max(last + 1, now().getTime() * 1000);
    const micros = String(last % 1000).padStart(3, "0");
    return new Date(Math.floor(last / 1000)).toISOString().replace("Z", `${micros}Z`);
  };
}
