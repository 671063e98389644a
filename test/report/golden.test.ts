import { describe, expect, it } from "vitest";
import { driftToJson } from "../../src/report/drift-json.ts";
import { renderDriftMarkdown } from "../../src/report/drift-markdown.ts";
import { renderDriftText } from "../../src/report/drift-text.ts";
import { renderPlanMarkdown } from "../../src/report/plan-markdown.ts";
import { renderPlanNdjson } from "../../src/report/plan-ndjson.ts";
import { renderPlanText } from "../../src/report/plan-text.ts";
import { reportToJson } from "../../src/report/report-json.ts";
import { renderReportMarkdown } from "../../src/report/report-markdown.ts";
import { renderReportText } from "../../src/report/report-text.ts";
import { aDrift, aReport } from "../support/report-builders.ts";
import { emptyPlan, mixedDrift, mixedPlan, mixedReport, refusedPlan } from "./sample.ts";

const PLAIN = { style: "plain" } as const;

describe("what people read looks as it did", () => {
  it.each([
    ["plan-mixed.txt", renderPlanText(mixedPlan, PLAIN)],
    ["plan-mixed-keeps.txt", renderPlanText(mixedPlan, { style: "plain", keeps: "shown" })],
    ["plan-mixed.ansi.txt", renderPlanText(mixedPlan, { style: "color" }).replaceAll("\u001b", "<ESC>")],
    ["plan-mixed.md", renderPlanMarkdown(mixedPlan)],
    ["plan-mixed-short.md", renderPlanMarkdown(mixedPlan, { limit: 1800 })],
    ["plan-mixed.ndjson", renderPlanNdjson(mixedPlan)],
    ["plan-refused.txt", renderPlanText(refusedPlan, PLAIN)],
    ["plan-refused.md", renderPlanMarkdown(refusedPlan)],
    ["plan-empty.txt", renderPlanText(emptyPlan, PLAIN)],
    ["plan-empty.md", renderPlanMarkdown(emptyPlan)],
    ["report-mixed.txt", renderReportText(mixedReport, PLAIN)],
    ["report-mixed.md", renderReportMarkdown(mixedReport)],
    ["report-mixed.json", `${JSON.stringify(reportToJson(mixedReport), undefined, 2)}\n`],
    ["report-interrupted.txt", renderReportText(aReport([], { isInterrupted: true }), PLAIN)],
    ["drift-mixed.txt", renderDriftText(mixedDrift, PLAIN)],
    ["drift-mixed.md", renderDriftMarkdown(mixedDrift)],
    ["drift-mixed.json", `${JSON.stringify(driftToJson(mixedDrift), undefined, 2)}\n`],
    ["drift-none.txt", renderDriftText(aDrift([]), PLAIN)],
  ])("%s", async (file, text) => {
    await expect(text).toMatchFileSnapshot(`golden/${file}`);
  });
});
