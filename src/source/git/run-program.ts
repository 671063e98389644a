import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { SyncError } from "../../model/errors.ts";

export interface ProgramRun {
  readonly program: string;
  readonly args: readonly string[];
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  readonly timeoutMs: number;
  /** Called with each piece of stdout in place of keeping it; what it throws ends the program. */
  readonly onOutput?: (piece: Buffer) => void;
  /** Kept stdout beyond this ends the program. */
  readonly mostOutput?: number;
  /** Looked at twice a second; the failure it answers ends the program. */
  readonly watch?: () => Promise<SyncError | undefined>;
}

export interface ProgramAnswer {
  readonly code: number;
  readonly stdout: Buffer;
  /** The last 16 KiB, as they came. */
  readonly stderr: string;
}

const MOST_OUTPUT = 32 * 1024 * 1024;
const MOST_STDERR = 16 * 1024;
const WATCH_MS = 500;
const GRACE_MS = 2_000;

/**
 * Runs a program in a group of its own, which has no terminal to ask questions on, and ends the whole group when the
 * time is up, `signal` is aborted or this process exits. Throws SyncError: `unreachable` after the timeout.
 */
export async function runProgram(run: ProgramRun, signal: AbortSignal): Promise<ProgramAnswer> {
  signal.throwIfAborted();
  const child = spawn(run.program, run.args, {
    env: run.env,
    stdio: ["pipe", "pipe", "pipe"],
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  const ending = new Ending(child);
  const closed = closeOf(child, run.program);
  const onAbort = (): void => ending.because(signal.reason);
  signal.addEventListener("abort", onAbort);
  const timer = setTimeout(() => ending.because(timedOut(run)), run.timeoutMs);
  const watcher = run.watch === undefined ? undefined : watchWith(run.watch, ending);
  try {
    // A program that ends early closes its input; how it ended says why.
    child.stdin.on("error", () => undefined).end(run.input ?? "");
    const stdout = collect(child.stdout, run, ending);
    const stderr = tailOf(child.stderr);
    const code = await closed;
    ending.throwIfAny();
    return { code, stdout: stdout(), stderr: stderr() };
  } finally {
    clearTimeout(timer);
    clearInterval(watcher);
    signal.removeEventListener("abort", onAbort);
    ending.over();
  }
}

/** The one reason why a program is ended before its time. */
class Ending {
  readonly #child: ChildProcess;
  #reason: { readonly error: unknown } | undefined;
  #force: NodeJS.Timeout | undefined;

  constructor(child: ChildProcess) {
    this.#child = child;
    running.add(child);
    if (running.size === 1) process.on("exit", killAll);
  }

  because(error: unknown): void {
    if (this.#reason !== undefined) return;
    this.#reason = { error };
    kill(this.#child, "SIGTERM");
    this.#force = setTimeout(() => kill(this.#child, "SIGKILL"), GRACE_MS);
  }

  throwIfAny(): void {
    if (this.#reason !== undefined) throw this.#reason.error;
  }

  over(): void {
    clearTimeout(this.#force);
    // Helpers of a program that was ended may outlive it.
    if (this.#reason !== undefined) kill(this.#child, "SIGKILL");
    running.delete(this.#child);
    if (running.size === 0) process.off("exit", killAll);
  }
}

const running = new Set<ChildProcess>();

function killAll(): void {
  for (const child of running) kill(child, "SIGKILL");
}

function kill(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    if (child.pid === undefined) return;
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself.
  }
}

async function closeOf(child: ChildProcess, program: string): Promise<number> {
  try {
    const [code] = (await once(child, "close")) as [number | null];
    return code ?? 128;
  } catch (cause) {
    throw new SyncError(
      "usage",
      `Could not start ${program}: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
        remedy: `Install ${program}, or put the folder it is in into PATH.`,
      },
    );
  }
}

function collect(stream: Readable, run: ProgramRun, ending: Ending): () => Buffer {
  const pieces: Buffer[] = [];
  let size = 0;
  stream.on("data", (piece: Buffer) => {
    if (run.onOutput !== undefined) {
      try {
        run.onOutput(piece);
      } catch (error) {
        ending.because(error);
      }
      return;
    }
    size += piece.length;
    if (size <= (run.mostOutput ?? MOST_OUTPUT)) pieces.push(piece);
    else
      ending.because(
        new SyncError("refused", `${run.program} answered more than ${run.mostOutput ?? MOST_OUTPUT} bytes`),
      );
  });
  return () => Buffer.concat(pieces);
}

function tailOf(stream: Readable): () => string {
  let tail: Buffer = Buffer.alloc(0);
  stream.on("data", (piece: Buffer) => {
    tail = Buffer.concat([tail, piece]).subarray(-MOST_STDERR);
  });
  return () => tail.toString("utf8");
}

function watchWith(watch: () => Promise<SyncError | undefined>, ending: Ending): NodeJS.Timeout {
  return setInterval(() => {
    watch().then(
      (failure) => failure && ending.because(failure),
      () => undefined,
    );
  }, WATCH_MS);
}

function timedOut({ program, args, timeoutMs }: ProgramRun): SyncError {
  const verb = args.find((arg) => /^[a-z][a-z-]+$/u.test(arg)) ?? "";
  return new SyncError("unreachable", `${program} ${verb} did not end within ${timeoutMs / 1000} s`, {
    isRetryable: true,
  });
}
