import type { Drift } from "../model/drift.ts";
import { driftView, type DriftView } from "./drift-view.ts";
import { fit, hiddenText, withinLimit } from "./fit.ts";
import { changeLines } from "./lines.ts";
import { againstMarkdown, fencedSection, MARKDOWN_LIMIT } from "./markdown.ts";
import { type MarkdownOptions, noteLines } from "./plan-markdown.ts";
import { joinParts } from "./text.ts";

/** Differences between live and manifests by who moved, as a comment or a page, never over the limit. */
export function renderDriftMarkdown(drift: Drift, { limit = MARKDOWN_LIMIT }: MarkdownOptions = {}): string {
  const view = driftView(drift);
  return withinLimit(limit, (room) => compose(view, room), frame(view, [], undefined));
}

function compose(view: DriftView, room: number): string {
  const sections = view.sections.map(({ title, changes }) => ({
    title,
    changes: changes.flatMap((change) => changeLines(change)),
  }));
  const notes = noteLines(view.notes, room);
  const parts = fit(sections, room);
  return frame(
    view,
    [...parts.map(({ title, lines }) => fencedSection(title, "diff", lines)), notes],
    hiddenText(parts),
  );
}

function frame(view: DriftView, blocks: readonly (readonly string[])[], hidden: string | undefined): string {
  return joinParts([
    [`## ${view.summary}`],
    [againstMarkdown(view.against)],
    ...blocks,
    hidden === undefined ? [] : [`**${hidden}**`],
  ]);
}
