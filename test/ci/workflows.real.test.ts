import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import glob from "fast-glob";
import { describe, expect, it } from "vitest";
import { forgeProgram } from "../support/forge/programs.ts";

const run = promisify(execFile);
const project = new URL("../..", import.meta.url).pathname;
const workflows = await glob([".github/workflows/*.yml", "examples/ci/{github,gitea}/*.yml"], {
  cwd: project,
  dot: true,
});

describe("actionlint", () => {
  it.each(workflows)("finds nothing in %s", async (path) => {
    const { stdout } = await run(await forgeProgram("actionlint"), ["-no-color", join(project, path)]);
    expect(stdout).toBe("");
  });

  it("finds what is wrong with one that is", async () => {
    const folder = await mkdtemp(join(tmpdir(), "llmstack-sync-actionlint-"));
    const path = join(folder, "wrong.yml");
    await writeFile(
      path,
      "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.event.head_commit.message }}\n",
    );
    await expect(run(await forgeProgram("actionlint"), [path])).rejects.toMatchObject({
      stdout: expect.stringContaining("untrusted") as string,
    });
    await rm(folder, { recursive: true });
  });
});
