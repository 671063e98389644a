import { styleText } from "node:util";
import type { Output } from "./io.ts";

/** The text in a colour where the output wants colours, else the text. */
export function paint(output: Output, style: Parameters<typeof styleText>[0], text: string): string {
  return output.hasColor ? styleText(style, text, { validateStream: false }) : text;
}
