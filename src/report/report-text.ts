import type { Report } from "../model/outcome.ts";
import { type Line, textLines } from "./lines.ts";
import { type OutcomeView, reportView, type ReportView } from "./report-view.ts";
import { againstText, joinParts, lineText, paint, type Style } from "./text.ts";

/** What an apply did, for people at a terminal, ending with a newline: what went wrong, the counts, what to do next. */
export function renderReportText(report: Report, { style }: { readonly style: Style }): string {
  const view = reportView(report);
  return joinParts([
    [paint(style, "bold", `Applied to ${againstText(view.against)}`)],
    view.done.map(({ symbol, key, uuid }) => `${symbol.padEnd(3)} ${key}${uuid === undefined ? "" : ` ${uuid}`}`),
    ...view.problems.map(({ title, outcomes }) => [
      paint(style, ["bold", title === "Held" ? "yellow" : "red"], title),
      ...outcomes.flatMap(outcomeLines).map((line) => lineText(line, style)),
    ]),
    view.warnings.flatMap(({ key, text }) =>
      textLines(`warning: ${key}: ${text}`, 0, "hold").map((line) => lineText(line, style)),
    ),
    closing(view, style),
  ]);
}

/** One outcome that is not done: what it is, why, what helps. */
export function outcomeLines({ symbol, key, id, uuid, reason, remedy }: OutcomeView): readonly Line[] {
  const where = uuid === undefined ? "" : ` ${uuid}`;
  return [
    { depth: 0, sign: symbol, text: `${key}${where} [${id}]`, tone: "hold" },
    ...(reason === undefined ? [] : textLines(reason, 2)),
    ...(remedy === undefined ? [] : textLines(`next: ${remedy}`, 2)),
  ];
}

function closing({ summary, cost, next }: ReportView, style: Style): readonly string[] {
  return [paint(style, "bold", summary), cost, ...next];
}
