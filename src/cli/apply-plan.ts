import { SyncError } from "../model/errors.ts";
import type { Outcome, Report } from "../model/outcome.ts";
import { isEmptyPlan, type Plan } from "../model/plan.ts";
import { jsonLine } from "../report/json.ts";
import { renderPlanText } from "../report/plan-text.ts";
import { renderReportMarkdown } from "../report/report-markdown.ts";
import { reportToJson } from "../report/report-json.ts";
import { renderReportText } from "../report/report-text.ts";
import { carryOut } from "./carry-out.ts";
import type { Invocation } from "./command-row.ts";
import { requireConsent } from "./confirm.ts";
import type { Session } from "./decide.ts";
import { exitOfReport } from "./exit-codes.ts";
import { jsonDocument } from "./json-document.ts";
import { type ChangeFormat, changeOutput } from "./options/output.ts";
import type { Applied } from "./report-file.ts";
import { styleOf } from "./style.ts";

interface ApplyOptions {
  /** Whether losses are agreed to where nobody can be asked. */
  readonly withoutTerminal: "given" | "refused";
  /** What is not carried out, because nobody reviewed it. */
  readonly stale?: readonly Outcome[];
}

/** Shows a plan, asks where something would be lost, carries it out and prints the report. Throws where it is refused. */
export async function applyPlan(
  session: Session,
  invocation: Invocation,
  { withoutTerminal, stale = [] }: ApplyOptions,
): Promise<Applied> {
  const { plan } = session;
  const { flags, io, progress } = invocation;
  const format = flags.get(changeOutput) ?? "text";
  const shown = format === "text" ? io.stdout : io.stderr;
  const show = (): void => shown.write(renderPlanText(plan, { style: styleOf(shown) }));
  refuse(plan, show);
  if (format === "text" && !isEmptyPlan(plan)) show();
  await requireConsent(plan, invocation, {
    withoutTerminal,
    // As text it has been shown already.
    show: format === "text" ? () => undefined : show,
  });
  const carriedOut = await carryOut(plan, session, { ...invocation, format });
  const report = { ...carriedOut, outcomes: [...carriedOut.outcomes, ...stale] };
  const exitCode = exitOfReport(report);
  progress.clear();
  const gap = format === "text" && !isEmptyPlan(plan) ? "\n" : "";
  io.stdout.write(`${gap}${RENDER[format](report, { exitCode, io })}`);
  return { report, exitCode };
}

function refuse({ refusals }: Plan, show: () => void): void {
  if (refusals.length === 0) return;
  show();
  throw new SyncError("refused", refusals.map(({ rule, detail }) => `${rule}: ${detail}`).join("\n"), {
    remedy: refusals.map(({ remedy }) => remedy).join("\n"),
  });
}

interface RenderSetup {
  readonly exitCode: number;
  readonly io: Invocation["io"];
}

const RENDER: Readonly<Record<ChangeFormat, (report: Report, setup: RenderSetup) => string>> = {
  text: (report, { io }) => renderReportText(report, { style: styleOf(io.stdout) }),
  json: (report, { exitCode }) => jsonDocument(reportToJson(report), exitCode),
  // The outcomes were lines of their own.
  ndjson: (report, { exitCode }) => {
    const { outcomes: _, ...summary } = reportToJson(report);
    return `${jsonLine({ type: "report", ...summary, exitCode })}\n`;
  },
  markdown: (report) => renderReportMarkdown(report),
};
