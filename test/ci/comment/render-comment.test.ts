import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CommentKey } from "../../../src/ci/comment/marker.ts";
import { recordIn } from "../../../src/ci/comment/record.ts";
import {
  type CommentFrame,
  recordOf,
  renderPlanComment,
  renderProblemsComment,
  renderReportComment,
} from "../../../src/ci/comment/render-comment.ts";
import type { Plan } from "../../../src/model/plan.ts";
import { mixedPlan, mixedReport } from "../../report/sample.ts";
import { aChange, anEntryChange, aPlan } from "../../support/report-builders.ts";

const key: CommentKey = { set: "shop", target: "prod", topic: "plan" };
const frame: CommentFrame = { key, record: undefined, remarks: [], link: "https://forge.test/run/1", limit: 60_000 };
const HEAD = "a".repeat(40);

function render(plan: Plan, over: Partial<CommentFrame> = {}): string {
  return renderPlanComment(
    { plan, unexplained: plan.changes.filter(({ key: of }) => of.endsWith("/unasked")) },
    { ...frame, ...over },
  );
}

/** What is markup: fences, code and our own HTML comments taken out. */
function markup(text: string): string {
  const lines: string[] = [];
  let fence: string | undefined;
  for (const line of text.split("\n")) {
    const ticks = /^`{3,}/u.exec(line)?.[0];
    if (fence === undefined && ticks !== undefined) fence = ticks;
    else if (fence !== undefined && line === fence) fence = undefined;
    else if (fence === undefined) lines.push(line);
  }
  expect(fence).toBeUndefined();
  return (
    lines
      .join("\n")
      // Whichever opens first is code.
      .replaceAll(/(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)|<code>[^<]*<\/code>/gu, "CODE")
      .replaceAll(/^<!-- llmstack-sync:[^\n]* -->$/gmu, "")
  );
}

describe("the comment on a pull request", () => {
  it("looks as it should", async () => {
    const unasked = aChange({ op: "update", name: "unasked", fields: [{ pointer: "/name", before: "a", after: "b" }] });
    const plan = aPlan([...mixedPlan.changes, unasked]);
    const text = render(plan, {
      record: recordOf(plan, HEAD, "b".repeat(40)),
      remarks: ["The project file is changed here."],
    });
    await expect(text).toMatchFileSnapshot("golden/plan-comment.md");
  });

  it("of problems and of a report looks as it should", async () => {
    const problem = {
      severity: "error",
      code: "app/unknown-field",
      message: "no field | `named` @octocat",
      path: "a.yaml",
    } as const;
    await expect(renderProblemsComment({ problems: [problem], texts: new Map() }, frame)).toMatchFileSnapshot(
      "golden/problems-comment.md",
    );
    await expect(renderReportComment(mixedReport, frame)).toMatchFileSnapshot("golden/report-comment.md");
  });

  it("keeps a record of everything it is about", () => {
    const record = recordOf(mixedPlan, HEAD, undefined);
    expect(recordIn(render(mixedPlan, { record }), key)).toEqual(record);
    expect(record.ids).toHaveLength(mixedPlan.changes.filter(({ op }) => op !== "keep").length);
  });

  it("of 5,000 changes stays within the limit, names deletes first and says what is left out", () => {
    const changes = Array.from({ length: 5_000 }, (_, index) =>
      aChange({
        op: index % 10 === 0 ? "prune" : "update",
        name: `app-${index}`,
        fields: [{ pointer: "/config/prompt", before: "ü".repeat(300), after: "Ü".repeat(300) }],
      }),
    );
    const plan = aPlan(changes);
    const text = render(plan, { record: recordOf(plan, HEAD, undefined) });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000);
    expect(text).toMatch(/Left out, because a comment may not be longer: details of changes \(\d+\)/u);
    expect(text.indexOf("Deletes, replaces")).toBeLessThan(text.indexOf("### Changes"));
    markup(text);
  });

  it("holds foreign text in code alone, closed, whatever it is", () => {
    const piece = fc.constantFrom(
      "```",
      "````",
      "`",
      "|",
      "<b>",
      "</details>",
      "<code>",
      "</code>",
      "-->",
      "<!--",
      "@octocat",
      "#1",
      "[x](y)",
      "\n",
      "\r\n",
      "\\",
      "\u202e",
      "\u001b[2J",
      "word ",
      "&lt;",
    );
    const foreign = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.array(piece, { maxLength: 20 }).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(foreign, foreign, foreign, (name, before, after) => {
        const fields = [{ pointer: `/config/${name}`, before, after }];
        const text = render(
          aPlan([
            aChange({ op: "update", displayName: `@octocat ${name}`, fields }),
            aChange({ op: "hold", name: "intake", hold: { reason: "copy", detail: before, remedy: after } }),
            anEntryChange("create", "faq", `@octocat ${after}`, before),
          ]),
        );
        const rest = markup(text);
        expect(rest).not.toMatch(/@octocat|<b>|#1\b|\[x\]/u);
        expect(rest.match(/<details>/gu)?.length).toBe(rest.match(/<\/details>/gu)?.length);
        expect(["\u202e", "\u001b"].filter((character) => text.includes(character))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
