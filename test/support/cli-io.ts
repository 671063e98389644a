import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import type { Environment, Io, Output } from "../../src/cli/io.ts";
import { main } from "../../src/cli/main.ts";

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliSetup {
  readonly cwd: string;
  readonly env?: Environment;
  readonly stdin?: () => Promise<string>;
  /** The user's own settings folder; an empty one by default. */
  readonly config?: string;
  readonly stop?: AbortSignal;
  /** Answers to questions, in order; with it both ends are a terminal. */
  readonly answers?: readonly string[];
}

/** Runs one command line in this process, with its own folders and no environment but the one given. */
export async function runCli(argv: readonly string[], setup: CliSetup): Promise<CliResult> {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const answers = [...(setup.answers ?? [])];
  const io: Io = {
    stdout: recorder(stdout),
    stderr: recorder(stderr),
    readStdin: setup.stdin ?? (() => Promise.resolve("")),
    ask: (question) => {
      stderr.push(question);
      return Promise.resolve(answers.shift() ?? "");
    },
    env: setup.env ?? {},
    cwd: setup.cwd,
    folders: {
      config: setup.config ?? join(setup.cwd, ".no-config"),
      state: join(setup.cwd, ".state"),
      cache: join(setup.cwd, ".cache"),
    },
    isInteractive: setup.answers !== undefined,
    stop: setup.stop ?? new AbortController().signal,
  };
  const exitCode = await main(argv, io);
  return { exitCode, stdout: stdout.join(""), stderr: stderr.join("") };
}

function recorder(texts: string[]): Output {
  return { write: (text) => void texts.push(text), isTerminal: false, columns: 80, hasColor: false };
}

const folders: string[] = [];

// Of the test file that loads this, after everything that it does itself.
afterAll(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

/** A new folder with these files in it, by relative path. It is gone when the test file ends. */
export async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "llmstack-sync-test-"));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}
