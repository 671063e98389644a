import { mkdir, symlink, writeFile } from "node:fs/promises";
import { afterAll, describe, expect, it } from "vitest";
import { EXIT } from "../../src/cli/exit-codes.ts";
import { type AccidentWorld, accidentWorld } from "../support/accident-world.ts";
import { appYaml, datasourceYaml } from "../support/cli-world.ts";

const worlds: AccidentWorld[] = [];

// Not after each: some run at the same time.
afterAll(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

/** Three objects managed, and a folder that no longer wants two of them: everything is set for a wrong delete. */
async function managed(): Promise<AccidentWorld> {
  const world = await accidentWorld({
    "all/keep.yaml": appYaml("keep"),
    "all/gone.yaml": appYaml("gone"),
    "all/docs.yaml": datasourceYaml("docs", { one: "First." }),
    "less/keep.yaml": appYaml("keep", ["description: Changed"]),
  });
  worlds.push(world);
  expect((await world.run("apply all")).exitCode).toBe(EXIT.ok);
  return world;
}

const PRUNE = "apply less --prune --yes --max-deletes 10";

const PATHS = ["/api/apps", "/api/datasources", "/api/datasources/*/entries"];

const BAD_ANSWERS: readonly (readonly [name: string, fault: string, exitCode?: number])[] = [
  ["half of the list, again and again", "truncated=broken"],
  ["a connection that breaks", "lost=before"],
  ["431", "status=431"],
  ["500", "status=500"],
  ["500 as a page", "status=500,body=html"],
  ["a page with 200", "html"],
  ["200 with nothing in it", "status=200,body=empty"],
  ["200 with an object in place of a list", "status=200,body=json"],
  ["204", "status=204,body=empty"],
  ["half of the list, ended as if it were whole", "truncated=clean"],
  ["403 as a page of some proxy", "status=403,body=html", EXIT.auth],
  ["302", "status=302,body=empty"],
];

// A tool took a list cut short by a 431 for the whole, and recreated or deleted the rest (ds#164, dnsc#3225).
describe("accident 1: a list that could not be read is never taken for an empty one", () => {
  // At the same time, for a read is repeated for ten seconds before it counts as failed.
  it.concurrent.each(
    PATHS.flatMap((path) => BAD_ANSWERS.map(([name, fault, code = EXIT.unreachable]) => ({ path, name, fault, code }))),
  )("$path answered by $name", async ({ path, fault, code }) => {
    const at = await managed();
    const before = await at.live("/api/apps");
    await at.restart([`${fault},method=GET,path=${path}`]);
    const { exitCode, stderr } = await at.run(PRUNE);
    expect(at.writes()).toEqual([]);
    expect(exitCode).toBe(code);
    expect(stderr).toMatch(/error: .*\/api\//u);
    expect(stderr).toMatch(/hint: /u);
    expect(await at.live("/api/apps")).toEqual(before);
  });

  it("and once the server is well again, the same line does its work", async () => {
    const at = await managed();
    await at.restart(["status=431,method=GET,path=/api/apps,nth=1"]);
    expect((await at.run(PRUNE)).exitCode).toBe(EXIT.unreachable);
    expect((await at.run(PRUNE)).exitCode).toBe(EXIT.ok);
    expect((await at.live("/api/apps")).map(({ name }) => name)).toEqual(["keep"]);
  });
});

// A wrong path read as "no files", and the next sync deleted a whole tenant (a0#201, a0#231, kubernetes#40635).
describe("accident 2: a folder with nothing in it never means that nothing is wanted", () => {
  const NOTHING: readonly (readonly [name: string, paths: string])[] = [
    ["a folder that does not exist", "nowhere"],
    ["a folder that does not exist, beside one that does", "less nowhere"],
    ["an empty folder", "empty"],
    ["a folder with other files only", "notes"],
    ["a folder where everything is ignored", "ignored"],
    ["a file of white space", "blank/blank.yaml"],
    ["a file of comments and empty documents", "blank/comments.yaml"],
    ["a glob that matches nothing", "all/*.nope"],
    ["a folder of nothing but other people's kinds", "foreign"],
    ["a link that leads nowhere", "dangling"],
    ["nothing on standard input", "-"],
    ["a path made of a variable that is not set", ""],
    ["--only that matches nothing", "all --only App/misspelt"],
  ];

  it.each(["plan", "apply", "drift"])("%s refuses, and writes nothing", async (command) => {
    const at = await managed();
    await mkdir(at.path("empty"));
    const files = {
      "notes/readme.md": "# Notes\n",
      "ignored/app.yaml": appYaml("keep"),
      "ignored/.llmstackignore": "*\n",
      "blank/blank.yaml": "\n  \n",
      "blank/comments.yaml": "# nothing\n---\n---\n# more\n",
      "foreign/map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: {}\n",
    };
    for (const folder of ["notes", "ignored", "blank", "foreign"]) await mkdir(at.path(folder));
    for (const [path, text] of Object.entries(files)) await writeFile(at.path(path), text);
    await symlink(at.path("nowhere"), at.path("dangling"));
    await at.restart();
    for (const [name, paths] of NOTHING) {
      const flags = command === "drift" ? [] : ["--prune", "--max-deletes", "100%"];
      const { exitCode, stdout, stderr } = await at.run([command, ...paths.split(" "), ...flags]);
      expect({ name, exitCode, writes: at.writes() }).toEqual({ name, exitCode: EXIT.refused, writes: [] });
      expect(stdout + stderr, name).not.toMatch(/bug in llmstack-sync/u);
    }
  });

  it("only --allow-empty says so, and even then not without --prune, a set and --max-deletes", async () => {
    const at = await managed();
    await mkdir(at.path("empty"));
    await at.restart();
    expect((await at.run("apply empty --allow-empty")).exitCode).toBe(EXIT.ok);
    expect((await at.run("apply empty --allow-empty --prune", { env: { LLMSTACK_SET: "" } })).exitCode).toBe(
      EXIT.refused,
    );
    expect((await at.run("apply empty --allow-empty --prune")).exitCode).toBe(EXIT.refused);
    expect(at.writes()).toEqual([]);
  });
});

// An absent list and an empty one were the same to a tool, so leaving a section out deleted it (kongctl#1014).
describe("accident 3: what a manifest does not mention is left alone", () => {
  const docs = (line: string): string =>
    `apiVersion: llmstack.ai/v1alpha1\nkind: Datasource\nmetadata: { name: docs }\nspec:\n  type: text\n${line}`;

  it("entries left out or null: untouched; an empty list: none are wanted, with --prune", async () => {
    const at = await managed();
    await writeFile(at.path("less/docs.yaml"), docs(""));
    const [datasource] = await at.live("/api/datasources");
    const entries = `/api/datasources/${datasource?.uuid ?? ""}/entries`;
    const line = "apply less/docs.yaml all/keep.yaml all/gone.yaml --prune --max-deletes 1";
    await at.restart();
    for (const left of ["", "  entries:\n", "  entries: null\n", "  entries: ~\n"]) {
      await writeFile(at.path("less/docs.yaml"), docs(left));
      expect((await at.run(line)).exitCode).toBe(EXIT.ok);
    }
    await writeFile(at.path("less/docs.yaml"), docs("  entries: []\n"));
    expect((await at.run(line.replace(" --prune --max-deletes 1", ""))).exitCode).toBe(EXIT.ok);
    expect(at.writes()).toEqual([]);
    expect((await at.run(line)).exitCode).toBe(EXIT.ok);
    expect(at.writes()).toEqual([expect.stringMatching(`^DELETE ${entries}/`)]);
    expect(await at.live("/api/datasources")).toHaveLength(1);
  });

  it.each([
    ["spec:", "apiVersion: llmstack.ai/v1alpha1\nkind: App\nmetadata: { name: keep }\nspec:\n"],
    ["definition:", "apiVersion: llmstack.ai/v1alpha1\nkind: App\nmetadata: { name: keep }\nspec:\n  definition:\n"],
    ["entries: {}", docs("  entries: {}\n")],
    ["a list item that is empty", docs("  entries:\n    -\n")],
    ["metadata:", "apiVersion: llmstack.ai/v1alpha1\nkind: App\nmetadata:\nspec: {}\n"],
  ])("%s is an error with its line, before anything is asked for", async (_, text) => {
    const at = await managed();
    await writeFile(at.path("less/keep.yaml"), text);
    await at.restart();
    const { exitCode, stderr } = await at.run(PRUNE);
    expect(exitCode).toBe(EXIT.invalid);
    expect(stderr).toMatch(/less\/keep\.yaml:\d+:\d+: error: /u);
    expect(at.writes()).toEqual([]);
  });
});
