import type { Style } from "../report/text.ts";
import type { Output } from "./io.ts";

/** How a document for this output is painted. */
export function styleOf(output: Output): Style {
  return output.hasColor ? "color" : "plain";
}
