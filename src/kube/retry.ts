import { setTimeout as sleep } from "node:timers/promises";
import pRetry from "p-retry";
import { KubeError, type KubeErrorKind } from "./kube-error.ts";

/** What passes by itself within seconds. A server that is down for longer is the caller's to wait for. */
const READ: ReadonlySet<KubeErrorKind> = new Set(["throttled", "network", "timeout", "other"]);
/** "Too many requests" is said before anything was done. */
const WRITE: ReadonlySet<KubeErrorKind> = new Set(["throttled"]);

const ATTEMPTS = 4;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 10_000;

/** Repeats a read, or a write that may be sent twice, while its failure may pass; as late as the server asked for. */
export async function patiently<T>(
  effect: "read" | "write",
  signal: AbortSignal,
  attempt: () => Promise<T>,
): Promise<T> {
  const passing = effect === "read" ? READ : WRITE;
  return pRetry(attempt, {
    retries: ATTEMPTS - 1,
    minTimeout: FIRST_WAIT_MS,
    randomize: true,
    signal,
    shouldRetry: async ({ error, retryDelay }) => {
      if (!(error instanceof KubeError) || !passing.has(error.kind)) return false;
      const asked = error.retryAfterMs ?? 0;
      if (asked > LONGEST_WAIT_MS) return false;
      if (asked > retryDelay) await sleep(asked - retryDelay, undefined, { signal });
      return true;
    },
  });
}
