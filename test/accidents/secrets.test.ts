import { readdir, readFile, writeFile } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import { EXIT } from "../../src/cli/exit-codes.ts";
import { type AccidentWorld, accidentWorld } from "../support/accident-world.ts";
import { appYaml } from "../support/cli-world.ts";

let world: AccidentWorld | undefined;

afterEach(async () => {
  await world?.close();
});

async function open(...args: Parameters<typeof accidentWorld>): Promise<AccidentWorld> {
  world = await accidentWorld(...args);
  return world;
}

const BOT = appYaml("bot", ["description: One of several", "config: { note: Hello, key: { $env: BOT_KEY } }"]);

/** Everything below the folder, as text; what the server itself keeps is the server's. */
async function written(at: AccidentWorld): Promise<string> {
  const found = await readdir(at.folder, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile() && !entry.name.startsWith("server.sqlite"));
  return (await Promise.all(files.map((entry) => readFile(`${entry.parentPath}/${entry.name}`, "utf8")))).join("\n");
}

// The diff showed what a masked value had been before it was changed (deck#2140).
describe("accident 6: a rotated secret shows neither what it was nor what it is", () => {
  it("in plan, drift, apply, report, saved plan, log, of every format", async () => {
    const at = await open({ "bot.yaml": BOT });
    const old = { env: { BOT_KEY: "old-value-4711" } };
    const now = { env: { BOT_KEY: "new-value-0815" } };
    const seen: string[] = [];
    const run = async (line: string, setup: typeof old): Promise<string> => {
      const { exitCode, stdout, stderr } = await at.run(`${line} -v`, setup);
      expect({ line, exitCode }).toEqual({ line, exitCode: EXIT.ok });
      seen.push(stdout, stderr);
      return stdout;
    };
    await run("apply bot.yaml --report first.json", old);
    for (const format of ["text", "markdown", "json", "ndjson"]) {
      expect(await run(`plan bot.yaml --log-format json -o ${format}`, now)).toMatch(/\/config\/key/u);
    }
    for (const format of ["text", "markdown", "json"]) {
      expect(await run(`drift bot.yaml -o ${format}`, now)).toMatch(/\/config\/key/u);
    }
    expect(await run("plan bot.yaml", now)).toMatch(/\/config\/key: \(secret\) changed/u);
    await run("plan bot.yaml --out saved.plan", now);
    await run("apply saved.plan -o json --report second.json", now);
    await run("plan bot.yaml --detailed-exitcode", now);
    expect(await run("plan bot.yaml", now)).toMatch(/No changes/u);
    expect(seen.join("\n") + (await written(at))).not.toMatch(/old-value|new-value|4711|0815/u);
    const [app] = await at.live("/api/apps");
    expect(JSON.stringify(app)).toContain("new-value-0815");
  });
});

// A secret that was one letter long turned every such letter of the diff into asterisks (deck#2047, #2063, #2132).
describe("accident 7: a short, long or common secret does not eat the rest of the diff", () => {
  it.each([
    ["one character", "e"],
    ["a digit", "1"],
    ["a space", " "],
    ["a line break", "\n"],
    ["a quote", '"'],
    ["a key of the document", "description"],
    ["a PEM block", "-----BEGIN KEY-----\nQUJDREVGR0g=\n-----END KEY-----\n"],
    ["a part of a uuid", "4"],
    ["half a uuid", "-4"],
    ["the mask", "(secret)"],
    ["a regular expression", ".*"],
    ["a replacement pattern", "$&"],
  ])("%s", async (_, secret) => {
    const at = await open({ "bot.yaml": BOT });
    const env = { BOT_KEY: secret };
    expect((await at.run("apply bot.yaml", { env })).exitCode).toBe(EXIT.ok);
    const [app] = await at.live("/api/apps");
    expect(app?.["data"]).toMatchObject({ config: { key: secret } });
    const other = await open({ "bot.yaml": BOT.replace("One of several", "One of a few").replace("Hello", "Hey") });
    const setup = { env: { LLMSTACK_SERVER: at.url, ...env } };
    const { stdout } = await other.run("plan bot.yaml", setup);
    expect(stdout).toMatch(/\/description: "One of several" -> "One of a few"/u);
    expect(stdout).toMatch(/\/config\/note: "Hello" -> "Hey"/u);
    expect(stdout).not.toMatch(/\/config\/key/u);
    const applied = await other.run("apply bot.yaml", setup);
    expect(applied.stdout).toContain(app?.uuid ?? "no app");
    expect((await other.run("plan bot.yaml --detailed-exitcode", setup)).exitCode).toBe(EXIT.ok);
    await at.close();
  });
});

// Values from the environment lost their lines, or became YAML of their own (deck#616).
describe("accident 14: a value is a value, whatever is in it, and text is never a template", () => {
  it.each([
    ["several lines", "first\nsecond\n\n  third\n"],
    ["YAML in it", "a: 1 # no comment\n- item\n&x *x !!tag"],
    ["quotes and backslashes", `"double" 'single' \\n \\\\`],
    ["looks like a number", "007"],
    ["looks like a truth", "yes"],
    ["looks like nothing", "null"],
    ["looks like a variable", "${HOME} $HOME %HOME% {{ _inputs0.x }} {% if x %}"],
    ["astral and combining characters", "🦜 e\u0301 \u2028 \u00A0"],
    ["a carriage return", "a\r\nb"],
    ["looks like a directive", '{ $env: "OTHER" }'],
  ])("%s", async (_, value) => {
    const at = await open({ "bot.yaml": BOT });
    const env = { BOT_KEY: value, HOME: "never" };
    expect((await at.run("apply bot.yaml", { env })).exitCode).toBe(EXIT.ok);
    const [app] = await at.live("/api/apps");
    expect(app?.["data"]).toMatchObject({ config: { key: value } });
    expect((await at.run("plan bot.yaml --detailed-exitcode", { env })).exitCode).toBe(EXIT.ok);
  });

  it.each([
    ["not set", {}],
    ["empty", { BOT_KEY: "" }],
  ])("a variable that is %s is an error with its line, before the first write", async (_, env) => {
    const at = await open({ "bot.yaml": BOT, "other.yaml": appYaml("other") });
    const { exitCode, stderr } = await at.run("apply bot.yaml other.yaml", { env });
    expect(exitCode).toBe(EXIT.invalid);
    expect(stderr).toMatch(/bot\.yaml:\d+:\d+: error: .*BOT_KEY/u);
    expect(at.writes()).toEqual([]);
  });

  it("${} in a comment, a prompt or a name is text", async () => {
    const at = await open({
      "bot.yaml": `# \${NOT_SET} in a comment\n${appYaml("bot", ['description: "Costs ${PRICE} and $HOME # no comment"'])}`,
    });
    expect((await at.run("apply bot.yaml", { env: { PRICE: "3" } })).exitCode).toBe(EXIT.ok);
    const [app] = await at.live("/api/apps");
    expect(app?.["data"]).toMatchObject({ description: "Costs ${PRICE} and $HOME # no comment" });
  });
});

// An export wrote placeholders that a later import sent to the server as they were (a0#437).
describe("accident 15: what is exported can be planned, and a placeholder is never sent", () => {
  it("export, then plan is empty; without the secret it is refused before the first write", async () => {
    const http = `
      - id: _inputs1
        provider_slug: promptly
        processor_slug: http_api_processor
        input: {}
        config: { headers: { Authorization: { $env: CRM } } }`;
    const at = await open({
      "all/bot.yaml": appYaml("bot").replace("processors: []", `processors:${http}`),
      "all/other.yaml": appYaml("other", ["description: Before"]),
    });
    expect((await at.run("apply all", { env: { CRM: "Bearer 4711" } })).exitCode).toBe(EXIT.ok);
    await at.restart();
    const { exitCode, stdout, stderr } = await at.run("export out");
    expect(exitCode).toBe(EXIT.ok);
    const name = /Set (\w+) before/u.exec(stderr)?.[1] ?? "no variable";
    expect(stdout + stderr + (await readFile(at.path("out/apps/bot.yaml"), "utf8"))).not.toContain("4711");
    const other = await readFile(at.path("out/apps/other.yaml"), "utf8");
    await writeFile(at.path("out/apps/other.yaml"), other.replace("Before", "After"));
    const without = await at.run("apply out --prune");
    expect(without.exitCode).toBe(EXIT.invalid);
    expect(without.stderr).toContain(name);
    expect(at.writes()).toEqual([]);
    await writeFile(at.path("out/apps/other.yaml"), other);
    const env = { [name]: "Bearer 4711" };
    // Its secret stands under another variable's name now, which the digest in the mark knows; the object is the same.
    const plan = await at.run("plan out --prune", { env });
    expect(plan.stdout).toMatch(
      /~ {3}App\/bot .*\n {4}\/x-llmstack-sync: \(mark renewed\)\n\nPlan: 0 to create, 1 to update/u,
    );
    expect((await at.run("apply out --prune", { env })).exitCode).toBe(EXIT.ok);
    expect((await at.run("plan out --prune --detailed-exitcode", { env })).exitCode).toBe(EXIT.ok);
  });
});
