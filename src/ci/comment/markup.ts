import { printable } from "../../report/printable.ts";
import { codeSpan } from "../../report/markdown.ts";

/** Inline code in a cell of a table: a bar would end the cell, in code as well. */
export function codeCell(text: string): string {
  return codeSpan(text).replaceAll("|", String.raw`\|`);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "@": "&#64;",
};

/** Foreign text as code within HTML, where Markdown's own code does not work. */
export function htmlCode(text: string): string {
  return `<code>${printable(text).replaceAll(/[&<>"@]/gu, (character) => ENTITIES[character] ?? character)}</code>`;
}

/** A part that a reader opens. `body` is Markdown whose fences are closed. */
export function fold(summary: string, body: readonly string[]): string {
  return ["<details>", `<summary>${summary}</summary>`, "", ...body, "", "</details>"].join("\n");
}
