import { EXIT } from "./exit-codes.ts";
import { main } from "./main.ts";
import { processIo } from "./process-io.ts";

/** Runs a command line in this process: a signal stops it, a second one ends it at once. Output has left when it answers. */
export async function runProcess(argv: readonly string[]): Promise<number> {
  const stop = new AbortController();
  const stopped = Promise.withResolvers<number>();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) stopped.resolve(EXIT.interrupted);
      stop.abort(new DOMException(`stopped by ${signal}`, "AbortError"));
    });
  }
  const { io, flush } = processIo(stop.signal);
  const exitCode = await Promise.race([main(argv, io), stopped.promise]);
  const failure = await flush();
  if (failure === undefined) return exitCode;
  process.stderr.write(`error: could not write all of the output: ${failure.message}\n`);
  return exitCode === EXIT.ok || exitCode === EXIT.changes ? EXIT.unexpected : exitCode;
}
