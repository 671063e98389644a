import { SyncError } from "../../model/errors.ts";

/**
 * One flag as a row: how it is written, what it means, where else its value may come from, and how text becomes a
 * value. A parser throws SyncError of class usage that says what would be right.
 */
export interface Flag<T> {
  /** As commander writes it: `-f, --file <path>`. */
  readonly syntax: string;
  readonly help: string;
  /** Heading in help. */
  readonly group: FlagGroup;
  /** Environment variable that says the same. */
  readonly env?: string;
  /** Key in the project and user files. */
  readonly fileKey?: string;
  /** Shown in help; `parse` never sees it. */
  readonly defaultText?: string;
  /** Closed sets, for help, checks and completion. */
  readonly choices?: readonly string[];
  readonly isRepeatable: boolean;
  /** A switch takes no value. */
  readonly isSwitch: boolean;
  readonly parse: (text: string) => T;
}

export type FlagGroup =
  "Manifests" | "Git" | "Server" | "What may change" | "Following" | "Speed" | "Pull requests" | "Output" | "Options";

type FlagText<T> = Omit<Flag<T>, "parse" | "isRepeatable" | "isSwitch">;

export function textFlag(flag: FlagText<string>): Flag<string> {
  return parsedFlag({ ...flag, parse: (text) => text });
}

export function parsedFlag<T>(flag: FlagText<T> & Pick<Flag<T>, "parse">): Flag<T> {
  return { ...flag, isRepeatable: false, isSwitch: false };
}

/** A flag that may be given more than once; each value is parsed alone. */
export function listFlag<T>(flag: FlagText<T> & Pick<Flag<T>, "parse">): Flag<T> {
  return { ...flag, isRepeatable: true, isSwitch: false };
}

export function choiceFlag<T extends string>(
  flag: Omit<FlagText<T>, "choices"> & { readonly choices: readonly T[] },
): Flag<T> {
  return parsedFlag<T>({
    ...flag,
    parse: (text) => {
      const choice = flag.choices.find((known) => known === text);
      if (choice === undefined) throw badValue(text, `one of ${flag.choices.join(", ")}`);
      return choice;
    },
  });
}

export function switchFlag(flag: FlagText<boolean>): Flag<boolean> {
  return { ...flag, isRepeatable: false, isSwitch: true, parse: parseSwitch };
}

/** The long name with its dashes: `--file`. */
export function longName(flag: Pick<Flag<unknown>, "syntax">): string {
  return /--[a-z-]+/u.exec(flag.syntax)?.[0] ?? flag.syntax;
}

/** A value nobody can use; the caller adds which flag or variable it stood in. */
export function badValue(text: string, expected: string): SyncError {
  return new SyncError("usage", `${JSON.stringify(text)} is not ${expected}`);
}

function parseSwitch(text: string): boolean {
  if (text === "true" || text === "1") return true;
  if (text === "false" || text === "0" || text === "") return false;
  throw badValue(text, "true or false");
}
