import type { Output } from "../../cli/io.ts";
import type { RunnerKind } from "../forges/forge.ts";

/** What a job's log gets. */
export interface GuardedOutput {
  /** For everything that may hold foreign text; nothing in it is ever taken for a command. */
  readonly output: Output;
  /** Lines that are commands, and are meant to be. */
  commands(lines: readonly string[]): void;
  /** From here on the runner listens again: for the steps after ours. */
  end(): void;
}

interface GuardSetup {
  readonly runner: RunnerKind;
  readonly target: Output;
  /** A new word that nobody can guess, each time. */
  readonly token: () => string;
}

/**
 * Keeps foreign text from becoming a command of the runner. It reads both streams and looks for `##[` anywhere in a
 * line, so all goes to one stream, and commands are off but for the moments in which we give some.
 */
export function guardedOutput({ runner, target, token }: GuardSetup): GuardedOutput {
  if (runner === "plain") {
    return {
      output: withWrite(target, (text) => target.write(withoutControls(text))),
      commands: () => undefined,
      end: () => undefined,
    };
  }
  let stopped: string | undefined;
  let isAtStart = true;
  const line = (text: string): void => target.write(`${isAtStart ? "" : "\n"}${text}\n`);
  const stop = (): void => {
    if (stopped !== undefined) return;
    stopped = token();
    line(`::stop-commands::${stopped}`);
    isAtStart = true;
  };
  const resume = (): void => {
    if (stopped === undefined) return;
    line(`::${stopped}::`);
    isAtStart = true;
    stopped = undefined;
  };
  return {
    output: withWrite(target, (text) => {
      if (text === "") return;
      stop();
      target.write(withoutControls(text));
      isAtStart = text.endsWith("\n");
    }),
    commands: (lines) => {
      if (lines.length === 0) return;
      resume();
      for (const command of lines) line(command);
    },
    end: resume,
  };
}

function withWrite(target: Output, write: (text: string) => void): Output {
  return { write, isTerminal: false, columns: target.columns, hasColor: false };
}

/** Escape codes fold and rewrite the log of several systems. */
function withoutControls(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what is taken out
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu, "");
}
