import { afterEach, describe, expect, it } from "vitest";
import { appYaml, cliWorld, type CliWorld, datasourceYaml } from "../support/cli-world.ts";

const BASE = {
  "old/bot.yaml": appYaml("bot", ["config: { token: { $env: NOT_SET_ANYWHERE } }"]),
  "old/gone.yaml": appYaml("gone"),
  "old/docs.yaml": datasourceYaml("docs", { a: "One", b: "Two" }),
};
const HEAD = {
  "new/bot.yaml": appYaml("bot", ["config: { token: { $env: NOT_SET_ANYWHERE } }", "description: Helps."]),
  "new/docs.yaml": datasourceYaml("docs", { a: "Uno", b: "Two" }),
};

let world: CliWorld | undefined;

afterEach(async () => {
  await world?.close();
  world = undefined;
});

async function started(files: Readonly<Record<string, string>> = { ...BASE, ...HEAD }): Promise<CliWorld> {
  world = await cliWorld(files);
  return world;
}

describe("plan --base", () => {
  it("says what leads from one folder to the other, asks no server and needs no secret", async () => {
    const at = await started();
    const { exitCode, stdout, stderr } = await at.run(["plan", "new", "--base", "old", "--set", "shop"]);
    expect(stdout.replaceAll(/\[[0-9a-f]{12}\]/gu, "[id]").replace(/digest .*/u, "digest"))
      .toBe(`Plan between manifests, no server asked: from old to new, set shop

-   App/gone [id]

~   App/bot [id]
    /description: "Helps."
=   Datasource/docs [id]
    ~   a (3 B) [id]

note: What no manifest names any more is deleted by an apply with --prune only.

Plan: 0 to create, 2 to update, 1 to delete, 2 unchanged.
1 entry is uploaded and embedded (3 B).
Plan digest
`);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(at.server.journal()).toEqual([]);
  });

  it("needs neither address nor token", async () => {
    const at = await started();
    const { exitCode } = await at.run(["plan", "new", "--base", "old"], {
      env: { LLMSTACK_SERVER: "", LLMSTACK_TOKEN: "" },
    });
    expect(exitCode).toBe(0);
  });

  it("of equal folders says so, whatever the format", async () => {
    const at = await started({ "old/bot.yaml": appYaml("bot"), "new/bot.yaml": appYaml("bot") });
    const said = "No changes. Both sets of manifests ask for the same (1 unchanged).";
    for (const format of ["text", "markdown", "html"]) {
      const { exitCode, stdout } = await at.run(["plan", "new", "--base", "old", "-o", format, "--detailed-exitcode"]);
      expect([exitCode, stdout.includes(said)]).toEqual([0, true]);
    }
  });

  it("exits 2 for differences when asked to, and marks its JSON with the base", async () => {
    const at = await started();
    const json = await at.run(["plan", "new", "--base", "old", "-o", "json", "--detailed-exitcode"]);
    expect(json.exitCode).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({
      kind: "Plan",
      target: { base: "old", source: "new", set: "default" },
      counts: { update: 2, prune: 1 },
    });
    const lines = await at.run(["plan", "new", "--base", "old", "-o", "ndjson"]);
    expect(JSON.parse(lines.stdout.split("\n")[0] ?? "")).toMatchObject({ type: "target", base: "old", source: "new" });
    for (const format of ["markdown", "html"]) {
      const { stdout } = await at.run(["plan", "new", "--base", "old", "-o", format]);
      expect(stdout.toLowerCase()).toContain("no server asked");
    }
  });

  it("is nothing that could be applied", async () => {
    const at = await started();
    const saved = await at.run(["plan", "new", "--base", "old", "--out", "x.plan"]);
    expect([saved.exitCode, saved.stderr]).toEqual([
      64,
      expect.stringContaining("--base makes one that is for no server"),
    ]);
    const { stdout } = await at.run(["plan", "new", "--base", "old", "-o", "json"]);
    const { writeFile } = await import("node:fs/promises");
    await writeFile(at.path("y.plan"), stdout);
    const applied = await at.run(["apply", "y.plan"]);
    expect([applied.exitCode, applied.stderr]).toEqual([3, expect.stringContaining("is for no server")]);
  });

  it("names the manifests of either side that are wrong", async () => {
    const at = await started({ ...HEAD, "old/bot.yaml": appYaml("bot", ["proccessors: 1"]) });
    const { exitCode, stderr } = await at.run(["plan", "new", "--base", "old"]);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining("old/bot.yaml:11")]);
    expect((await at.run(["plan", "new", "--base", "nowhere"])).exitCode).toBe(64);
  });
});
