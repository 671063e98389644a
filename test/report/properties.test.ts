import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change, FieldDiff, Op, Plan } from "../../src/model/plan.ts";
import { Secret } from "../../src/model/template.ts";
import { renderDriftMarkdown } from "../../src/report/drift-markdown.ts";
import { renderDriftText } from "../../src/report/drift-text.ts";
import { driftToJson } from "../../src/report/drift-json.ts";
import { renderDriftHtml } from "../../src/report/html/drift-html.ts";
import { renderPlanHtml } from "../../src/report/html/plan-html.ts";
import { jsonLine } from "../../src/report/json.ts";
import { renderPlanMarkdown } from "../../src/report/plan-markdown.ts";
import { renderPlanNdjson } from "../../src/report/plan-ndjson.ts";
import { renderPlanText } from "../../src/report/plan-text.ts";
import { reportToJson } from "../../src/report/report-json.ts";
import { renderReportMarkdown } from "../../src/report/report-markdown.ts";
import { renderReportText } from "../../src/report/report-text.ts";
import {
  aChange,
  aDrift,
  aLive,
  anEntryChange,
  anOutcome,
  aPlan,
  aReport,
  aResource,
} from "../support/report-builders.ts";

const CANARY = "canary-3d1f9e";
const OPS: readonly Op[] = ["create", "update", "replace", "adopt", "prune", "hold", "keep"];

/** Texts as a hostile manifest or live server would have them. */
const hostile = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc
    .array(
      fc.constantFrom(
        "\u001b[2J",
        "\u009b31m",
        "\u202e",
        "\u2028",
        "\ud800",
        "```",
        "````",
        "`",
        "<script>",
        "@octocat",
        "#1",
        "[x](y)",
        "\n",
        "\r",
        "\t",
        "word ",
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join("")),
);

const field: fc.Arbitrary<FieldDiff> = fc.oneof(
  fc.record({ pointer: hostile, before: hostile, after: hostile }),
  fc.record({ pointer: hostile, after: fc.jsonValue().filter((value) => value !== undefined) as fc.Arbitrary<string> }),
  // A plan masks both sides; a renderer must not rely on it.
  fc
    .record({ pointer: hostile, secret: fc.constant(true as const) })
    .map((secret) => Object.assign(secret, { before: CANARY, after: `${CANARY}2` })),
);

const resourceChange: fc.Arbitrary<Change> = fc
  .record({
    op: fc.constantFrom(...OPS),
    name: hostile,
    displayName: hostile,
    fields: fc.array(field, { maxLength: 4 }),
    detail: hostile,
  })
  .map(({ detail, ...traits }) =>
    withSecrets(aChange({ ...traits, hold: { reason: "copy", detail, remedy: detail } })),
  );

const entryChange: fc.Arbitrary<Change> = fc
  .record({
    op: fc.constantFrom("create", "update", "prune", "keep", "hold"),
    datasource: fc.constantFrom("a", "b"),
    name: hostile,
  })
  .map(({ op, datasource, name }) => withSecrets(anEntryChange(op, datasource, name)));

const plan: fc.Arbitrary<Plan> = fc
  .record({
    changes: fc.array(fc.oneof(resourceChange, entryChange), { maxLength: 12 }),
    notes: fc.array(fc.record({ code: fc.constant("x"), message: hostile }), { maxLength: 2 }),
    refusals: fc.array(fc.record({ rule: fc.constant("empty" as const), detail: hostile, remedy: hostile }), {
      maxLength: 2,
    }),
  })
  .map(({ changes, notes, refusals }) => aPlan(changes, { notes, refusals }));

/** The same change with the canary wherever a document, live or desired, could hold a secret. */
function withSecrets<C extends Change>(change: C): C {
  const secret = new Secret({ $env: "TOKEN" }, CANARY);
  const desired =
    change.subject === "resource"
      ? {
          desired: aResource("App", change.name, { token: secret }),
          live: aLive("App", change.name, { token: CANARY }),
        }
      : { desired: { name: "x", body: { kind: "content", value: secret }, metadata: {}, sha256: "0" } };
  return { ...change, ...desired };
}

function everyOutput(of: Plan): readonly string[] {
  const report = aReport(
    of.changes.map((change) => anOutcome(change, { status: change.op === "hold" ? "held" : "done" })),
  );
  const drift = aDrift(
    of.changes.map((change) => ({
      change,
      class: "drift",
      fields: change.fields.map((item) => ({ field: item, class: "drift" })),
    })),
  );
  return [
    renderPlanText(of, { style: "plain", keeps: "shown" }),
    renderPlanMarkdown(of),
    renderPlanNdjson(of),
    renderPlanHtml(of),
    renderReportText(report, { style: "plain" }),
    renderReportMarkdown(report),
    jsonLine(reportToJson(report)),
    renderDriftText(drift, { style: "plain" }),
    renderDriftMarkdown(drift),
    renderDriftHtml(drift),
    jsonLine(driftToJson(drift)),
  ];
}

describe("whatever is planned", () => {
  it("no output holds a secret", () => {
    fc.assert(
      fc.property(plan, (of) => {
        expect(everyOutput(of).filter((text) => text.includes(CANARY))).toEqual([]);
        expect(renderPlanText(of, { style: "color" })).not.toContain(CANARY);
      }),
    );
  });

  it("no output holds a character that moves a cursor or turns text around", () => {
    fc.assert(
      fc.property(plan, (of) => {
        const unsafe = everyOutput(of)
          .join("")
          .matchAll(/(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu);
        expect([...unsafe].map(([character]) => character.charCodeAt(0))).toEqual([]);
      }),
    );
  });

  it("colour adds nothing but colours", () => {
    fc.assert(
      fc.property(plan, (of) => {
        const colored = renderPlanText(of, { style: "color" });
        // oxlint-disable-next-line no-control-regex
        expect(colored.replaceAll(/\u001b\[\d+m/gu, "").replaceAll(/ +$/gmu, "")).toBe(
          renderPlanText(of, { style: "plain" }).replaceAll(/ +$/gmu, ""),
        );
      }),
    );
  });

  it("Markdown stays within its limit", () => {
    fc.assert(
      fc.property(plan, fc.integer({ min: 1, max: 3000 }), (of, limit) => {
        expect(renderPlanMarkdown(of, { limit }).length).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it("no foreign text leaves its fence", () => {
    fc.assert(
      fc.property(plan, (of) => {
        const outside = everyOutput(of)
          .filter((text) => text.startsWith("## "))
          .map(outsideOfFences);
        for (const text of outside) expect(text).toMatch(/^[\w\s.,:;()*#·"“”`-]*$/u);
      }),
    );
  });

  it("the numbers of the summary add up to the changes", () => {
    fc.assert(
      fc.property(plan, (of) => {
        const summary = /^(?:Plan: .*|No changes.*)$/mu.exec(renderPlanText(of, { style: "plain" }))?.[0] ?? "";
        expect(sumOf(summary)).toBe(of.changes.length);
        const report = aReport(of.changes.map((change) => anOutcome(change, { status: "done" })));
        expect(sumOf(/^Applied: .*$/mu.exec(renderReportText(report, { style: "plain" }))?.[0] ?? "")).toBe(
          of.changes.length,
        );
      }),
    );
  });

  it("the same plan gives the same bytes", () => {
    fc.assert(
      fc.property(plan, (of) => {
        expect(everyOutput(of)).toEqual(everyOutput(of));
      }),
    );
  });
});

/** What a Markdown reader does not take as code: fences by CommonMark's rule, then spans. */
function outsideOfFences(markdown: string): string {
  const kept: string[] = [];
  let fence: string | undefined;
  for (const line of markdown.split("\n")) {
    const ticks = /^(`{3,})/u.exec(line)?.[1];
    if (fence === undefined && ticks !== undefined) fence = ticks;
    else if (fence !== undefined && /^`+$/u.test(line.trim()) && line.trim().length >= fence.length) fence = undefined;
    else if (fence === undefined) kept.push(line);
  }
  expect(fence).toBeUndefined();
  return kept.join("\n").replaceAll(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/gu, "");
}

function sumOf(sentence: string): number {
  return [...sentence.matchAll(/\d+/gu)].reduce((sum, [digits]) => sum + Number(digits), 0);
}
