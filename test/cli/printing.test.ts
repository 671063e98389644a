import { afterEach, describe, expect, it } from "vitest";
import { appYaml, cliWorld, type CliWorld, datasourceYaml } from "../support/cli-world.ts";

/** Clears a screen, turns the direction of text, and ends a line where JSON does not. */
const HOSTILE = String.raw`"\e[2J\u202Eevil\u2028"`;

/** What a terminal does not take well. */
const UNSAFE = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u;

let world: CliWorld | undefined;

afterEach(async () => {
  await world?.close();
});

describe("text of a manifest reaches no terminal as it is", () => {
  it.each([
    "plan apps -o json",
    "plan apps -o ndjson",
    "plan apps --detailed-exitcode",
    "apply apps -o json",
    "apply apps -o ndjson",
    "drift apps -o json",
  ])("%s", async (line) => {
    world = await cliWorld({ "apps/bot.yaml": appYaml("bot", [`description: ${HOSTILE}`]) });
    const { stdout, stderr } = await world.run(line.split(" "));
    expect(stdout + stderr).not.toMatch(UNSAFE);
  });

  it.each(["text", "json", "sarif", "junit", "github"])("validate -o %s", async (format) => {
    world = await cliWorld({ "apps/bot.yaml": appYaml("bot", [`? ${HOSTILE}\n    : 1`]) });
    const { exitCode, stdout, stderr } = await world.run(["validate", "apps", "-o", format]);
    expect(exitCode).toBe(3);
    expect(stdout + stderr).toContain("evil");
    expect(stdout + stderr).not.toMatch(UNSAFE);
  });

  it.each(["text", "json"])("a path in an error, logged as %s", async (format) => {
    world = await cliWorld({});
    const { stderr } = await world.run(["plan", "no\u001b[2J\u202Ewhere", "--log-format", format]);
    expect(stderr).toContain("where does not exist");
    expect(stderr).not.toMatch(UNSAFE);
  });
});

describe("what an apply says while it works", () => {
  const FILES = {
    "all/docs.yaml": datasourceYaml("docs", { one: "First.", two: "Second." }),
    "all/a.yaml": appYaml("a"),
    "all/b.yaml": appYaml("b"),
    "all/c.yaml": appYaml("c"),
  };

  it("counts one more on every line", async () => {
    world = await cliWorld(FILES);
    const { stderr } = await world.run(["apply", "all"]);
    expect([...stderr.matchAll(/^\[(\d)\/6\]/gmu)].map(([, count]) => count)).toEqual(["1", "2", "3", "4", "5", "6"]);
  });

  it("keeps the report apart from the plan, and prints no empty line where there is no plan", async () => {
    world = await cliWorld(FILES);
    expect((await world.run(["apply", "all"])).stdout).toMatch(/Plan digest \w+\n\nApplied to /u);
    expect((await world.run(["apply", "all"])).stdout).toMatch(/^Applied to /u);
  });
});
