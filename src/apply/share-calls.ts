/**
 * A call that many ask for at once and that runs once for all of them, one at a time. Whoever asks gets the result of
 * a call that began after the asking, so that it shows what was done before.
 */
export function shareCalls<T>(call: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  let next: Promise<T> | undefined;
  const start = async (): Promise<T> => {
    next = undefined;
    running = call();
    try {
      return await running;
    } finally {
      running = undefined;
    }
  };
  return () => {
    if (running === undefined) next ??= Promise.resolve().then(start);
    else next ??= running.then(start, start);
    return next;
  };
}
