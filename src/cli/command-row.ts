import type { FlagValues } from "./flag-values.ts";
import type { Io } from "./io.ts";
import type { Log } from "./log.ts";
import type { Progress } from "./progress.ts";
import type { Flag } from "./options/flag.ts";

/** One command as the command line and the completion know it; the work is loaded only when it is asked for. */
export interface CommandRow {
  readonly name: string;
  readonly summary: string;
  /** What help says below the summary. */
  readonly details?: string;
  /** As commander writes it, `[path...]`, and its line of help. */
  readonly argument?: { readonly syntax: string; readonly help: string; readonly choices?: readonly string[] };
  /** For shells, not for people. */
  readonly isHidden?: true;
  readonly flags: readonly Flag<unknown>[];
  /** Command lines without the program's name. */
  readonly examples: readonly string[];
  load(): Promise<{ readonly run: RunCommand }>;
}

/** Answers the exit code. What it throws is shown by main in the format that was asked for. */
export type RunCommand = (invocation: Invocation) => Promise<number>;

export interface Invocation {
  readonly row: CommandRow;
  readonly args: readonly string[];
  readonly flags: FlagValues;
  readonly io: Io;
  readonly log: Log;
  readonly progress: Progress;
  /** The whole command line, for what describes it. */
  readonly rows: readonly CommandRow[];
  readonly level: "quiet" | "normal" | "verbose";
}
