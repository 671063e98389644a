import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const project = fileURLToPath(new URL("..", import.meta.url));

describe("the npm package", () => {
  let folder: string;
  let files: readonly string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "llmstack-sync-pack-"));
    const packed = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
      cwd: project,
    });
    const { filename, files: list } = packedFiles(packed.stdout);
    files = list;
    await run("npm", ["init", "--yes"], { cwd: folder });
    await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", join(folder, filename)], {
      cwd: folder,
    });
  }, 300_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("runs where it is installed", async () => {
    const bin = join(folder, "node_modules", ".bin", "llmstack-sync");
    const { version } = JSON.parse(await readFile(join(project, "package.json"), "utf8")) as { version: string };
    const { stdout } = await run(process.execPath, [bin, "version"], { cwd: folder });
    expect(stdout).toContain(version);
  });

  it("applies a directory with nothing else installed", async () => {
    const bin = join(folder, "node_modules", ".bin", "llmstack-sync");
    const args = [bin, "apply", join(project, "examples", "quickstart"), "--server", "embedded"];
    const { stderr } = await run(process.execPath, args, { cwd: folder });
    expect(stderr).not.toContain("ERR_MODULE_NOT_FOUND");
  });

  it("holds what runs and no sources, tests or secrets", () => {
    expect(files).toContain("dist/bin.js");
    expect(files).toContain("README.md");
    expect(files).toContain("LICENSE");
    // What the README leads to.
    expect(files).toEqual(expect.arrayContaining(["docs/commands.md", "examples/quickstart/README.md"]));
    expect(
      files.filter(
        (file) => !/^(?:dist|schemas|crds|deploy|docs|examples)\/|^(?:README\.md|LICENSE|package\.json)$/u.test(file),
      ),
    ).toEqual([]);
  });

  it("does not bring a Node of its own", async () => {
    const manifest = JSON.parse(
      await readFile(join(folder, "node_modules", "llmstack-sync", "package.json"), "utf8"),
    ) as {
      dependencies: Record<string, string>;
    };
    expect(manifest.dependencies).not.toHaveProperty("node");
  });
});

/** npm before 12 answers an array, later ones an object by name. */
function packedFiles(stdout: string): { readonly filename: string; readonly files: readonly string[] } {
  const answer = JSON.parse(stdout) as Record<string, { filename: string; files: { path: string }[] }>;
  const [packed] = Object.values(answer);
  if (packed === undefined) throw new Error("npm pack named no file");
  return { filename: packed.filename, files: packed.files.map(({ path }) => path) };
}
