import { writeFile } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import { appYaml, cliWorld, type CliWorld } from "../support/cli-world.ts";

let world: CliWorld | undefined;

afterEach(async () => {
  await world?.close();
});

it("validate counts on stderr what is not for it", async () => {
  world = await cliWorld({ "apps/bot.yaml": appYaml("bot"), "apps/kustomization.yaml": "resources: [bot.yaml]\n" });
  const { exitCode, stdout, stderr } = await world.run(["validate", "apps"]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "No problems in 2 files.\n" });
  expect(stderr).toBe("left out 1 document that is no app or datasource: kustomization.yaml\n");
});

describe("a file that is no text", () => {
  async function withFile(): Promise<CliWorld> {
    const at = await cliWorld({
      "apps/bot.yaml": appYaml("bot", ["unknown: 1"]),
      "apps/caller.yaml": appYaml("caller", ["config: { other: { $ref: App/latin } }"]),
    });
    await writeFile(at.path("apps/latin.yaml"), Buffer.from("name: caf\u00e9", "latin1"));
    return at;
  }

  it.each(["text", "json", "sarif", "junit", "github"])(
    "is told in %s with what is wrong elsewhere, and is not taken for absent",
    async (format) => {
      world = await withFile();
      const { exitCode, stdout } = await world.run(["validate", "apps", "-o", format]);
      expect(exitCode).toBe(3);
      expect(stdout).toContain("apps/latin.yaml is not valid UTF-8 at line 1, column 10");
      expect(stdout).toContain("unknown");
      expect(stdout).not.toContain("reference/");
    },
  );

  it.each(["plan", "apply", "drift", "delete", "render"])("stops %s before anything is sent", async (command) => {
    world = await withFile();
    const { exitCode, stderr } = await world.run([command, "apps"]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("is not valid UTF-8");
    expect(world.server.journal().filter(({ method }) => method !== "GET" && method !== "OPTIONS")).toEqual([]);
  });
});
