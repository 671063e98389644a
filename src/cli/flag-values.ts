import { SyncError } from "../model/errors.ts";
import { type Flag, longName } from "./options/flag.ts";

/** What a command line said, before settings from elsewhere are asked. Every method throws SyncError of class usage. */
export interface FlagValues {
  /** The value, or undefined where the flag was not given. */
  get<T>(flag: Flag<T>): T | undefined;
  /** Every value of a repeatable flag, in the order given. */
  list<T>(flag: Flag<T>): readonly T[];
  isOn(flag: Flag<boolean>): boolean;
  /** The text as it was typed. */
  text(flag: Flag<unknown>): string | undefined;
}

/** `texts` by long name without dashes; a switch is the text "true". */
export function flagValues(texts: ReadonlyMap<string, readonly string[]>): FlagValues {
  const textsOf = (flag: Flag<unknown>): readonly string[] => texts.get(longName(flag)) ?? [];
  return {
    get: (flag) => {
      const text = textsOf(flag).at(-1);
      return text === undefined ? undefined : parseFlag(flag, text, longName(flag));
    },
    list: (flag) => textsOf(flag).map((text) => parseFlag(flag, text, longName(flag))),
    isOn: (flag) => textsOf(flag).at(-1) === "true",
    text: (flag) => textsOf(flag).at(-1),
  };
}

/** The flag's parser, with the place the text came from in front of its complaint. */
export function parseFlag<T>(flag: Flag<T>, text: string, place: string): T {
  try {
    return flag.parse(text);
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    throw new SyncError(error.class, `${place}: ${error.message}`, { cause: error });
  }
}
