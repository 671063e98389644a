import type { Line } from "./lines.ts";
import { printable } from "./printable.ts";
import type { Against } from "./view.ts";

/**
 * Forges take 65,536 characters; the rest is room for what a caller puts around it (a marker, a heading). Foreign text
 * stands in fences and code spans only: nothing in it is markup, a mention or a link there.
 */
export const MARKDOWN_LIMIT = 65_000;

/** A fenced block that its content cannot leave: the fence is longer than any run of backticks inside. */
function fence(language: string, lines: readonly string[]): readonly string[] {
  const ticks = "`".repeat(Math.max(3, longestRun(lines) + 1));
  return [`${ticks}${language}`, ...lines, ticks];
}

/** A heading of ours over a fenced block; nothing for no lines. */
export function fencedSection(title: string, language: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`### ${title}`, ""].concat(fence(language, lines));
}

/** Inline code that its content cannot leave. */
export function codeSpan(text: string): string {
  const content = printable(text);
  const ticks = "`".repeat(longestRun([content]) + 1);
  const isPadded = content === "" || /^[ `]|[ `]$/u.test(content);
  return isPadded ? `${ticks} ${content} ${ticks}` : `${ticks}${content}${ticks}`;
}

export function againstMarkdown({ server, dialect, account, set, source, base }: Against): string {
  if (base !== undefined) {
    return `No server asked · from ${codeSpan(base)} to ${codeSpan(source)} · set ${codeSpan(set)}`;
  }
  const parts = [
    `Server ${codeSpan(server)}`,
    `dialect ${codeSpan(dialect)}`,
    ...(account === undefined ? [] : [`account ${codeSpan(account)}`]),
    `set ${codeSpan(set)}`,
    `from ${codeSpan(source)}`,
  ];
  return parts.join(" · ");
}

/** A line inside a `diff` fence: the sign comes first, because that is what gets colours there. */
export function diffLine({ depth, sign, text }: Line): string {
  return `${sign.padEnd(1)} ${"  ".repeat(depth)}${text}`.replace(/ +$/u, "");
}

function longestRun(lines: readonly string[]): number {
  return lines.reduce(
    (longest, line) => Math.max(longest, ...[...line.matchAll(/`+/gu)].map(([run]) => run.length)),
    0,
  );
}
