import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliResult, runCli } from "./support/cli-io.ts";

const run = promisify(execFile);
const project = fileURLToPath(new URL("..", import.meta.url));

interface Example {
  readonly folder: string;
  /** What stands in its README after `llmstack-sync apply`, up to the server. */
  readonly arguments: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A kustomize folder whose output is the standard input. */
  readonly kustomize?: string;
}

const examples: readonly Example[] = [
  { folder: "docs-folder", arguments: ["examples/docs-folder"] },
  { folder: "environments", arguments: ["-"], kustomize: "examples/environments/overlays/staging" },
  { folder: "environments", arguments: ["-"], kustomize: "examples/environments/overlays/production" },
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

  it.each(examples)("$folder ($arguments, $kustomize) shows its own command", async (example) => {
    const text = await readFile(join(folder, "examples", example.folder, "README.md"), "utf8");
    const source = example.kustomize === undefined ? "" : `kubectl kustomize ${example.kustomize} | `;
    expect(text).toContain(`${source}npx llmstack-sync apply ${example.arguments.join(" ")} --server embedded`);
  });

  it.each(examples)("$folder ($arguments, $kustomize) applies, and then there is nothing to do", async (example) => {
    const stdin = example.kustomize === undefined ? "" : await kustomize(join(folder, example.kustomize));
    const data = join(folder, `${example.folder}-${examples.indexOf(example)}.sqlite`);
    const rest = [...example.arguments, "--server", "embedded", "--data", data];
    const setup = { cwd: folder, stdin: () => Promise.resolve(stdin), env: example.env ?? {} };
    const applied = succeeded(await runCli(["apply", ...rest], setup));
    const planned = succeeded(await runCli(["plan", ...rest, "--detailed-exitcode"], setup));
    expect(planned.stdout).toContain("No changes.");
    const said = everything(applied) + everything(planned);
    expect(SECRETS.filter((secret) => said.includes(secret))).toEqual([]);
  });
});

async function kustomize(path: string): Promise<string> {
  try {
    return (await run("kubectl", ["kustomize", path])).stdout;
  } catch (cause) {
    throw new Error("this test needs kubectl, for `kubectl kustomize`", { cause });
  }
}

function succeeded(result: CliResult): CliResult {
  if (result.exitCode !== 0) throw new Error(`exit ${result.exitCode}\n${everything(result)}`);
  return result;
}

function everything({ stdout, stderr }: CliResult): string {
  return `${stdout}\n${stderr}`;
}
