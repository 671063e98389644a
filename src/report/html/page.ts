import { hash } from "node:crypto";
import { raw } from "hono/html";
import { type Markup, markup } from "./markup.ts";
import { PAGE_SCRIPT } from "./page-script.ts";
import { PAGE_STYLE } from "./page-style.ts";

export interface Page {
  /** For the tab; plain text. */
  readonly title: string;
  /** Above the line with the search box. */
  readonly header: Markup;
  readonly main: Markup;
  readonly footer: Markup;
}

/**
 * One page that needs nothing beside itself: its policy allows its own style and script, by their digests, and not a
 * single request.
 */
export function renderPage({ title, header, main, footer }: Page): string {
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${raw(PAGE_STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the changes</a>
<header class="top"><div class="frame">${header}</div></header>
<search class="tools" hidden><form class="frame">
<label class="sr" for="find">Find in the changes</label>
<input id="find" type="search" placeholder="Find a name, a field, a text …" autocomplete="off" spellcheck="false">
<output for="find" aria-live="polite"></output>
<button type="button">Open all</button>
</form></search>
<main id="main" class="frame" tabindex="-1">${main}</main>
<footer><div class="frame">${footer}</div></footer>
<script>${raw(PAGE_SCRIPT)}</script>
</body>
</html>
`;
  return page.toString();
}

/** What stands between the tags, to the last character. */
const POLICY = [
  "default-src 'none'",
  `style-src '${digestOf(PAGE_STYLE)}'`,
  `script-src '${digestOf(PAGE_SCRIPT)}'`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

function digestOf(text: string): string {
  return `sha256-${hash("sha256", text, "base64")}`;
}
