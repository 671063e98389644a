import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliResult, runCli } from "./support/cli-io.ts";

const project = fileURLToPath(new URL("..", import.meta.url));

interface Example {
  readonly folder: string;
  /** What stands in its README after `llmstack-sync apply`, up to the server. */
  readonly arguments: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const examples: readonly Example[] = [
  ...["staging", "production"].map((name) => ({
    folder: "contexts",
    arguments: ["--project", "examples/contexts/llmstack-sync.yaml", "--context", name],
  })),
  { folder: "docs-folder", arguments: ["examples/docs-folder"] },
  ...["staging", "production"].map((name) => ({
    folder: "environments",
    arguments: ["-k", `examples/environments/overlays/${name}`],
    // Where kustomize or kubectl is.
    env: { PATH: process.env["PATH"] ?? "" },
  })),
  { folder: "one-app", arguments: ["examples/one-app"] },
  { folder: "own-yaml", arguments: ["examples/own-yaml"] },
  { folder: "portable", arguments: ["examples/portable"] },
  { folder: "quickstart", arguments: ["examples/quickstart"] },
  { folder: "references", arguments: ["examples/references"] },
  { folder: "secrets", arguments: ["examples/secrets", "--secrets-dir", "examples/secrets/secrets-dir"] },
  {
    folder: "support-bot",
    arguments: ["examples/support-bot"],
    env: { TICKETS_AUTHORIZATION: "Bearer not-a-real-token" },
  },
];

/** Every value in the examples that a manifest calls a secret. */
const SECRETS = ["not-a-real-token", "not-a-real-key-0000"];

describe("examples", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "llmstack-sync-examples-"));
    await cp(join(project, "examples"), join(folder, "examples"), { recursive: true });
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("are all run by this test", async () => {
    const folders = await readdir(join(folder, "examples"));
    // Workflows of CI systems: other tests lint them and run their steps.
    expect(folders.filter((name) => name !== "ci").toSorted()).toEqual([
      ...new Set(examples.map((example) => example.folder)),
    ]);
  });

  it.each(examples)("$folder ($arguments) shows its own command", async (example) => {
    const text = await readFile(join(folder, "examples", example.folder, "README.md"), "utf8");
    expect(text).toContain(`npx llmstack-sync apply ${example.arguments.join(" ")} --server embedded`);
  });

  it("environments gives kustomize what schemas/ holds", async () => {
    const copy = await readFile(join(folder, "examples/environments/overlays/staging/openapi.json"), "utf8");
    expect(copy).toBe(await readFile(join(project, "schemas/kustomize-openapi.json"), "utf8"));
  });

  it.each(examples)("$folder ($arguments) applies, and then there is nothing to do", async (example) => {
    const data = join(folder, `${example.folder}-${examples.indexOf(example)}.sqlite`);
    const rest = [...example.arguments, "--server", "embedded", "--data", data];
    const setup = { cwd: folder, env: example.env ?? {} };
    const applied = succeeded(await runCli(["apply", ...rest], setup));
    const planned = succeeded(await runCli(["plan", ...rest, "--detailed-exitcode"], setup));
    expect(planned.stdout).toContain("No changes.");
    const said = everything(applied) + everything(planned);
    expect(SECRETS.filter((secret) => said.includes(secret))).toEqual([]);
  });
});

function succeeded(result: CliResult): CliResult {
  if (result.exitCode !== 0) throw new Error(`exit ${result.exitCode}\n${everything(result)}`);
  return result;
}

function everything({ stdout, stderr }: CliResult): string {
  return `${stdout}\n${stderr}`;
}
