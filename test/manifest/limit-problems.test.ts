import { expect, it } from "vitest";
import type { Problem } from "../../src/model/problem.ts";
import { aFile, anApp, build } from "../support/manifest-builders.ts";

/** An app with that many unknown fields. */
function wrong(count: number): string {
  return anApp("a", ...Array.from({ length: count }, (_, index) => `unknown${index}: 1`));
}

function countOf(problems: readonly Problem[], code: string): number {
  return problems.filter((problem) => problem.code === code).length;
}

it("a thousand problems of a file are all told", () => {
  const { problems } = build(wrong(1000));
  expect(countOf(problems, "schema/unknown-field")).toBe(1000);
  expect(countOf(problems, "manifest/too-many")).toBe(0);
});

it("of more the first thousand are told, and how many more there are; other files are told in full", () => {
  const { problems } = build([aFile(wrong(1500), "a.yaml"), aFile(anApp("b", "unknown: 1"), "b.yaml")]);
  expect(problems.filter(({ path }) => path === "a.yaml")).toHaveLength(1001);
  expect(problems).toContainEqual({
    severity: "error",
    code: "manifest/too-many",
    message: "this file has 500 more problems: mend the first 1000, then look again",
    path: "a.yaml",
  });
  expect(problems.filter(({ path }) => path === "b.yaml")).toHaveLength(1);
});

it("warnings do not crowd out an error that stands behind them", () => {
  const many = Array.from({ length: 1200 }, (_, index) => `---\nname: App ${index}\ntype_slug: web\n`).join("");
  const { problems } = build(`${many}---\n${anApp("last", "unknown: 1")}`);
  expect(countOf(problems, "schema/unknown-field")).toBe(1);
  expect(problems.find(({ code }) => code === "manifest/too-many")?.severity).toBe("warning");
});
