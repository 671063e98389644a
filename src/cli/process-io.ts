import { once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import { isatty } from "node:tty";
import envPaths from "env-paths";
import type { Io, Output } from "./io.ts";

/** The real process, as commands see it, and the way to let its output leave before the process ends. */
export interface ProcessIo {
  readonly io: Io;
  /** Tells what could not be written, a full disk say; undefined where all has left. */
  readonly flush: () => Promise<Error | undefined>;
}

/** Streams are touched only when something is written: opening one takes longer than printing help. */
export function processIo(stop: AbortSignal): ProcessIo {
  const { env } = process;
  const isCi = isSet(env["CI"]) && env["CI"] !== "false";
  const paths = envPaths("llmstack-sync", { suffix: "" });
  const stdout = stream({ descriptor: 1, isTerminal: isatty(1) && !isCi });
  const stderr = stream({ descriptor: 2, isTerminal: isatty(2) && !isCi });
  const io: Io = {
    stdout: stdout.output,
    stderr: stderr.output,
    readStdin,
    ask: (question) => ask(question, stop),
    env,
    cwd: process.cwd(),
    // env-paths calls XDG_STATE_HOME "log".
    folders: { config: paths.config, state: paths.log, cache: paths.cache },
    isInteractive: isatty(0) && isatty(2) && !isCi,
    stop,
  };
  return {
    io,
    flush: async () => (await Promise.all([stdout.flush(), stderr.flush()])).find((failure) => failure !== undefined),
  };
}

function stream({ descriptor, isTerminal }: { readonly descriptor: 1 | 2; readonly isTerminal: boolean }): {
  readonly output: Output;
  flush(): Promise<Error | undefined>;
} {
  let opened: NodeJS.WriteStream | undefined;
  let failure: Error | undefined;
  const open = (): NodeJS.WriteStream => {
    opened ??= (descriptor === 1 ? process.stdout : process.stderr).on("error", (error: Error) => {
      if (!isClosedPipe(error)) failure ??= error;
    });
    return opened;
  };
  const output = {
    write: (text: string) => void open().write(text),
    isTerminal,
    get columns() {
      // A terminal that does not tell its size says 0.
      return isTerminal && open().columns > 0 ? open().columns : 80;
    },
    hasColor: isTerminal && !isSet(process.env["NO_COLOR"]) && process.env["TERM"] !== "dumb",
  };
  return {
    output,
    flush: async () => {
      await flushed(opened);
      return failure;
    },
  };
}

async function flushed(opened: NodeJS.WriteStream | undefined): Promise<void> {
  if (opened === undefined) return;
  // A write that failed at once tells so a turn later.
  await nextTurn();
  if (opened.writableLength > 0 && !opened.destroyed) {
    await Promise.race([once(opened, "drain"), once(opened, "close")]).catch(() => undefined);
  }
}

/** `plan | head` closes our stdout: the reader has seen enough, and an apply must not stop half way for it. */
function isClosedPipe(error: Error): boolean {
  return "code" in error && error.code === "EPIPE";
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}

async function readStdin(): Promise<string> {
  process.stdin.setEncoding("utf8");
  let text = "";
  for await (const chunk of process.stdin) text += String(chunk);
  return text;
}

async function ask(question: string, stop: AbortSignal): Promise<string> {
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // A terminal in readline's hands turns Ctrl-C into this event instead of a signal.
  terminal.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    return await terminal.question(question, { signal: stop });
  } finally {
    terminal.close();
  }
}
