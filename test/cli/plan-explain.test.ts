import { afterEach, describe, expect, it } from "vitest";
import { appYaml, cliWorld, type CliWorld } from "../support/cli-world.ts";

const FILES = {
  ".git/HEAD": "",
  "llmstack-sync.yaml": `contexts:
  staging:
    patches:
      - target: { kind: App, name: bot }
        merge: { spec: { definition: { description: On staging } } }
`,
  "apps/bot.yaml": appYaml("bot", ["config: { prompt: { $file: prompt.md } }"]),
  "apps/prompt.md": "One\nTwo\n",
};

let world: CliWorld | undefined;

afterEach(async () => {
  await world?.close();
  world = undefined;
});

async function started(): Promise<CliWorld> {
  world = await cliWorld(FILES);
  return world;
}

describe("plan --explain", () => {
  it("says below each field where its value was said", async () => {
    const at = await started();
    const { stdout, exitCode } = await at.run(["plan", "apps", "--context", "staging", "--explain"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('    /name: "bot"\n        from apps/bot.yaml:6\n');
    expect(stdout).toContain(
      '    /description: "On staging"\n        from llmstack-sync.yaml:5 (patch 1 of context staging)\n',
    );
  });

  it("changes nothing else: same ids, same digest, and nothing without it", async () => {
    const at = await started();
    const plain = (await at.run(["plan", "apps", "--context", "staging"])).stdout;
    const explained = (await at.run(["plan", "apps", "--context", "staging", "--explain"])).stdout;
    expect(plain).not.toContain("from apps/bot.yaml");
    expect(
      explained
        .split("\n")
        .filter((line) => !line.startsWith("        from "))
        .join("\n"),
    ).toBe(plain);
  });

  it("says it in JSON and on the page too", async () => {
    const at = await started();
    const argv = ["plan", "apps", "--context", "staging", "--explain"];
    const document = JSON.parse((await at.run([...argv, "-o", "json"])).stdout) as {
      readonly changes: readonly { readonly fields: readonly { readonly pointer: string; readonly from: unknown }[] }[];
    };
    expect(document.changes[0]?.fields.find(({ pointer }) => pointer === "/description")?.from).toEqual([
      { path: "llmstack-sync.yaml", line: 5, by: "patch 1 of context staging" },
    ]);
    const { stdout } = await at.run([...argv, "-o", "html"]);
    expect(stdout).toContain('<p class="from">from llmstack-sync.yaml:5 (patch 1 of context staging)</p>');
  });

  it("of a change, names the file that a text comes from", async () => {
    const at = await started();
    expect((await at.run(["apply", "apps"])).exitCode).toBe(0);
    const { writeFile } = await import("node:fs/promises");
    await writeFile(at.path("apps/prompt.md"), "One\nThree\n");
    const { stdout } = await at.run(["plan", "apps", "--explain"]);
    expect(stdout).toContain("/config/prompt:\n        from apps/prompt.md ($file at apps/bot.yaml:11)\n        @@");
  });
});
