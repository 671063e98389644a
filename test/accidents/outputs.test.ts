import { readFile } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import { EXIT } from "../../src/cli/exit-codes.ts";
import { type AccidentWorld, accidentWorld } from "../support/accident-world.ts";
import { startCli } from "../support/cli-process.ts";
import { appYaml, datasourceYaml, TOKEN } from "../support/cli-world.ts";

let world: AccidentWorld | undefined;

afterEach(async () => {
  await world?.close();
});

async function open(...args: Parameters<typeof accidentWorld>): Promise<AccidentWorld> {
  world = await accidentWorld(...args);
  return world;
}

const TWO = { "all/a.yaml": appYaml("a"), "all/b.yaml": appYaml("b") };

// With a failure in the middle, the JSON was cut short, doubled or mixed with log lines (decK common.go).
describe("accident 8: with -o json a failure is one whole document too", () => {
  it.each([
    ["a write fails", "status=400,method=POST,path=/api/apps,nth=2", EXIT.partial, "Report"],
    ["a list fails", "html,method=GET,path=/api/apps", EXIT.unreachable, "Failure"],
    ["the token is refused", "status=403,path=/api/**", EXIT.auth, "Failure"],
    ["an answer makes no sense", "status=200,body=json,method=GET", EXIT.unreachable, "Failure"],
  ])("%s", async (_, fault, code, kind) => {
    const at = await open(TWO, { faults: [fault] });
    const { exitCode, stdout } = await at.run("apply all -o json --report report.json -v --parallelism 1");
    expect(exitCode).toBe(code);
    expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 1, kind, exitCode: code });
    expect(JSON.parse(await readFile(at.path("report.json"), "utf8"))).toEqual(JSON.parse(stdout));
  });

  it.each(["plan", "apply", "drift", "validate"])("%s: the manifests are wrong, and so are many", async (command) => {
    const bad = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`all/${i}.yaml`, `kind: [${i}\n`]));
    const at = await open(bad);
    const { exitCode, stdout } = await at.run(`${command} all -o json`);
    expect(exitCode).toBe(EXIT.invalid);
    const document = JSON.parse(stdout) as { readonly problems: readonly unknown[] };
    expect(document).toMatchObject({ schemaVersion: 1, exitCode: EXIT.invalid });
    expect(document.problems.length).toBeGreaterThanOrEqual(50);
    expect(at.journal().filter(({ committed }) => committed)).toEqual([]);
  });
});

// Escape codes went into pipes and logs, and without colour nobody could tell adds from deletes (deck#1582).
describe("accident 20: a pipe and NO_COLOR get no escape codes, and the symbols are still there", () => {
  it.each([
    ["a pipe", {}],
    ["NO_COLOR", { NO_COLOR: "1" }],
    ["TERM=dumb", { TERM: "dumb" }],
    ["CI", { CI: "true" }],
    ["FORCE_COLOR beside NO_COLOR", { NO_COLOR: "1", FORCE_COLOR: "1" }],
  ])("%s", async (_, env) => {
    const at = await open({
      "all/a.yaml": appYaml("a"),
      "all/b.yaml": appYaml("b"),
      "next/a.yaml": appYaml("a", ["description: Changed"]),
      "next/c.yaml": appYaml("c"),
    });
    expect((await at.run("apply all")).exitCode).toBe(EXIT.ok);
    const real = { cwd: at.folder, env: { LLMSTACK_SERVER: at.url, LLMSTACK_TOKEN: TOKEN, ...env } };
    const plan = await startCli(["plan", "next", "--prune", "--set", "shop", "-v"], real).ended;
    const apply = await startCli(["apply", "next", "--prune", "--set", "shop", "-v"], real).ended;
    for (const { code, stdout, stderr } of [plan, apply]) {
      expect(code).toBe(EXIT.ok);
      expect(stdout + stderr).not.toContain("\u001B");
      expect(stdout).toMatch(/^- +App\/b/mu);
      expect(stdout).toMatch(/^~ +App\/a/mu);
      expect(stdout).toMatch(/^\+ +App\/c/mu);
    }
  });
});

// A worker pool of no workers waited for ever, and one of a million brought the server down (GDR#488).
describe("accident 24: a parallelism that makes no sense is told, and nothing hangs", () => {
  const BAD = ["0", "-1", "abc", "1.5", "1e3", "Infinity", "NaN", "", " ", "99999999999", "0x10", "٣"];

  it.each(["plan", "apply", "drift", "delete", "export", "watch"])("%s", async (command) => {
    const at = await open(TWO);
    for (const value of BAD) {
      const { exitCode, stderr } = await at.run([command, "all", `--parallelism=${value}`]);
      expect({ value, exitCode }).toEqual({ value, exitCode: EXIT.usage });
      expect(stderr).toMatch(/--parallelism: .* is not a whole number from 1/u);
    }
    expect(at.journal()).toEqual([]);
  });

  it("in the environment and in the project file alike, with their names", async () => {
    const at = await open({ ...TWO, "llmstack-sync.yaml": "parallelism: 0\n" });
    for (const [env, place] of [
      [{ LLMSTACK_PARALLELISM: "-1" }, /LLMSTACK_PARALLELISM/u],
      [{}, /llmstack-sync\.yaml/u],
    ] as const) {
      const { exitCode, stderr } = await at.run("apply all", { env });
      expect(exitCode).toBe(EXIT.usage);
      expect(stderr).toMatch(place);
    }
    expect(at.journal()).toEqual([]);
  });
});

// A sync with nothing to do crashed on its own empty list (deck#396).
describe("accident 25: nothing to do is no event", () => {
  it.each(["text", "json", "ndjson", "markdown"])("-o %s: exit 0, no writes, and it says so", async (format) => {
    const at = await open({ ...TWO, "all/docs.yaml": datasourceYaml("docs", { one: "First." }) });
    expect((await at.run("apply all")).exitCode).toBe(EXIT.ok);
    await at.restart();
    const { exitCode, stdout, stderr } = await at.run(`apply all --prune -o ${format}`);
    expect(exitCode).toBe(EXIT.ok);
    expect(stdout).not.toBe("");
    expect(stderr).not.toMatch(/error|warning/u);
    const plan = await at.run(`plan all --prune --detailed-exitcode -o ${format}`);
    expect(plan.exitCode).toBe(EXIT.ok);
    expect(plan.stdout).toMatch(
      format === "text" || format === "markdown" ? /No changes/u : /"(?:summary|kind|type)"/u,
    );
    expect(at.writes()).toEqual([]);
  });

  it("on an empty server with an empty folder: plan, apply, drift, export and delete", async () => {
    const at = await open({ "none/readme.md": "Nothing yet.\n", "all/a.yaml": appYaml("a") });
    for (const line of [
      "plan none --allow-empty --prune",
      "apply none --allow-empty --prune",
      "apply none --allow-empty --prune -o json --report report.json",
      "delete all --yes",
      "export out",
      "export out -o json",
    ]) {
      const { exitCode, stderr } = await at.run(line);
      expect({ line, exitCode }).toEqual({ line, exitCode: EXIT.ok });
      expect(stderr).not.toMatch(/error/u);
    }
    expect(at.writes()).toEqual([]);
  });
});
