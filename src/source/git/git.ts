import type { SyncError } from "../../model/errors.ts";
import type { ProgramAnswer } from "./run-program.ts";

/** The git program, prepared for one remote. */
export interface Git {
  /** Runs one command. Whatever it answers is an answer; it throws SyncError where there is none. */
  run(args: readonly string[], options?: GitRunOptions): Promise<GitAnswer>;
  /** Runs one command that talks to the remote, whose address it is given. Throws SyncError where it fails. */
  ask(tried: string, args: (url: string) => readonly string[], options?: GitRunOptions): Promise<GitAnswer>;
}

export interface GitRunOptions {
  readonly input?: string;
  readonly onOutput?: (piece: Buffer) => void;
  /** Bytes of stdout that are kept at most. */
  readonly mostOutput?: number;
  readonly watch?: () => Promise<SyncError | undefined>;
  /** More settings, `key=value`, for this command. */
  readonly config?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface GitAnswer extends Omit<ProgramAnswer, "stderr"> {
  /** What stderr said, without control characters and credentials. */
  readonly complaint: string;
}
