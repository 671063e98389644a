import { pointerSegments, type Pointer } from "../../model/pointer.ts";
import { keyLabel } from "../key-label.ts";
import { uniqueNames } from "./unique-names.ts";

/** Shorter texts are read more easily where they stand. */
const MIN_LENGTH = 400;

/** Where LLMStack keeps prompts and pages: in settings and inputs. */
const PLACES = [/^\/config\/./u, /^\/processors\/\d+\/(?:config|input)\/./u];

/** True for a text of several lines that is better read and changed in a file of its own. */
export function isLongText(value: string): boolean {
  return value.length >= MIN_LENGTH && value.includes("\n") && survivesAFile(value);
}

/** True where such a text is a prompt or a page of an app. */
export function isSideFilePlace(at: Pointer): boolean {
  return PLACES.some((place) => place.test(at));
}

/** Names side files after what they hold, each name once: `support-bot-inputs1-instructions.md`. */
export function sideFileNames(): (owner: string, at: Pointer, idOf: (index: string) => string) => string {
  const unique = uniqueNames();
  return (owner, at, idOf) => {
    const [top, index = "", , ...rest] = pointerSegments(at);
    const parts = top === "processors" ? [idOf(index), ...rest] : [index, ...rest];
    const label = keyLabel(parts.join("-"));
    return `${unique(label === undefined ? owner : `${owner}-${label}`)}.md`;
  };
}

/** Editors and Git change these, or a reader of the file drops them. */
function survivesAFile(text: string): boolean {
  return text.isWellFormed() && !/\r|\uFEFF|(?![\n\t])\p{Cc}/u.test(text);
}
