import { createInterface } from "node:readline/promises";
import envPaths from "env-paths";
import type { Io, Output } from "./io.ts";

/** The real process. Signals and broken pipes are wired by bin.ts. */
export function processIo(stop: AbortSignal): Io {
  const { env } = process;
  const isCi = isSet(env["CI"]) && env["CI"] !== "false";
  const paths = envPaths("llmstack-sync", { suffix: "" });
  return {
    stdout: output(process.stdout, isCi),
    stderr: output(process.stderr, isCi),
    readStdin,
    ask: (question) => ask(question, stop),
    env,
    cwd: process.cwd(),
    // env-paths calls XDG_STATE_HOME "log".
    folders: { config: paths.config, state: paths.log },
    isInteractive: process.stdin.isTTY && process.stderr.isTTY && !isCi,
    stop,
  };
}

function output(stream: NodeJS.WriteStream, isCi: boolean): Output {
  const isTerminal = stream.isTTY && !isCi;
  return {
    write: (text) => {
      stream.write(text);
    },
    isTerminal,
    get columns() {
      return stream.columns ?? 80;
    },
    hasColor: isTerminal && !isSet(process.env["NO_COLOR"]) && process.env["TERM"] !== "dumb",
  };
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
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // A terminal in readline's hands turns Ctrl-C into this event instead of a signal.
  terminal.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    return await terminal.question(question, { signal: stop });
  } finally {
    terminal.close();
  }
}
