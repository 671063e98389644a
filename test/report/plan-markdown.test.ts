import { describe, expect, it } from "vitest";
import { renderPlanMarkdown } from "../../src/report/plan-markdown.ts";
import { aChange, anEntryChange, aPlan } from "../support/report-builders.ts";

const prompt = (word: string): string => Array.from({ length: 12 }, (_, index) => `${word} line ${index}`).join("\n");

describe("the Markdown of a plan", () => {
  const deletes = Array.from({ length: 400 }, (_, index) => aChange({ op: "prune", name: `old-${index}` }));
  const entries = Array.from({ length: 100 }, (_, index) => anEntryChange("prune", "docs", `gone-${index}.md`));
  const updates = Array.from({ length: 4500 }, (_, index) =>
    aChange({
      op: "update",
      name: `app-${index}`,
      fields: [{ pointer: "/config/prompt", before: prompt("old"), after: prompt("new") }],
    }),
  );
  const plan = aPlan([...deletes, ...entries, ...updates]);
  const text = renderPlanMarkdown(plan);

  it("of 5,000 changes fits into a comment", () => {
    expect(text.length).toBeLessThan(65_536);
  });

  it("of 5,000 changes lists every delete", () => {
    const missing = [...deletes, ...entries].filter(({ id }) => !text.includes(id.slice(0, 12)));
    expect(missing).toEqual([]);
  });

  it("of 5,000 changes says what it left out, and names the plan", () => {
    expect(text).toMatch(/Shortened to fit: [\d,]+ of “Updates” are not listed/u);
    expect(text).toContain(plan.digest);
  });

  it("says so when even the deletes do not fit", () => {
    expect(renderPlanMarkdown(plan, { limit: 6000 })).toMatch(/[\d,]+ of “Deletes and replaces” are not listed/u);
  });

  it("a prompt full of backticks stays inside its fence", () => {
    const fields = [{ pointer: "/config/prompt", before: "a\n", after: "a\n`````\n@octocat <b>\n" }];
    expect(renderPlanMarkdown(aPlan([aChange({ op: "update", fields })]))).toMatch(/\n``````diff\n[\s\S]*\n``````\n/u);
  });
});
