import { afterEach, describe, expect, it } from "vitest";
import { commandRows } from "../../src/cli/command-table.ts";
import { EXIT } from "../../src/cli/exit-codes.ts";
import { parseFault } from "../../src/server/faults/parse-fault.ts";
import { type CliCase, cliCases, FILES } from "../support/cli-cases.ts";
import type { CliResult } from "../support/cli-io.ts";
import { cliWorld, type CliWorld, TOKEN } from "../support/cli-world.ts";

/** Escape codes, secrets, stacks. */
const UNWANTED = new RegExp(String.raw`\x1b|canary|\n\s+at `, "u");

let world: CliWorld | undefined;

afterEach(async () => {
  await world?.close();
});

async function runCase({ line, circumstances }: CliCase, extra: readonly string[] = []): Promise<CliResult> {
  const { first = [], env = {}, faults = [], isStopped } = circumstances;
  world = await cliWorld(FILES, { faults: faults.map(parseFault) });
  for (const before of first) expect(await world.run(before.split(" "))).toMatchObject({ exitCode: 0 });
  const stop = new AbortController();
  if (isStopped === true) stop.abort(new DOMException("stopped", "AbortError"));
  return world.run([...line.split(" ").filter((word) => word !== ""), ...extra], { env, stop: stop.signal });
}

/** The first case with this command line. */
function caseOf(line: string): CliCase {
  const found = cliCases.find((one) => one.line === line && one.stdout === "document");
  if (found === undefined) throw new Error(`no case ${line}`);
  return found;
}

/** Cases of commands that know the format. */
function casesWith(format: string): readonly CliCase[] {
  const rows = commandRows.filter(({ flags }) =>
    flags.some(({ syntax, choices }) => syntax.startsWith("-o,") && choices?.includes(format)),
  );
  const names = new Set(rows.map(({ name }) => name));
  return cliCases.filter(({ line }) => names.has(line.split(" ")[0] ?? "") && !line.includes(" -o "));
}

describe("every command answers its code, and keeps stdout for the document", () => {
  it.each(cliCases)("$code $says", async (one) => {
    const { exitCode, stdout, stderr } = await runCase(one);
    expect({ exitCode, stderr }).toEqual({ exitCode: one.code, stderr: expect.stringMatching(one.stderr) as string });
    expect(stdout === "" ? "nothing" : "document").toBe(one.stdout);
    expect(stdout + stderr).not.toMatch(UNWANTED);
  });
});

describe("with -o json stdout is one document, whatever happens", () => {
  it.each(casesWith("json"))("$code $says", async (one) => {
    const { exitCode, stdout, stderr } = await runCase(one, ["-o", "json"]);
    expect(exitCode).toBe(one.code);
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, kind: expect.any(String) as string, exitCode });
    expect(stdout + stderr).not.toMatch(UNWANTED);
  });
});

describe("with -o ndjson every line of stdout is a document with its type", () => {
  it.each(casesWith("ndjson"))("$code $says", async (one) => {
    const { exitCode, stdout } = await runCase(one, ["-o", "ndjson"]);
    expect(exitCode).toBe(one.code);
    expect(stdout).toMatch(/\n$/u);
    for (const line of stdout.trimEnd().split("\n")) {
      expect(JSON.parse(line)).toMatchObject({ type: expect.any(String) as string, schemaVersion: 1 });
    }
  });
});

it("with --log-format json every line of stderr is a document", async () => {
  const { stderr } = await runCase(caseOf("apply good"), ["--log-format", "json"]);
  expect(stderr).not.toBe("");
  for (const line of stderr.trimEnd().split("\n")) {
    expect(JSON.parse(line)).toMatchObject({ level: expect.any(String) as string });
  }
});

it("with --quiet a run that goes well says nothing but its document", async () => {
  const { stdout, stderr } = await runCase(caseOf("apply good"), ["-q"]);
  expect(stderr).toBe("");
  expect(stdout).toContain("App/bot");
});

it("with -v an expected failure shows where it came from, and still no token", async () => {
  world = await cliWorld(FILES);
  const { stderr } = await world.run(["plan", "good", "-v"], { env: { LLMSTACK_TOKEN: "wrong-canary" } });
  expect(stderr).toMatch(/\n\s+at /u);
  expect(stderr).not.toMatch(/canary/u);
  expect(stderr).not.toContain(TOKEN);
});

it("an unexpected failure is called a bug, with a stack only for those who ask", async () => {
  world = await cliWorld(FILES);
  const broken = { stdin: () => Promise.reject(new TypeError("no such member")) };
  const { exitCode, stdout, stderr } = await world.run(["plan", "-"], broken);
  expect(exitCode).toBe(EXIT.unexpected);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^error: this is a bug in llmstack-sync: TypeError: no such member\n/u);
  expect(stderr).not.toMatch(/\n\s+at /u);
  expect((await world.run(["plan", "-", "-v"], broken)).stderr).toMatch(/\n\s+at /u);
});
