import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import glob from "fast-glob";
import { describe, expect, it } from "vitest";
import { aFile, brief, build } from "../support/manifest-builders.ts";

const corpus = new URL("../../../shared/corpus/", import.meta.url).pathname;

describe.runIf(existsSync(corpus))("real files of LLMStack", async () => {
  const paths = await glob("**/*.{yml,yaml}", { cwd: corpus });
  const isApp = (path: string): boolean => /\/(?:apps|templates)\//u.test(path);

  it.each(paths.filter(isApp))("%s reads as one app without a complaint", async (path) => {
    const { desired, problems } = build([aFile(await readFile(corpus + path, "utf8"), path)]);
    expect(problems.filter(({ severity }) => severity !== "note")).toEqual([]);
    expect([...desired.values()].map(({ kind }) => kind)).toEqual(["App"]);
  });

  it.each(paths.filter((path) => !isApp(path)))("%s is no manifest, and is told what it looks like", async (path) => {
    const { desired, problems } = build([aFile(await readFile(corpus + path, "utf8"), path)]);
    expect(desired.size).toBe(0);
    expect(brief(problems)).toEqual(["error manifest/unknown 1:1"]);
    expect(problems[0]?.message).toContain("pipeline template");
  });
});
