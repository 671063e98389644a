import { rm, writeFile } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import { type CliProcess, startCli } from "../support/cli-process.ts";
import { appYaml, cliWorld, type CliWorld, TOKEN } from "../support/cli-world.ts";

let world: CliWorld | undefined;
let run: CliProcess | undefined;

afterEach(async () => {
  run?.child.kill("SIGKILL");
  await run?.ended;
  await world?.close();
});

async function watching(files: Readonly<Record<string, string>>, argv: readonly string[] = ["watch", "apps"]) {
  const at = await cliWorld(files);
  world = at;
  const env = { LLMSTACK_SERVER: at.url, LLMSTACK_TOKEN: TOKEN };
  const process = startCli(argv, { cwd: at.folder, env });
  run = process;
  await process.until(/Waiting for changes/u);
  return { at, process };
}

function writes({ server }: CliWorld): number {
  return server.journal().filter(({ method }) => method !== "GET").length;
}

describe("watch", () => {
  it("applies at once, and again what was changed, added and named by a manifest", async () => {
    const withPrompt = appYaml("b", ["config: { system: { $file: prompt.md } }"]);
    const { at, process } = await watching({ "apps/a.yaml": appYaml("a") });
    expect(writes(at)).toBe(1);
    await writeFile(at.path("apps/prompt.md"), "Be kind.");
    await writeFile(at.path("apps/b.yaml"), withPrompt);
    await process.until(/App\/b created[\s\S]*Waiting/u);
    expect(writes(at)).toBe(2);
    await writeFile(at.path("apps/prompt.md"), "Be brief.");
    await process.until(/App\/b updated[\s\S]*Waiting/u);
    expect(writes(at)).toBe(3);
  });

  it("never applies what does not validate, and goes on when it is mended", async () => {
    const { at, process } = await watching({ "apps/a.yaml": appYaml("a") });
    await writeFile(at.path("apps/b.yaml"), "kind: [");
    const text = await process.until(/1 error[\s\S]*Waiting/u);
    expect(text).toMatch(/apps\/b\.yaml:\d+:\d+: error:/u);
    expect(writes(at)).toBe(1);
    await writeFile(at.path("apps/b.yaml"), appYaml("b"));
    await process.until(/App\/b created[\s\S]*Waiting/u);
    expect(writes(at)).toBe(2);
  });

  it("does not delete when every manifest is gone", async () => {
    const { at, process } = await watching({ "apps/a.yaml": appYaml("a"), "apps/b.yaml": appYaml("b") }, [
      "watch",
      "apps",
      "--set",
      "shop",
      "--prune",
    ]);
    await rm(at.path("apps/a.yaml"));
    await rm(at.path("apps/b.yaml"));
    const text = await process.until(/--allow-empty[\s\S]*Waiting/u);
    expect(text).toContain("--allow-empty");
    expect(at.server.journal().some(({ method }) => method === "DELETE")).toBe(false);
  });

  it("ends with 0 when it is stopped while it waits", async () => {
    const { process } = await watching({ "apps/a.yaml": appYaml("a") });
    process.child.kill("SIGINT");
    expect((await process.ended).code).toBe(0);
  });
});
