import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import glob from "fast-glob";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "./support/cli-io.ts";

const project = fileURLToPath(new URL("..", import.meta.url));
const corpus = join(project, "../shared/corpus");

/** Real apps and templates, folder by folder, where somebody keeps them beside the project; else our own in that form. */
const real = [
  ...new Set((await glob("*/{apps,templates}/*.yml", { cwd: corpus })).map((path) => join(corpus, path, ".."))),
];
const folders = [...real, join(project, "examples/own-yaml")].map((path) => ({ path, name: relative(project, path) }));

describe.each(folders)("LLMStack's own YAML in $name", ({ path }) => {
  let folder: string;
  let server: readonly string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "llmstack-sync-corpus-"));
    server = ["--server", "embedded", "--data", join(folder, "state.sqlite"), "--set", "real"];
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("applies, plans empty, exports, and the export plans empty", async () => {
    const cli = (...argv: readonly string[]) => runCli(argv, { cwd: folder });
    expect(await cli("apply", path, ...server)).toMatchObject({ exitCode: 0 });
    expect(await cli("plan", path, ...server, "--detailed-exitcode")).toMatchObject({ exitCode: 0 });
    expect(await cli("export", join(folder, "exported"), ...server)).toMatchObject({ exitCode: 0 });
    const planned = await cli("plan", join(folder, "exported"), ...server, "--detailed-exitcode");
    expect(planned).toMatchObject({ exitCode: 0 });
    expect(planned.stdout).toContain("No changes.");
  });
});
