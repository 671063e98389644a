import { readFile, writeFile } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import { appYaml, cliWorld, type CliWorld, TOKEN } from "../support/cli-world.ts";

const PROCESSOR = `
  - id: _inputs1
    provider_slug: promptly
    processor_slug: http_api_processor
    input: {}
    config:
      headers: { Authorization: { $env: CRM_KEY } }
      note: { $secret: { name: crm, key: note } }
      pem: { $secret: { name: crm, key: pem } }`;

function manifest(description: string): string {
  return appYaml("bot", [`description: ${description}`]).replace(
    "processors: []",
    `processors:${PROCESSOR.replaceAll("\n", "\n    ")}`,
  );
}

/** Of every sort: long, of one character, of several lines, and like a part of something else. */
const OLD = { CRM_KEY: "canary-old-env", note: "q", pem: "-----BEGIN-----\ncanary-old-pem\n-----END-----\n" };
const NEW = { CRM_KEY: "canary-new-env", note: "canary-new-note", pem: "canary-new-pem" };

let world: CliWorld | undefined;

afterEach(async () => {
  await world?.close();
});

async function setSecrets(at: CliWorld, { note, pem }: typeof OLD): Promise<void> {
  await writeFile(at.path("secrets/crm/note"), note);
  await writeFile(at.path("secrets/crm/pem"), pem);
}

describe("no secret, old or new, is in any output", () => {
  it("of any command, with -v, in any format, file or mark", async () => {
    const at = await cliWorld({
      "apps/bot.yaml": manifest("Old"),
      "secrets/crm/note": OLD.note,
      "secrets/crm/pem": OLD.pem,
    });
    world = at;
    const seen: string[] = [];
    const run = async (line: string, secrets: typeof OLD) => {
      const { exitCode, stdout, stderr } = await at.run([...line.split(" "), "-v"], {
        env: { CRM_KEY: secrets.CRM_KEY },
      });
      seen.push(stdout, stderr);
      return exitCode;
    };
    const dir = "--secrets-dir secrets";
    expect(await run(`apply apps ${dir} --report report.json`, OLD)).toBe(0);
    expect(await run(`plan apps ${dir} --detailed-exitcode`, OLD)).toBe(0);
    await setSecrets(at, NEW);
    for (const format of ["text", "json", "ndjson", "markdown"]) {
      expect(await run(`plan apps ${dir} --detailed-exitcode -o ${format}`, NEW)).toBe(2);
    }
    for (const format of ["text", "json", "markdown"]) expect(await run(`drift apps ${dir} -o ${format}`, NEW)).toBe(0);
    expect(await run(`plan apps ${dir} --out saved.plan`, NEW)).toBe(0);
    expect(await run(`validate apps ${dir} -o json`, NEW)).toBe(0);
    expect(await run(`render apps ${dir}`, NEW)).toBe(0);
    expect(await run(`apply saved.plan ${dir} -o ndjson --report report.json`, NEW)).toBe(0);
    expect(await run(`plan apps ${dir} --detailed-exitcode`, NEW)).toBe(0);
    expect(await run("doctor -o json", NEW)).toBe(0);
    expect(await run("delete apps --yes", NEW)).toBe(3);
    expect(await run(`delete apps ${dir} --yes`, NEW)).toBe(0);
    seen.push(await readFile(at.path("saved.plan"), "utf8"), await readFile(at.path("report.json"), "utf8"));
    const everything = seen.join("\n");
    expect(everything).not.toMatch(/canary/u);
    expect(everything).not.toContain(TOKEN);
    expect(everything).toContain("(secret)");
  });

  it("of what a server that repeats what it got makes an error say", async () => {
    world = await cliWorld({
      "apps/bot.yaml": manifest("Old"),
      "secrets/crm/note": OLD.note,
      "secrets/crm/pem": OLD.pem,
    });
    const wrong = { env: { CRM_KEY: OLD.CRM_KEY, LLMSTACK_TOKEN: "canary-wrong-token" } };
    const { exitCode, stdout, stderr } = await world.run(["apply", "apps", "--secrets-dir", "secrets", "-v"], wrong);
    expect(exitCode).toBe(5);
    expect(stdout + stderr).not.toMatch(/canary/u);
  });

  it("of an export: a known secret place becomes a variable", async () => {
    const at = await cliWorld({
      "apps/bot.yaml": manifest("Old"),
      "secrets/crm/note": OLD.note,
      "secrets/crm/pem": "x",
    });
    world = at;
    const env = { CRM_KEY: OLD.CRM_KEY };
    expect((await at.run(["apply", "apps", "--secrets-dir", "secrets"], { env })).exitCode).toBe(0);
    const { exitCode, stdout, stderr } = await at.run(["export", "out"]);
    const text = await readFile(at.path("out/apps/bot.yaml"), "utf8");
    expect(exitCode).toBe(0);
    expect(stdout + stderr + text).not.toMatch(/canary-old-env/u);
    expect(text).toMatch(/Authorization:\s+\$env: \w+/u);
    expect(stderr).toMatch(/Secrets were not written\. Set \w+/u);
  });
});

it("the token is no value that a manifest can ask for", async () => {
  world = await cliWorld({ "app.yaml": appYaml("bot", ["config: { stolen: { $env: LLMSTACK_TOKEN } }"]) });
  const { exitCode, stderr } = await world.run(["apply", "app.yaml"]);
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/LLMSTACK_TOKEN/u);
});
