import type { Note, Plan, Refusal } from "../model/plan.ts";
import { shortId } from "./change-view.ts";
import { changeLines, noteText, textLines } from "./lines.ts";
import { joinParts, lineText, paint, planTitle, type Style } from "./text.ts";
import { type Keeps, planView, type PlanView, type Section } from "./view.ts";

export interface PlanTextOptions {
  readonly style: Style;
  readonly keeps?: Keeps;
}

/** The plan for people at a terminal, ending with a newline. Same plan, same bytes. */
export function renderPlanText(plan: Plan, { style, keeps = "hidden" }: PlanTextOptions): string {
  const view = planView(plan, keeps);
  return joinParts([
    [paint(style, "bold", planTitle(view.against))],
    ...view.refusals.map((refusal) => refusalBlock(refusal, style)),
    ...view.sections.map((section) => sectionBlock(section, style)),
    noteBlock(view.notes, style),
    closingBlock(view, style),
  ]);
}

function refusalBlock({ rule, detail, remedy }: Refusal, style: Style): readonly string[] {
  return [
    paint(style, ["bold", "red"], `REFUSED (${rule})`),
    ...textLines(detail, 1).map((line) => lineText(line, style)),
    ...textLines(`to allow it: ${remedy}`, 1).map((line) => lineText(line, style)),
  ];
}

function sectionBlock({ changes }: Section, style: Style): readonly string[] {
  return changes
    .flatMap((change) => changeLines(change))
    .flatMap(({ headline, details }) => [headline].concat(details))
    .map((line) => lineText(line, style));
}

/** Notes as one block: `note: …`. */
export function noteBlock(notes: readonly Note[], style: Style): readonly string[] {
  return notes.flatMap((note) => textLines(`note: ${noteText(note)}`, 0, "keep")).map((line) => lineText(line, style));
}

function closingBlock({ summary, refusals, remarks, digest }: PlanView, style: Style): readonly string[] {
  return [
    paint(style, "bold", summary),
    ...(refusals.length === 0 ? [] : [paint(style, ["bold", "red"], "Refused: nothing is applied.")]),
    ...remarks,
    ...(digest === undefined ? [] : [paint(style, "gray", `Plan digest ${shortId(digest)}`)]),
  ];
}
