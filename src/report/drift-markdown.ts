import type { Drift } from "../model/drift.ts";
import { driftView, type DriftView } from "./drift-view.ts";
import { fitter, hiddenText, withinLimit } from "./fit.ts";
import { changeLines } from "./lines.ts";
import { againstMarkdown, fencedSection, MARKDOWN_LIMIT } from "./markdown.ts";
import { type MarkdownOptions, noteLines } from "./plan-markdown.ts";
import { joinParts } from "./text.ts";

/** Differences between live and manifests by who moved, as a comment or a page, never over the limit. */
export function renderDriftMarkdown(drift: Drift, { limit = MARKDOWN_LIMIT }: MarkdownOptions = {}): string {
  const view = driftView(drift);
  const sections = view.sections.map(({ title, changes }) => ({
    title,
    changes: changes.flatMap((change) => changeLines(change)),
  }));
  const fit = fitter(sections);
  return withinLimit(limit, (room) => compose(view, fit, room), frame(view, [], undefined));
}

function compose(view: DriftView, fit: ReturnType<typeof fitter>, room: number): string {
  const notes = noteLines(view.notes, room * NOTES_SHARE);
  const parts = fit(room);
  return frame(
    view,
    [...parts.map(({ title, lines }) => fencedSection(title, "diff", lines)), notes],
    hiddenText(parts),
  );
}

/** Share of the room that notes may take. */
const NOTES_SHARE = 0.15;

function frame(view: DriftView, blocks: readonly (readonly string[])[], hidden: string | undefined): string {
  return joinParts([
    [`## ${view.summary}`],
    [againstMarkdown(view.against)],
    ...blocks,
    hidden === undefined ? [] : [`**${hidden}**`],
  ]);
}
