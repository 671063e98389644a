import type { Report } from "../model/outcome.ts";
import { fitter, hiddenText, withinLimit } from "./fit.ts";
import { type ChangeLines, textLines } from "./lines.ts";
import { againstMarkdown, fencedSection, MARKDOWN_LIMIT } from "./markdown.ts";
import type { MarkdownOptions } from "./plan-markdown.ts";
import { outcomeLines } from "./report-text.ts";
import { type OutcomeView, reportView, type ReportView } from "./report-view.ts";
import { joinParts } from "./text.ts";

/** What an apply did, as a comment or a page: failures first, then the rest, never over the limit. */
export function renderReportMarkdown(report: Report, { limit = MARKDOWN_LIMIT }: MarkdownOptions = {}): string {
  const view = reportView(report);
  const fit = fitter(sectionsOf(view));
  return withinLimit(limit, (room) => compose(view, fit, room), frame(view, [], undefined));
}

function compose(view: ReportView, fit: ReturnType<typeof fitter>, room: number): string {
  const parts = fit(room);
  return frame(
    view,
    parts.map(({ title, lines }) => fencedSection(title, "diff", lines)),
    hiddenText(parts),
  );
}

function sectionsOf(view: ReportView): Parameters<typeof fitter>[0] {
  const problems = view.problems.map(({ title, outcomes }, rank) => ({
    title,
    changes: outcomes.map((outcome) => outcomeChange(outcome, rank)),
  }));
  const warnings = view.warnings.flatMap(({ key, text }) => textLines(`${key}: ${text}`, 0));
  return [
    ...problems,
    { title: "Warnings", changes: warnings.map((line) => ({ rank: AFTER_PROBLEMS, headline: line, details: [] })) },
    { title: "Done", changes: view.done.map((outcome) => outcomeChange(outcome, AFTER_PROBLEMS + 1)) },
  ];
}

/** Rank below every kind of problem. */
const AFTER_PROBLEMS = 10;

function outcomeChange(outcome: OutcomeView, rank: number): ChangeLines {
  const [headline, ...details] = outcomeLines(outcome);
  return { rank, headline: headline ?? { depth: 0, sign: "", text: "", tone: "plain" }, details };
}

function frame(view: ReportView, blocks: readonly (readonly string[])[], hidden: string | undefined): string {
  return joinParts([
    [`## ${view.summary}`],
    [againstMarkdown(view.against)],
    ...blocks,
    hidden === undefined ? [] : [`**${hidden}**`],
    view.next.map((step) => `- ${step}`),
    [view.cost],
  ]);
}
