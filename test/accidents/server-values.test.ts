import { writeFile } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import { EXIT } from "../../src/cli/exit-codes.ts";
import { type AccidentWorld, accidentWorld } from "../support/accident-world.ts";
import { appYaml, datasourceYaml } from "../support/cli-world.ts";

let world: AccidentWorld | undefined;

afterEach(async () => {
  await world?.close();
});

async function open(...args: Parameters<typeof accidentWorld>): Promise<AccidentWorld> {
  world = await accidentWorld(...args);
  return world;
}

const PROCESSOR = ["  - id: _inputs1", "    provider_slug: promptly", "    processor_slug: text_chat", "    input: {}"];

function withProcessor(config: string): string {
  return appYaml("bot", ["processors:", ...PROCESSOR, `    config: ${config}`]).replace("    processors: []\n", "");
}

// Defaults that the server filled in, or values that it did not know, showed as a change for ever (deck#562, tfr#346).
describe("accident 4: after an apply there is nothing left to do", () => {
  it.each([
    ["a processor config that the server does not know", withProcessor('{ nonsense: [1, { a: null }], k: "four" }')],
    ["an empty processor config", withProcessor("{}")],
    ["defaults said aloud", withProcessor("{ k: 4, temperature: 0.7, use_azure_if_available: true }")],
    ["numbers as people write them", withProcessor("{ a: 1.0, b: -0, c: 1.5, d: 0.1, e: 9007199254740991 }")],
    ["tiny and large numbers", withProcessor("{ a: 0.0000001, b: 123456789012.5 }")],
    ["false, zero, empty", withProcessor('{ a: false, b: 0, c: "", d: [], e: {} }')],
    ["null, in maps and lists", withProcessor("{ a: null, b: [null, 1, null], c: { d: null } }")],
    ["an icon of null", appYaml("bot", ["icon: null", "description:"])],
    ["empty lists and maps", appYaml("bot", ["config: {}", "web_config: {}", "slack_config: {}"])],
    [
      "texts that YAML reads as something else",
      withProcessor('{ a: "yes", b: "1e3", c: "012", d: "2026-01-01", e: "~" }'),
    ],
    ["every sort of character", withProcessor(String.raw`{ a: "\u0085\u2028\uFEFF\t\r\n\x7F🦜é ", "k🦜": 1, "": 2 }`)],
    ["templates and dollars", withProcessor('{ a: "{{ _inputs0.question | upcase }} ${X} $$", b: { $$ref: "text" } }')],
    ["names that JavaScript has too", withProcessor("{ constructor: 1, toString: 2, hasOwnProperty: 3, length: 4 }")],
    ["a long text", withProcessor(`{ a: ${JSON.stringify("word ".repeat(20_000))} }`)],
    ["a deep map", withProcessor(`${"{ a: ".repeat(60)}1${" }".repeat(60)}`)],
    ["an unknown provider and app type", appYaml("bot").replace("text-chat", "no-such-type")],
  ])("%s", async (_, text) => {
    const at = await open({ "bot.yaml": text });
    const { exitCode, stderr } = await at.run("apply bot.yaml");
    expect({ exitCode, stderr }).toMatchObject({ exitCode: EXIT.ok });
    await at.restart();
    expect((await at.run("plan bot.yaml --detailed-exitcode")).exitCode).toBe(EXIT.ok);
    expect((await at.run("drift bot.yaml --detailed-exitcode")).exitCode).toBe(EXIT.ok);
    expect((await at.run("apply bot.yaml")).exitCode).toBe(EXIT.ok);
    expect(at.writes()).toEqual([]);
  });
});

// A value that the server would not clear came back in every plan, and every apply said "done" (LLMStack PATCH).
describe("accident 22: what cannot be changed is said, with a way out, and never tried for ever", () => {
  it("processors can be cleared on the documented API: one write, then nothing", async () => {
    const at = await open({ "bot.yaml": withProcessor("{ k: 4 }") });
    expect((await at.run("apply bot.yaml")).exitCode).toBe(EXIT.ok);
    await at.restart();
    await writeFile(at.path("bot.yaml"), appYaml("bot"));
    expect((await at.run("apply bot.yaml")).exitCode).toBe(EXIT.ok);
    expect((await at.run("plan bot.yaml --detailed-exitcode")).exitCode).toBe(EXIT.ok);
    expect(at.writes()).toHaveLength(1);
    expect((await at.live("/api/apps"))[0]?.["data"]).toMatchObject({ processors: [] });
  });

  it.each([
    ["publish", appYaml("bot").replace("spec:", "spec:\n  publish: { state: Published }"), /take .*publish out/iu],
    [
      "a pipeline",
      datasourceYaml("docs", { one: "First." }).replace("spec:", "spec:\n  pipeline: { a: 1 }"),
      /take .*pipeline out/iu,
    ],
  ])("%s: held each time, with the same words, and nothing is written for it", async (_, text, remedy) => {
    const at = await open({ "it.yaml": text });
    const first = await at.run("apply it.yaml");
    expect(first.exitCode).toBe(EXIT.refused);
    expect(first.stdout).toMatch(remedy);
    await at.restart();
    for (const line of ["plan it.yaml", "apply it.yaml"]) expect((await at.run(line)).stdout).toMatch(remedy);
    expect(at.writes()).toEqual([]);
  });

  it("another type of a datasource: a second one is made, and the old one goes only with --prune", async () => {
    const url = "apiVersion: llmstack.ai/v1alpha1\nkind: Datasource\nmetadata: { name: docs }\nspec: { type: url }\n";
    const at = await open({
      "all/docs.yaml": datasourceYaml("docs", { one: "First." }),
      "all/bot.yaml": appYaml("bot"),
    });
    const types = async (): Promise<readonly string[]> =>
      (await at.live("/api/datasources")).map(({ type }) => String(type)).toSorted();
    expect((await at.run("apply all")).exitCode).toBe(EXIT.ok);
    await writeFile(at.path("all/docs.yaml"), url);
    expect((await at.run("apply all")).exitCode).toBe(EXIT.ok);
    expect(await types()).toEqual(["text", "url"]);
    expect((await at.run("apply all --prune")).exitCode).toBe(EXIT.ok);
    expect(await types()).toEqual(["url"]);
    await at.restart();
    expect((await at.run("apply all --prune")).exitCode).toBe(EXIT.ok);
    expect(at.writes()).toEqual([]);
  });
});
