import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Environment } from "../../src/cli/io.ts";

const BIN = new URL("../../src/bin.ts", import.meta.url).pathname;

export interface CliProcess {
  readonly child: ChildProcess;
  /** Resolves as soon as the output so far, both streams, matches; rejects when the process ends before. */
  until(pattern: RegExp): Promise<string>;
  /** The end: exit code (or the signal that killed it) and everything written. */
  readonly ended: Promise<{ readonly code: number | string; readonly stdout: string; readonly stderr: string }>;
}

interface ProcessSetup {
  readonly cwd: string;
  readonly env?: Environment;
  readonly command?: readonly [program: string, ...args: string[]];
}

/** Starts the real program as a process of its own, with no settings of whoever runs the tests. */
export function startCli(argv: readonly string[], { cwd, env = {}, command }: ProcessSetup): CliProcess {
  const [program, ...first] = command ?? [process.execPath, BIN];
  const child = spawn(program, [...first, ...argv], {
    cwd,
    env: { PATH: process.env["PATH"], XDG_CONFIG_HOME: cwd, XDG_STATE_HOME: cwd, XDG_CACHE_HOME: cwd, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const texts = { stdout: "", stderr: "" };
  let onText = (): void => undefined;
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
      onText();
    });
  }
  const ended = once(child, "close").then(([code, signal]: unknown[]) => ({
    code: typeof code === "number" ? code : String(signal),
    ...texts,
  }));
  const until = async (pattern: RegExp): Promise<string> => {
    const found = Promise.withResolvers<string>();
    onText = () => {
      const text = texts.stdout + texts.stderr;
      if (pattern.test(text)) found.resolve(text);
    };
    onText();
    const early = ended.then(({ code, stdout, stderr }) => {
      throw new Error(`ended with ${code} before ${pattern.source}:\n${stdout}${stderr}`);
    });
    early.catch(() => undefined);
    return Promise.race([found.promise, early]);
  };
  return { child, until, ended };
}

/** The command that runs this program with the words given. */
export const CLI_COMMAND: readonly string[] = [process.execPath, BIN];
