import { type Event, parseEvents, YAMLException } from "js-yaml";
import type { YamlFault } from "./yaml-fault.ts";

/** Events of one stretch of a file; their offsets count from `base`. */
export interface EventStretch {
  readonly text: string;
  readonly base: number;
  /** Lines of the file before `base`. */
  readonly linesBefore: number;
  readonly events: readonly Event[];
}

/** A file with more broken documents than this is no YAML at all. */
const MOST_BROKEN = 50;

const DOCUMENT_MARKER = /^---(?=\s|$)/gmu;

/**
 * Parses a whole file. Where it does not parse, the documents that do are still given, each as a stretch of its own,
 * so that one broken document does not hide the problems of the others.
 */
export function parseStretches(text: string): {
  readonly stretches: readonly EventStretch[];
  readonly faults: readonly YamlFault[];
} {
  const whole = parseStretch(text, 0, 0);
  if ("events" in whole) return { stretches: [whole], faults: [] };
  const stretches: EventStretch[] = [];
  const faults: YamlFault[] = [];
  let linesBefore = 0;
  for (const { base, end } of cutAtMarkers(text)) {
    if (faults.length === MOST_BROKEN) break;
    const part = parseStretch(text.slice(base, end), base, linesBefore);
    if ("events" in part) stretches.push(part);
    else faults.push(part);
    linesBefore += countLines(text, base, end);
  }
  return faults.length === 0 ? { stretches: [], faults: [whole] } : { stretches, faults };
}

function parseStretch(text: string, base: number, linesBefore: number): EventStretch | YamlFault {
  try {
    return { text, base, linesBefore, events: parseEvents(text, {}) };
  } catch (error) {
    const offset = error instanceof YAMLException ? (error.mark?.position ?? 0) : 0;
    const reason = error instanceof YAMLException ? error.reason : "this file cannot be read as YAML";
    return {
      code: "yaml/syntax",
      message: explain(reason, text, offset),
      start: base + offset,
      end: base + offset + 1,
    };
  }
}

function cutAtMarkers(text: string): readonly { readonly base: number; readonly end: number }[] {
  const cuts = [0, ...[...text.matchAll(DOCUMENT_MARKER)].map(({ index }) => index).filter((index) => index > 0)];
  return cuts.map((base, index) => ({ base, end: cuts[index + 1] ?? text.length }));
}

/** How far into a line the cause of a fault is looked for. */
const LONGEST_LINE = 400;

/** Line breaks between two offsets. */
export function countLines(text: string, start: number, end: number): number {
  let lines = 0;
  for (let at = text.indexOf("\n", start); at >= 0 && at < end; at = text.indexOf("\n", at + 1)) lines += 1;
  return lines;
}

/** The parser's words, with the usual cause where the text shows it. */
function explain(reason: string, text: string, offset: number): string {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const line = text.slice(lineStart, lineStart + LONGEST_LINE).split("\n", 1)[0] ?? "";
  if (/^\s*\t/u.test(line)) return `${reason}: YAML is indented with spaces, never with tabs`;
  if (/:\s+\{[{%]/u.test(line)) return `${reason}: a text that starts with {{ or {% must be quoted`;
  if (/:\s+[@`%]/u.test(line)) return `${reason}: a text that starts with @, \` or % must be quoted`;
  if (/:\s+[^"'|>#{[\n]*[^\s"']:(?:\s|$)/u.test(line)) return `${reason}: a text that contains ": " must be quoted`;
  return reason;
}
