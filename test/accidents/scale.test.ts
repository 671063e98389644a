import { mkdir, writeFile } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import { EXIT } from "../../src/cli/exit-codes.ts";
import { type AccidentWorld, accidentWorld } from "../support/accident-world.ts";
import { appYaml } from "../support/cli-world.ts";

let world: AccidentWorld | undefined;

afterEach(async () => {
  await world?.close();
});

/** So many apps as one file; `marker` tells them from others. */
function apps(count: number, marker: string): string {
  return Array.from({ length: count }, (_, index) => appYaml(`${marker}-${index}`)).join("---\n");
}

// Each object cost a request of its own, and a sync took hours (deck#3, kcc#1561).
describe("accident 17: two thousand objects cost as many requests as ten", () => {
  it("plan, drift and --only of one ask one list a kind; an apply of one writes one", async () => {
    const count = 2_000;
    const at = await accidentWorld({ "all.yaml": apps(count, "bot"), "few/some.yaml": apps(10, "bot") });
    world = at;
    const few = await requestsOf(at, "plan few");
    expect((await at.run("apply few")).exitCode).toBe(EXIT.ok);
    expect((await at.run("apply all.yaml --parallelism 64 -q")).exitCode).toBe(EXIT.ok);
    for (const line of ["plan all.yaml --prune --detailed-exitcode", "drift all.yaml --detailed-exitcode"]) {
      expect(await requestsOf(at, line)).toEqual(few);
    }
    expect(await requestsOf(at, "plan all.yaml --only App/bot-7 --detailed-exitcode")).toEqual(few);
    await writeFile(at.path("few/some.yaml"), appYaml("bot-7", ["description: Changed"]));
    await at.restart();
    expect((await at.run("apply few --only App/bot-7")).exitCode).toBe(EXIT.ok);
    expect(at.writes()).toHaveLength(1);
    expect(at.journal().length).toBeLessThanOrEqual(few.length + 3);
  });
});

async function requestsOf(at: AccidentWorld, line: string): Promise<readonly string[]> {
  await at.restart();
  expect({ line, exitCode: (await at.run(line)).exitCode }).toEqual({ line, exitCode: EXIT.ok });
  return at
    .journal()
    .map(({ method, path }) => `${method} ${path}`)
    .toSorted();
}

// A comment above the forge's limit was not posted, and the merge went through unseen (dflook#133).
describe("accident 19: a plan too long for a comment still shows every delete, and its digest", () => {
  it("5,000 changes, 400 of them deletes", async () => {
    const at = await accidentWorld({ "old.yaml": apps(400, "retired-bot"), "new/all.yaml": apps(4_600, "bot") });
    world = at;
    expect((await at.run("apply old.yaml --parallelism 64 -q")).exitCode).toBe(EXIT.ok);
    const line = "plan new --prune --max-deletes 400";
    const { exitCode, stdout } = await at.run(`${line} -o markdown`);
    expect(exitCode).toBe(EXIT.ok);
    expect(stdout.length).toBeLessThan(65_536);
    expect(stdout.match(/^- +App\/retired-bot-\d+/gmu)).toHaveLength(400);
    expect(stdout).toMatch(/4,?600 to create, 0 to update, 400 to delete/u);
    expect(stdout).toMatch(/Plan digest `[0-9a-f]{64}`/u);
    expect(stdout).toMatch(/[\d,]+ of “Creates” are not listed/u);
    const text = await at.run(line);
    expect(text.stdout).toContain(/Plan digest `([0-9a-f]{12})/u.exec(stdout)?.[1]);
  });
});

describe("ten thousand mistakes in a hundred files", () => {
  it.each(["text", "json", "sarif", "junit", "github"])("are all told where they stand, with -o %s", async (format) => {
    const at = await accidentWorld({});
    world = at;
    await mkdir(at.path("bad"));
    for (let file = 0; file < 100; file += 1) {
      const bad = Array.from({ length: 100 }, (_, index) => appYaml(`bot-${file}-${index}`, ["is_published: true"]));
      await writeFile(at.path(`bad/${file}.yaml`), bad.join("---\n"));
    }
    const { exitCode, stdout } = await at.run(`validate bad -o ${format}`);
    expect(exitCode).toBe(EXIT.invalid);
    expect(stdout.match(/is_published has no place/gu)?.length).toBeGreaterThanOrEqual(10_000);
    for (const place of ["bad/0.yaml", "bad/99.yaml"]) expect(stdout).toContain(place);
  });
});
