import { writeFile } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import { EXIT } from "../../src/cli/exit-codes.ts";
import { isArray } from "../../src/model/json.ts";
import { type AccidentWorld, accidentWorld, SET } from "../support/accident-world.ts";
import { appYaml, datasourceYaml } from "../support/cli-world.ts";

let world: AccidentWorld | undefined;

afterEach(async () => {
  await world?.close();
});

async function open(...args: Parameters<typeof accidentWorld>): Promise<AccidentWorld> {
  world = await accidentWorld(...args);
  return world;
}

const UNCLEAR = ["status=504,body=html,when=after", "status=502,when=after", "lost=after", "truncated=clean"];

// A create that the server carried out and answered with 504 was sent again, and there were two (dsc#526).
describe("accident 5: a create whose answer was lost is made once", () => {
  it.each(UNCLEAR)("%s, in the same run", async (fault) => {
    const files = { "bot.yaml": appYaml("bot"), "docs.yaml": datasourceYaml("docs", { one: "First." }) };
    const at = await open(files, { faults: [`${fault},method=POST,path=/api/**`] });
    const { exitCode } = await at.run("apply bot.yaml docs.yaml");
    expect(exitCode).toBe(EXIT.ok);
    expect(at.writes()).toHaveLength(3);
    await at.restart();
    expect((await at.run("apply bot.yaml docs.yaml")).exitCode).toBe(EXIT.ok);
    expect(at.writes()).toEqual([]);
    expect([...(await at.live("/api/apps")), ...(await at.live("/api/datasources"))].map(({ name }) => name)).toEqual([
      "bot",
      "docs",
    ]);
  });

  it("also where it could not be found in that run, because no list was to be had any more", async () => {
    const faults = ["status=504,when=after,method=POST", "status=403,index=4-99"];
    const at = await open({ "bot.yaml": appYaml("bot") }, { faults });
    expect((await at.run("apply bot.yaml")).exitCode).toBe(EXIT.partial);
    await at.restart();
    expect((await at.run("apply bot.yaml")).exitCode).toBe(EXIT.ok);
    expect(at.writes()).toEqual([]);
    expect(await at.live("/api/apps")).toHaveLength(1);
  });
});

// A renamed object was deleted and made anew, and lost everything that hung on its id (deck#698).
describe("accident 11: a rename is a rename", () => {
  it("of the display name: one PATCH, the same uuid", async () => {
    const at = await open({ "bot.yaml": appYaml("bot"), "docs.yaml": datasourceYaml("docs", { one: "First." }) });
    expect((await at.run("apply bot.yaml docs.yaml")).exitCode).toBe(EXIT.ok);
    const before = [...(await at.live("/api/apps")), ...(await at.live("/api/datasources"))];
    await at.restart();
    await writeFile(at.path("bot.yaml"), appYaml("bot").replace("    name: bot", "    name: Roberta"));
    expect((await at.run("apply bot.yaml docs.yaml --prune")).exitCode).toBe(EXIT.ok);
    expect(at.writes()).toEqual([`PATCH /api/apps/${before[0]?.uuid ?? ""}`]);
    const after = [...(await at.live("/api/apps")), ...(await at.live("/api/datasources"))];
    expect(after.map(({ uuid }) => uuid)).toEqual(before.map(({ uuid }) => uuid));
    expect(after.map(({ name }) => name)).toEqual(["Roberta", "docs"]);
  });

  it("of metadata.name with movedFrom: nothing but the mark is written, and nothing the second time", async () => {
    const at = await open({ "bot.yaml": appYaml("bot") });
    expect((await at.run("apply bot.yaml")).exitCode).toBe(EXIT.ok);
    const [before] = await at.live("/api/apps");
    await at.restart();
    const moved = appYaml("robot").replace("    name: robot", "    name: bot");
    await writeFile(at.path("bot.yaml"), moved.replace("spec:", "spec:\n  movedFrom: [bot]"));
    expect((await at.run("apply bot.yaml --prune")).exitCode).toBe(EXIT.ok);
    expect(at.writes()).toEqual([`PATCH /api/apps/${before?.uuid ?? ""}`]);
    await at.restart();
    expect((await at.run("apply bot.yaml --prune")).exitCode).toBe(EXIT.ok);
    expect(at.writes()).toEqual([]);
    const [after] = await at.live("/api/apps");
    expect(withoutMark(after)).toEqual(withoutMark(before));
  });

  it("of metadata.name without movedFrom: a new one, and the old one goes only with --prune", async () => {
    const at = await open({ "bot.yaml": appYaml("bot"), "other.yaml": appYaml("other") });
    expect((await at.run("apply bot.yaml other.yaml")).exitCode).toBe(EXIT.ok);
    await writeFile(at.path("bot.yaml"), appYaml("robot"));
    expect((await at.run("apply bot.yaml other.yaml")).exitCode).toBe(EXIT.ok);
    expect((await at.live("/api/apps")).map(({ name }) => name).toSorted()).toEqual(["bot", "other", "robot"]);
  });
});

function withoutMark(app: unknown): unknown {
  return JSON.parse(
    JSON.stringify(app, (key, value: unknown) => (/x-llmstack-sync|_at$/u.test(key) ? undefined : value)),
  );
}

// The state file was lost, and everything that lived was deleted or made a second time (kcc#478, dsc#203).
describe("accident 13: what says that an object is ours is lost", () => {
  const FILES = { "all/a.yaml": appYaml("a"), "all/b.yaml": appYaml("b"), "one/a.yaml": appYaml("a") };

  async function withoutMarks(): Promise<AccidentWorld> {
    const at = await open(FILES);
    expect((await at.run("apply all")).exitCode).toBe(EXIT.ok);
    for (const { uuid } of await at.live("/api/apps")) {
      await at.byHand("PATCH", `/api/apps/${uuid}`, { config: null });
    }
    return at;
  }

  it("the plan says that they are not ours, and nothing is deleted or made anew", async () => {
    const at = await withoutMarks();
    const { exitCode, stdout } = await at.run("apply all --prune");
    expect(exitCode).toBe(EXIT.refused);
    expect(stdout).toMatch(/without a mark of ours/u);
    expect(stdout).toMatch(/--adopt/u);
    expect((await at.run("apply one --prune --max-deletes 100%")).exitCode).toBe(EXIT.refused);
    expect((await at.run("delete all --yes")).exitCode).not.toBe(EXIT.ok);
    expect(at.writes()).toEqual([]);
  });

  it("--adopt makes them ours again, as they are", async () => {
    const at = await withoutMarks();
    const before = (await at.live("/api/apps")).map(({ uuid }) => uuid).toSorted();
    expect((await at.run("apply all --adopt")).exitCode).toBe(EXIT.ok);
    expect(at.writes().map((line) => line.slice(0, 5))).toEqual(["PATCH", "PATCH"]);
    expect((await at.run("plan all --prune --detailed-exitcode")).exitCode).toBe(EXIT.ok);
    expect((await at.live("/api/apps")).map(({ uuid }) => uuid).toSorted()).toEqual(before);
  });

  it("nothing on this machine is needed: another folder and another machine plan the same", async () => {
    const at = await open(FILES);
    expect((await at.run("apply all")).exitCode).toBe(EXIT.ok);
    await at.restart();
    const elsewhere = await open(FILES);
    const env = { LLMSTACK_SERVER: at.url, LLMSTACK_SET: SET };
    expect((await elsewhere.run("apply all", { env })).exitCode).toBe(EXIT.ok);
    expect(at.writes()).toEqual([]);
    await at.close();
  });
});

// A datasource that others had shared stood in the list, and the tool took it for its own (LLMStack data/apis.py).
describe("accident 23: what others own is never deleted, and one that is listed twice is one", () => {
  it("an unmarked datasource, or one with somebody's entry, survives every prune and delete", async () => {
    const at = await open({
      "all/a.yaml": appYaml("a"),
      "all/docs.yaml": datasourceYaml("docs", { one: "First." }),
      "one/a.yaml": appYaml("a"),
    });
    expect((await at.run("apply all")).exitCode).toBe(EXIT.ok);
    const [docs] = await at.live("/api/datasources");
    const entry = { entry_data: { name: "theirs", content: "By hand." } };
    await at.byHand("POST", `/api/datasources/${docs?.uuid ?? ""}/entries`, entry);
    await at.byHand("POST", "/api/datasources", { name: "Shared", type: "text" });
    for (const line of ["apply one --prune --yes --max-deletes 100%", "delete all/docs.yaml --yes"]) await at.run(line);
    expect(at.writes()).toEqual([]);
    expect((await at.live("/api/datasources")).map(({ name }) => name).toSorted()).toEqual(["Shared", "docs"]);
  });

  it("a list that names each object twice changes nothing", async () => {
    const at = await open(
      { "all/a.yaml": appYaml("a"), "all/docs.yaml": datasourceYaml("docs", { one: "First." }) },
      { distort: listTwice },
    );
    expect((await at.run("apply all")).exitCode).toBe(EXIT.ok);
    expect(at.writes()).toHaveLength(3);
    await at.restart();
    expect((await at.run("plan all --prune --detailed-exitcode")).exitCode).toBe(EXIT.ok);
    expect((await at.run("apply all --prune")).exitCode).toBe(EXIT.ok);
    expect(at.writes()).toEqual([]);
  });
});

async function listTwice(request: Request, handle: (request: Request) => Promise<Response>): Promise<Response> {
  const answer = await handle(request);
  const body: unknown = answer.ok && request.method === "GET" ? await answer.clone().json() : undefined;
  return isArray<unknown>(body) ? Response.json([...body, ...body]) : answer;
}
