import type { Note, Plan } from "../model/plan.ts";
import { firstLines, fitter, hiddenText, withinLimit } from "./fit.ts";
import { changeLines, noteText, textLines } from "./lines.ts";
import { againstMarkdown, codeSpan, diffLine, fencedSection, MARKDOWN_LIMIT } from "./markdown.ts";
import { joinParts } from "./text.ts";
import { planView, type PlanView } from "./view.ts";

export interface MarkdownOptions {
  /** No result has more UTF-16 units than this. At least 2,000 make sense. */
  readonly limit?: number;
}

/** Share of the room that refusals and notes may take from the changes. */
const ASIDE_SHARE = 0.15;

/**
 * The plan as a comment or a page: summary, refusals, changes in the order of damage, digest. What does not fit is left
 * out by importance (details first, deletes last) and counted.
 */
export function renderPlanMarkdown(plan: Plan, { limit = MARKDOWN_LIMIT }: MarkdownOptions = {}): string {
  const view = planView(plan, "hidden");
  const sections = view.sections.map(({ title, changes }) => ({
    title,
    changes: changes.flatMap((change) => changeLines(change)),
  }));
  const fit = fitter(sections);
  return withinLimit(limit, (room) => compose(view, fit, room), frame(view, [], TOO_LONG));
}

const TOO_LONG = "The plan is too long to be listed here.";

/** Gives `room` characters to the lists; what stands around them comes on top. */
function compose(view: PlanView, fit: ReturnType<typeof fitter>, room: number): string {
  const refusals = refusalLines(view, room * ASIDE_SHARE);
  const notes = noteLines(view.notes, room * ASIDE_SHARE);
  const parts = fit(room - sizeOf(refusals) - sizeOf(notes));
  const blocks = parts.map(({ title, lines }) => fencedSection(title, "diff", lines));
  return frame(view, [refusals, ...blocks, notes], hiddenText(parts));
}

function frame(view: PlanView, blocks: readonly (readonly string[])[], hidden: string | undefined): string {
  return joinParts([
    [`## ${view.summary}`],
    [againstMarkdown(view.against)],
    view.remarks,
    ...blocks,
    hidden === undefined ? [] : [`**${hidden}**`],
    view.digest === undefined ? [] : [`Plan digest ${codeSpan(view.digest)}`],
  ]);
}

function refusalLines({ refusals }: PlanView, room: number): readonly string[] {
  const lines = refusals.flatMap(({ rule, detail, remedy }) =>
    [...textLines(`! ${rule}: ${detail}`, 0), ...textLines(`to allow it: ${remedy}`, 1)].map(({ depth, text }) =>
      `${"  ".repeat(depth)}${text}`.replace(/ +$/u, ""),
    ),
  );
  return fencedSection("Refused: nothing is applied", "diff", firstLines(lines, room));
}

/** Notes as a fenced section of about `room` characters. */
export function noteLines(notes: readonly Note[], room: number): readonly string[] {
  const lines = notes.flatMap((note) => textLines(noteText(note), 0)).map(diffLine);
  return fencedSection("Notes", "text", firstLines(lines, room));
}

function sizeOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0) + 1;
}
