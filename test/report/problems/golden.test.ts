import { describe, expect, it } from "vitest";
import { renderProblemsGithub } from "../../../src/report/problems/problems-github.ts";
import { problemsToJson } from "../../../src/report/problems/problems-json.ts";
import { renderProblemsJunit } from "../../../src/report/problems/problems-junit.ts";
import { problemsToSarif } from "../../../src/report/problems/problems-sarif.ts";
import { renderProblemsText } from "../../../src/report/problems/problems-text.ts";
import { mixed } from "./sample.ts";

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
const none = { ...mixed, problems: [] };

describe("problems look as they did", () => {
  it.each([
    ["problems.txt", renderProblemsText(mixed, { style: "plain" })],
    ["problems.ansi.txt", renderProblemsText(mixed, { style: "color" }).replaceAll("\u001b", "<ESC>")],
    ["problems-none.txt", renderProblemsText(none, { style: "plain" })],
    ["problems.json", json(problemsToJson(mixed))],
    ["problems.sarif", json(problemsToSarif(mixed, { version: "1.2.3" }))],
    ["problems.xml", renderProblemsJunit(mixed)],
    ["problems-none.xml", renderProblemsJunit(none)],
    ["problems-github.txt", renderProblemsGithub(mixed)],
  ])("%s", async (file, text) => {
    await expect(text).toMatchFileSnapshot(`../golden/${file}`);
  });
});
