import { once } from "node:events";
import { EXIT } from "./exit-codes.ts";
import { main } from "./main.ts";
import { processIo } from "./process-io.ts";

/** Runs a command line in this process: wires signals and pipes, and answers the exit code once output has left. */
export async function runProcess(argv: readonly string[]): Promise<number> {
  const stop = new AbortController();
  const stopped = Promise.withResolvers<number>();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) stopped.resolve(EXIT.interrupted);
      stop.abort(new DOMException(`stopped by ${signal}`, "AbortError"));
    });
  }
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);
  const exitCode = await Promise.race([main(argv, processIo(stop.signal)), stopped.promise]);
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  return exitCode;
}

/** `plan | head` closes our stdout: the reader has seen enough, and an apply must not stop half way for it. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

async function flushed(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.writableLength === 0 || stream.destroyed) return;
  await Promise.race([once(stream, "drain"), once(stream, "close")]).catch(() => undefined);
}
