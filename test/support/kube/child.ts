import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";

export interface Child {
  readonly pid: number;
  /** The end of what it wrote, for error messages. */
  output(): string;
  /** Resolves once `isReady` does to true; rejects with its output when it ends before, or after a minute. */
  until(isReady: () => Promise<boolean>): Promise<void>;
  /** Sends a signal and waits for the end; one that is stopped (SIGSTOP) ends as well. */
  end(signal: NodeJS.Signals): Promise<void>;
  pause(): void;
  resume(): void;
}

/** A program that runs until it is told to end; on Linux it does not outlive this process, whatever ends that. */
export function startChild(program: string, args: readonly string[]): Child {
  const command = [...(process.platform === "linux" ? DIES_WITH_US : []), program, ...args];
  const child = spawn(command[0] ?? program, command.slice(1), { stdio: ["ignore", "pipe", "pipe"] });
  const { pid } = child;
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (more: string) => (text = (text + more).slice(-20_000)));
  }
  const ended = once(child, "exit");
  ended.catch((error: unknown) => (text += String(error)));
  const killAtExit = (): void => void child.kill("SIGKILL");
  process.once("exit", killAtExit);
  child.once("exit", () => process.off("exit", killAtExit));
  if (pid === undefined) throw new Error(`could not start ${program}`);
  return {
    pid,
    output: () => text,
    until: async (isReady) => {
      const deadline = Date.now() + START_MS;
      while (!(await isReady())) {
        if (hasEnded(child)) throw new Error(`${program} ended with ${child.exitCode ?? child.signalCode}:\n${text}`);
        if (Date.now() > deadline) throw new Error(`${program} is not ready after ${START_MS} ms:\n${text}`);
        await setTimeout(50);
      }
    },
    end: async (signal) => {
      if (hasEnded(child)) return;
      child.kill(signal);
      child.kill("SIGCONT");
      await Promise.race([ended, setTimeout(STOP_MS, undefined, { ref: false }).then(() => child.kill("SIGKILL"))]);
      if (!hasEnded(child)) await ended;
    },
    pause: () => void child.kill("SIGSTOP"),
    resume: () => void child.kill("SIGCONT"),
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** It becomes the program, so the pid is that of the program. */
const DIES_WITH_US = ["setpriv", "--pdeathsig", "KILL", "--"];

const START_MS = 60_000;
const STOP_MS = 20_000;
