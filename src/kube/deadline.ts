/**
 * A signal for one piece of work that fires with the given one or after `ms`, until `end`: a process' signal outlives
 * millions of requests, and would collect a listener of each. Throws the reason of one that has fired already.
 */
export function deadline(signal: AbortSignal, ms: number): { readonly signal: AbortSignal; end(): void } {
  signal.throwIfAborted();
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  const timer = setTimeout(() => {
    controller.abort(new DOMException(`it took longer than ${ms / 1000} s`, "TimeoutError"));
  }, ms);
  return {
    signal: controller.signal,
    end: () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    },
  };
}
