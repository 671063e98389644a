import { once } from "node:events";

/** Resolves when the signal is aborted. */
export async function untilStopped(stop: AbortSignal): Promise<void> {
  if (!stop.aborted) await once(stop, "abort");
}
