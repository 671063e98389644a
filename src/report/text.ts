import { styleText } from "node:util";
import type { Line, Tone } from "./lines.ts";
import type { Against } from "./view.ts";

/** `plain` holds no escape code at all; symbols say everything in both. */
export type Style = "plain" | "color";

type Format = Parameters<typeof styleText>[0];

const FORMAT: Readonly<Record<Tone, Format | undefined>> = {
  create: "green",
  update: "yellow",
  replace: "magenta",
  adopt: "cyan",
  prune: "red",
  hold: "yellow",
  keep: "gray",
  added: "green",
  removed: "red",
  place: "cyan",
  plain: undefined,
};

/** As wide as a symbol and its blank, so that details stand below the key. */
const INDENT = "    ";

/** Symbols are at most this wide: `-/+`. */
const SYMBOL_WIDTH = 3;

/** Whether colour is wanted is the caller's to decide: the stream is not looked at. */
export function paint(style: Style, format: Format | undefined, text: string): string {
  return style === "plain" || format === undefined ? text : styleText(format, text, { validateStream: false });
}

/** A line of a plan for a terminal. */
export function lineText({ depth, sign, text, tone }: Line, style: Style): string {
  return paint(style, FORMAT[tone], `${INDENT.repeat(depth)}${prefix(sign, tone)}${text}`.replace(/ +$/u, ""));
}

/** `URL, dialect doc, account a, set s, from source`. */
export function againstText({ server, dialect, account, set, source }: Against): string {
  const who = account === undefined ? "" : `, account ${account}`;
  return `${server}, dialect ${dialect}${who}, set ${set}, from ${source}`;
}

/** The first line of a plan: against what it was made. */
export function planTitle(against: Against): string {
  const { base, source, set } = against;
  return base === undefined
    ? `Plan for ${againstText(against)}`
    : `Plan between manifests, no server asked: from ${base} to ${source}, set ${set}`;
}

/** Parts with an empty line between them and one newline at the end; empty parts vanish. */
export function joinParts(parts: readonly (readonly string[])[]): string {
  const filled = parts.filter((part) => part.length > 0).map((part) => part.join("\n"));
  return `${filled.join("\n\n")}\n`;
}

function prefix(sign: string, tone: Tone): string {
  if (tone === "added" || tone === "removed" || tone === "place" || tone === "plain") return sign;
  return sign === "" ? "" : `${sign.padEnd(SYMBOL_WIDTH)} `;
}
