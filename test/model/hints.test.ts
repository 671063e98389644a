import glob from "fast-glob";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import * as hints from "../../src/model/hints.ts";

const { HINTS, hintFor } = hints;

const OF_COMMAND_LINE = /(?:^|[\s(])--[a-z]|LLMSTACK_|\brun (?:it |this |again|the same)/iu;

const WITH_FACTS: Readonly<Record<string, hints.Hint>> = {
  againAfter: hints.againAfter("Settle that first."),
  deleteOrAdopt: hints.deleteOrAdopt("the uuid"),
  takeOver: hints.takeOver("shop"),
  formerSet: hints.formerSet("shop"),
  selectToo: hints.selectToo("Datasource/docs"),
  movedServer: hints.movedServer("https://new.example.com"),
  unknownServer: hints.unknownServer("doc"),
  unknownDialect: hints.unknownDialect("doc"),
  lostAnswer: hints.lostAnswer("write", ""),
  deleteMore: hints.deleteMore(7),
};

describe.each(Object.entries<hints.Hint>({ ...HINTS, ...WITH_FACTS }))("the hint %s", (_, hint) => {
  it("speaks of no flag, variable or command to who has a cluster alone", () => {
    expect(hintFor(hint, "cluster")).not.toMatch(OF_COMMAND_LINE);
    expect(hintFor(hint, "git-sync")).not.toMatch(OF_COMMAND_LINE);
  });

  it("is another one on the command line, or it need not stand in the table", () => {
    expect(hintFor(hint, "command-line")).not.toBe(hintFor(hint, "cluster"));
  });
});

it("a hint that is the same for all is taken by all", () => {
  expect(hintFor({ remedy: "Wait." }, "git-sync")).toBe("Wait.");
  expect(hintFor({}, "cluster")).toBeUndefined();
});

it("flags stand in no remedy of the engine but in the table", async () => {
  const root = new URL("../..", import.meta.url).pathname;
  const files = await glob("src/{plan,apply,client}/**/*.ts", { cwd: root });
  const texts = await Promise.all(files.map(async (path) => ({ path, text: await readFile(root + path, "utf8") })));
  const bad = texts
    .filter(({ text }) => /remedy:[^;}]*?["`][^"`]*(?:\s|\()--[a-z]/u.test(text))
    .map(({ path }) => path);
  // Plan files and the paths of manifests are of the command line alone.
  expect(bad).toEqual([
    "src/plan/decode.ts",
    "src/plan/delete-plan.ts",
    "src/plan/parse-saved-plan.ts",
    "src/plan/safety.ts",
  ]);
});
