import { readFile, rm, writeFile } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import { EXIT } from "../../src/cli/exit-codes.ts";
import { isObject } from "../../src/model/json.ts";
import { type AccidentWorld, accidentWorld } from "../support/accident-world.ts";
import { type CliProcess, startCli } from "../support/cli-process.ts";
import { appYaml, datasourceYaml, TOKEN } from "../support/cli-world.ts";

let world: AccidentWorld | undefined;

afterEach(async () => {
  await world?.close();
});

async function open(...args: Parameters<typeof accidentWorld>): Promise<AccidentWorld> {
  world = await accidentWorld(...args);
  return world;
}

function files(folder: string, names: readonly string[], lines: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`${folder}/${name}.yaml`, appYaml(name, lines)]));
}

const TEN = Array.from({ length: 10 }, (_, index) => `bot-${index}`);

function summaryOf(stdout: string): readonly { readonly key: string; readonly status: string }[] {
  const report: unknown = JSON.parse(stdout);
  const outcomes = isObject(report) ? report["outcomes"] : undefined;
  return (outcomes as readonly { change: { key: string }; status: string }[]).map(({ change, status }) => ({
    key: change.key,
    status,
  }));
}

// One object in the middle failed, the run stopped there, and nobody knew what had been done (deck#860, aic#2877).
describe("accident 9: one of ten fails, the others are done, and running again does the rest", () => {
  it.each([1, 10])("with --parallelism %d", async (parallelism) => {
    const at = await open(files("all", TEN), { faults: ["status=400,method=POST,path=/api/apps,nth=3"] });
    const { exitCode, stdout } = await at.run(`apply all -o json --parallelism ${parallelism}`);
    expect(exitCode).toBe(EXIT.partial);
    const failed = summaryOf(stdout).filter(({ status }) => status !== "done");
    expect(failed).toMatchObject([{ status: "failed" }]);
    expect(at.writes()).toHaveLength(10);
    await at.restart();
    expect((await at.run("apply all")).exitCode).toBe(EXIT.ok);
    expect(at.writes()).toEqual(["POST /api/apps"]);
    expect((await at.live("/api/apps")).map(({ name }) => name).toSorted()).toEqual(TEN);
  });

  it("what depends on it waits, and what is to be deleted with it stays", async () => {
    const reading = [
      "processors:",
      "  - id: _inputs1",
      "    provider_slug: promptly",
      "    processor_slug: text_chat",
      '    input: { question: "x" }',
      "    config: { datasource: [{ $ref: Datasource/docs }] }",
    ];
    const at = await open({
      ...files("before", ["free", "gone"]),
      ...files("after", ["free", "new"], ["description: Changed"]),
      "after/docs.yaml": datasourceYaml("docs", { one: "First." }),
      "after/reader.yaml": appYaml("reader", reading).replace("    processors: []\n", ""),
    });
    expect((await at.run("apply before")).exitCode).toBe(EXIT.ok);
    await at.restart(["status=400,method=POST,path=/api/datasources"]);
    const { exitCode, stdout } = await at.run("apply after --prune -o json");
    expect(exitCode).toBe(EXIT.partial);
    expect(summaryOf(stdout)).toEqual(
      expect.arrayContaining([
        { key: "App/free", status: "done" },
        { key: "App/new", status: "done" },
        { key: "Datasource/docs", status: "failed" },
        { key: "Datasource/docs/entries/one", status: "blocked" },
        { key: "App/reader", status: "blocked" },
      ]),
    );
    expect(at.writes().filter((line) => line === "POST /api/apps")).toHaveLength(1);
    await at.restart();
    expect((await at.run("apply after --prune")).exitCode).toBe(EXIT.ok);
    expect((await at.run("plan after --prune --detailed-exitcode")).exitCode).toBe(EXIT.ok);
  });
});

// The plan that was applied was not the plan that had been reviewed (tf#4055).
describe("accident 10: a saved plan does what was reviewed, once, or says what has moved", () => {
  it("an app edited meanwhile is named and not touched; the rest is done", async () => {
    const at = await open({ ...files("old", ["a", "b"]), ...files("new", ["a", "b", "c"], ["description: New"]) });
    expect((await at.run("apply old")).exitCode).toBe(EXIT.ok);
    expect((await at.run("plan new --out saved.plan")).exitCode).toBe(EXIT.ok);
    const a = (await at.live("/api/apps")).find(({ name }) => name === "a");
    await at.byHand("PATCH", `/api/apps/${a?.uuid ?? ""}`, { description: "Typed in the editor" });
    const { exitCode, stdout } = await at.run("apply saved.plan");
    expect(exitCode).toBe(EXIT.stale);
    expect(stdout).toMatch(/App\/a/u);
    const after = await at.live("/api/apps");
    const described = (name: string): unknown => after.find((app) => app.name === name)?.["data"];
    expect(described("a")).toMatchObject({ description: "Typed in the editor" });
    expect(described("b")).toMatchObject({ description: "New" });
    expect(described("c")).toMatchObject({ description: "New" });
    expect(at.writes().filter((line) => line.includes(a?.uuid ?? "no app"))).toEqual([]);
  });

  it("applied twice it makes nothing twice", async () => {
    const docs = { "new/docs.yaml": datasourceYaml("docs", { one: "First." }) };
    const at = await open({ ...files("new", ["a", "b"]), ...docs });
    expect((await at.run("plan new --out saved.plan")).exitCode).toBe(EXIT.ok);
    expect((await at.run("apply saved.plan")).exitCode).toBe(EXIT.ok);
    await at.restart();
    expect((await at.run("apply saved.plan")).exitCode).toBe(EXIT.ok);
    expect(at.writes()).toEqual([]);
    expect(await at.live("/api/apps")).toHaveLength(2);
  });

  it("changed, cut or foreign plan files are refused before anything is written", async () => {
    const at = await open(files("new", ["a"]));
    expect((await at.run("plan new --out saved.plan")).exitCode).toBe(EXIT.ok);
    const text = await readFile(at.path("saved.plan"), "utf8");
    const broken = [
      text.slice(0, text.length / 2),
      text.replaceAll('"text-chat"', '"web"'),
      '{"kind":"Plan"}',
      '{"kind":"Plan","schemaVersion":99}',
    ];
    for (const [index, bad] of broken.entries()) {
      await writeFile(at.path("bad.plan"), bad);
      const { exitCode, stderr } = await at.run("apply bad.plan");
      expect({ index, isRefused: exitCode !== EXIT.ok, writes: at.writes() }).toEqual({
        index,
        isRefused: true,
        writes: [],
      });
      expect(stderr).not.toMatch(/bug in llmstack-sync/u);
    }
  });
});

// Two pipelines at once made everything twice, and a lock that outlived its process stopped all the next (deck#855).
describe("accident 12: two runs at once, and a run that is killed", () => {
  function start(at: AccidentWorld): CliProcess {
    const env = { LLMSTACK_SERVER: at.url, LLMSTACK_TOKEN: TOKEN, LLMSTACK_SET: "shop" };
    return startCli(["apply", "all", "--parallelism", "2"], { cwd: at.folder, env });
  }

  it("the second waits or exits 8; kill -9 of the first frees the lock, and the next run makes the rest", async () => {
    const at = await open(files("all", TEN), {
      faults: ["latency=60000,method=POST,index=6-99"],
    });
    const first = start(at);
    await untilWrites(at, 4);
    const second = await start(at).ended;
    expect(second.code).toBe(EXIT.locked);
    expect(second.stderr).toMatch(new RegExp(`process ${first.child.pid ?? 0}\\b`, "u"));
    first.child.kill("SIGKILL");
    expect((await first.ended).code).toBe("SIGKILL");
    await at.restart();
    const left = await start(at).ended;
    expect({ code: left.code, stderr: left.stderr }).toMatchObject({ code: EXIT.ok });
    expect((await at.live("/api/apps")).map(({ name }) => name).toSorted()).toEqual(TEN);
    await at.restart();
    expect((await start(at).ended).code).toBe(EXIT.ok);
    expect(at.writes()).toEqual([]);
  });

  it("without a common lock, as on two machines, there is one of each in the end", async () => {
    const at = await open(files("all", TEN), { latencyMs: 20 });
    const env = { LLMSTACK_SERVER: at.url, LLMSTACK_TOKEN: TOKEN, LLMSTACK_SET: "shop" };
    const runs = ["one", "two"].map((machine) =>
      startCli(["apply", "all"], { cwd: at.folder, env: { ...env, XDG_STATE_HOME: at.path(machine) } }),
    );
    await Promise.all(runs.map((run) => run.ended));
    expect((await at.run("apply all")).exitCode).toBe(EXIT.ok);
    expect((await at.live("/api/apps")).map(({ name }) => name).toSorted()).toEqual(TEN);
    expect((await at.run("plan all --prune --detailed-exitcode")).exitCode).toBe(EXIT.ok);
  });
});

// Half of what was live went in one run, because a folder had been moved (octo#785).
describe("accident 16: a run that would delete too much deletes nothing, and says what would allow it", () => {
  it("4 of 10 managed apps: exit 6, and the very flag that it names does it", async () => {
    const at = await open(files("all", TEN));
    expect((await at.run("apply all")).exitCode).toBe(EXIT.ok);
    for (const name of TEN.slice(0, 4)) await rm(at.path(`all/${name}.yaml`));
    await at.restart();
    const { exitCode, stdout, stderr } = await at.run("apply all --prune --yes");
    expect(exitCode).toBe(EXIT.refused);
    expect(stderr).toMatch(/4 of 10 managed objects would be deleted/u);
    expect(at.writes()).toEqual([]);
    const override = /--max-deletes \d+/u.exec(stderr + stdout)?.[0] ?? "no override";
    expect((await at.run("apply all --prune --yes --max-deletes 3")).exitCode).toBe(EXIT.refused);
    expect((await at.run("apply all --prune --yes --max-deletes 30%")).exitCode).toBe(EXIT.refused);
    expect(at.writes()).toEqual([]);
    expect((await at.run(`apply all --prune --yes ${override}`)).exitCode).toBe(EXIT.ok);
    expect((await at.live("/api/apps")).map(({ name }) => name).toSorted()).toEqual(TEN.slice(4));
  });
});

async function untilWrites(at: AccidentWorld, count: number): Promise<void> {
  while (at.writes().length < count) await new Promise(setImmediate);
}
