import type { Note, Op } from "../model/plan.ts";
import { type ChangeView, OP_RANK } from "./change-view.ts";
import type { FieldView } from "./field-view.ts";
import { bytes, grouped, printableLines } from "./printable.ts";

/** One line of a plan before it gets its looks. `sign` is the symbol or hunk sign that stands in front. */
export interface Line {
  readonly depth: number;
  readonly sign: string;
  readonly text: string;
  readonly tone: Tone;
}

export type Tone = Op | "added" | "removed" | "place" | "plain";

/** The lines of one change, split so that a format short of room can leave the second part out. */
export interface ChangeLines {
  /** Lower is more alarming: OP_RANK of the change. */
  readonly rank: number;
  /** Depth 0 for a resource, 1 for an entry of the resource before it. */
  readonly headline: Line;
  readonly details: readonly Line[];
}

/** The change itself, then the changes of its entries. */
export function changeLines(view: ChangeView, depth = 0): readonly ChangeLines[] {
  const self = {
    rank: OP_RANK[view.op],
    headline: { depth, sign: view.symbol, text: headline(view), tone: view.op },
    details: [...holdLines(view, depth + 1), ...view.fields.flatMap((field) => fieldLines(field, depth + 1))],
  };
  return [self, ...view.entries.flatMap((entry) => changeLines(entry, depth + 1))];
}

/** A note for people: with the key in front, unless it says itself what it is about. */
export function noteText({ key, message }: Note): string {
  return key === undefined || message.includes(key) ? message : `${key}: ${message}`;
}

/** `indented` lines of a text that may have several. */
export function textLines(text: string, depth: number, tone: Tone = "plain"): readonly Line[] {
  return printableLines(text).map((line) => ({ depth, sign: "", text: line, tone }));
}

function headline({ key, name, size, id }: ChangeView): string {
  const parts = [
    key,
    ...(name === undefined ? [] : [`"${name}"`]),
    ...(size === undefined ? [] : [`(${bytes(size)})`]),
    ...(id === undefined ? [] : [`[${id}]`]),
  ];
  return parts.join(" ");
}

function holdLines({ hold }: ChangeView, depth: number): readonly Line[] {
  if (hold === undefined) return [];
  return [
    ...textLines(`held (${hold.reason}): ${hold.detail}`, depth, "hold"),
    ...textLines(`to allow it: ${hold.remedy}`, depth),
  ];
}

function fieldLines(field: FieldView, depth: number): readonly Line[] {
  const first: Line = { depth, sign: "", text: `${field.pointer}:${beside(field)}`, tone: "plain" };
  const from = field.from === undefined ? [] : textLines(`from ${field.from}`, depth + 1, "keep");
  if (field.shape !== "hunks") return [first, ...from];
  return [first, ...from, ...field.lines.map(({ sign, text }) => hunkLine(sign, text, depth + 1))];
}

/** What stands on the pointer's own line. */
function beside(field: FieldView): string {
  if (field.shape === "hunks") return "";
  if (field.shape === "secret") return " (secret) changed";
  return ` ${field.shape === "value" ? arrow(field.before, field.after) : sizes(field.before, field.after)}`;
}

function hunkLine(sign: string, text: string, depth: number): Line {
  if (sign === "@") return { depth, sign: "", text, tone: "place" };
  return { depth, sign, text, tone: sign === "+" ? "added" : sign === "-" ? "removed" : "plain" };
}

function arrow(before: string | undefined, after: string | undefined): string {
  if (before === undefined) return after ?? "";
  return `${before} -> ${after ?? "(removed)"}`;
}

function sizes(before: number | undefined, after: number | undefined): string {
  if (before === undefined) return `${grouped(after ?? 0)} characters`;
  if (after === undefined) return `${grouped(before)} characters -> (removed)`;
  return `changed, ${grouped(before)} -> ${grouped(after)} characters`;
}
