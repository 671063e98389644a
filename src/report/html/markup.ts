import { html } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";

/** HTML that is safe to put into a page: foreign text in it was escaped on the way in. */
export type Markup = HtmlEscapedString;

type Part = Markup | string | number | undefined | readonly Part[];

/** A piece of a page. Whatever is put in and is no markup itself shows as text, in an attribute too (always quoted). */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const made = html(strings, ...parts);
  if (made instanceof Promise) throw new TypeError("markup is made of what is there already");
  return made;
}
