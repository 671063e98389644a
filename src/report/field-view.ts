import { structuredPatch, type StructuredPatchHunk } from "diff";
import { isArray, isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import type { FieldDiff, ValueOrigin } from "../model/plan.ts";
import { pointer } from "../model/pointer.ts";
import { counted, cut, grouped, printable, printableLines } from "./printable.ts";

/** One differing place, ready to be shown: every text in it is printable, nothing in it is secret. */
export type FieldView = {
  readonly pointer: string;
  /** Where what is wanted was said, where somebody asked. */
  readonly from?: string;
} & (
  | { readonly shape: "secret" }
  /** One-line values; a side is absent where the place is. */
  | { readonly shape: "value"; readonly before: string | undefined; readonly after: string | undefined }
  | { readonly shape: "hunks"; readonly lines: readonly HunkLine[] }
  /** Too long to show: how many characters each side has. */
  | { readonly shape: "size"; readonly before: number | undefined; readonly after: number | undefined }
);

interface HunkLine {
  readonly sign: "+" | "-" | " " | "@";
  readonly text: string;
}

/** A value longer than this is shown from where it differs, and cut. */
const VALUE_LIMIT = 160;
/** A new list or map whose JSON is longer than this is counted instead. */
const STRUCTURE_LIMIT = 80;
/** What stays of equal text around a difference. */
const MARGIN = 24;
const HUNK_LINE_LIMIT = 400;
/** Guards for the comparison of long texts: beyond them sizes are said instead. */
const TEXT_LIMIT = 500_000;
const EDIT_LIMIT = 1_000;
const HUNK_LINES_LIMIT = 400;

/** How a difference is shown; a whole document on one side only is spread over its top-level keys. */
export function fieldViews(field: FieldDiff): readonly FieldView[] {
  if (field.secret) return [{ ...placeOf(field), shape: "secret" }];
  const { before, after, from } = field;
  const isOneSided = before === undefined || after === undefined;
  const document = before ?? after;
  if (field.pointer === "" && isOneSided && isJsonObject(document)) {
    return Object.entries(document).map(([key, value]) =>
      fieldView({
        pointer: pointer(key),
        ...(from !== undefined && { from }),
        ...(before === undefined ? { after: value } : { before: value }),
      }),
    );
  }
  return [fieldView(field)];
}

function placeOf({ pointer: path, from }: FieldDiff): Pick<FieldView, "pointer" | "from"> {
  return {
    pointer: shownPointer(path),
    ...(from !== undefined && { from: printable(from.map(originText).join(", ")) }),
  };
}

function originText({ path, line, by }: ValueOrigin): string {
  return `${path}${line === undefined ? "" : `:${line}`}${by === undefined ? "" : ` (${by})`}`;
}

function fieldView(field: FieldDiff): FieldView {
  const { before, after } = field;
  const place = placeOf(field);
  if (before === undefined && after !== undefined) return { ...place, ...addedView(after) };
  if (after === undefined && before !== undefined) return { ...place, ...removedView(before) };
  if (typeof before === "string" && typeof after === "string" && (isText(before) || isText(after))) {
    const lines = hunks(before, after);
    return lines === undefined
      ? { ...place, shape: "size", before: before.length, after: after.length }
      : { ...place, shape: "hunks", lines };
  }
  return { ...place, shape: "value", ...values(before, after) };
}

type Shown = DistributiveOmit<FieldView, "pointer" | "from">;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

function addedView(after: Json): Shown {
  if (typeof after === "string" && isLong(after)) return { shape: "size", before: undefined, after: after.length };
  const isCounted = typeof after === "object" && after !== null && isWide(after);
  return isCounted
    ? { shape: "value", before: undefined, after: extent(after) }
    : { shape: "value", ...values(undefined, after) };
}

function removedView(before: Json): Shown {
  return typeof before === "string" && isLong(before)
    ? { shape: "size", before: before.length, after: undefined }
    : { shape: "value", ...values(before, undefined) };
}

function shownPointer(path: string): string {
  return path === "" ? "(whole document)" : printable(path);
}

/** What is new stands in the manifests; a screen full of JSON says less than how much there is. */
function isWide(value: Json): boolean {
  return JSON.stringify(value).length > STRUCTURE_LIMIT;
}

function extent(value: readonly Json[] | JsonObject): string {
  return isArray<Json>(value)
    ? `list of ${counted(value.length, "item")}`
    : `map of ${counted(Object.keys(value).length, "key")}`;
}

function isText(value: string): boolean {
  return value.includes("\n");
}

function isLong(value: string): boolean {
  return isText(value) || value.length > VALUE_LIMIT;
}

function values(
  before: Json | undefined,
  after: Json | undefined,
): { before: string | undefined; after: string | undefined } {
  const left = before === undefined ? undefined : JSON.stringify(before);
  const right = after === undefined ? undefined : JSON.stringify(after);
  const start =
    left !== undefined && right !== undefined && Math.max(left.length, right.length) > VALUE_LIMIT
      ? Math.max(0, commonStart(left, right) - MARGIN)
      : 0;
  // A reference is told by its name on both sides; what it names has another uuid or another version by now.
  const isSame = left !== undefined && left === right;
  return { before: shortened(left, start), after: isSame ? "the same, as it is now" : shortened(right, start) };
}

function shortened(text: string | undefined, start: number): string | undefined {
  if (text === undefined) return undefined;
  const from = start === 0 ? text : `…${text.slice(start)}`;
  const shown = cut(from, VALUE_LIMIT);
  const hidden = from.length - shown.length;
  return printable(hidden === 0 ? shown : `${shown}… (${grouped(hidden)} more characters)`);
}

function commonStart(left: string, right: string): number {
  const end = Math.min(left.length, right.length);
  let index = 0;
  while (index < end && left.charCodeAt(index) === right.charCodeAt(index)) index += 1;
  return index;
}

function hunks(before: string, after: string): readonly HunkLine[] | undefined {
  if (before.length + after.length > TEXT_LIMIT) return undefined;
  const patch = structuredPatch("", "", before, after, undefined, undefined, { context: 2, maxEditLength: EDIT_LIMIT });
  if (patch === undefined) return undefined;
  const lines = patch.hunks.flatMap((hunk) => [placeLine(hunk)].concat(hunk.lines.map(hunkLine)));
  return lines.length > HUNK_LINES_LIMIT ? undefined : lines;
}

function placeLine({ oldStart, oldLines, newStart, newLines }: StructuredPatchHunk): HunkLine {
  return { sign: "@", text: `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@` };
}

function hunkLine(line: string): HunkLine {
  const sign = line.startsWith("+") ? "+" : line.startsWith("-") ? "-" : " ";
  // The library's own remark on a missing last line break keeps its backslash, so that it is no line of the text.
  const content = line.startsWith("\\") ? line : line.slice(1);
  const text = printableLines(cut(content, HUNK_LINE_LIMIT)).join(" ");
  const shown = sign === " " ? text : text.replace(/[ \t]+$/u, visibleBlanks);
  const hidden = content.length - HUNK_LINE_LIMIT;
  return { sign, text: hidden > 0 ? `${shown}… (${grouped(hidden)} more characters)` : shown };
}

/** Blanks at the end of a line are easily the whole difference. */
function visibleBlanks(blanks: string): string {
  return blanks.replaceAll(" ", "·").replaceAll("\t", "→");
}
