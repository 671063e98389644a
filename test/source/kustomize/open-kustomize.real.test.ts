import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { kustomizeOpenapi } from "../../../src/kinds/schemas/kustomize.ts";
import { type CliResult, folderWith, runCli } from "../../support/cli-io.ts";
import { appYaml, datasourceYaml } from "../../support/cli-world.ts";

const BASE = {
  "base/kustomization.yaml": "resources: [bot.yaml, docs.yaml]\n",
  "base/bot.yaml": appYaml("bot").replace(
    "processors: []",
    "processors:\n      - { id: _inputs1, provider_slug: promptly, processor_slug: text_chat, config: { model: small, k: 4 } }\n      - { id: _inputs2, provider_slug: promptly, processor_slug: text_chat, config: { model: small } }",
  ),
  "base/docs.yaml": datasourceYaml("docs", { a: "One" }),
};
const OVERLAY = {
  "overlay/openapi.json": JSON.stringify(kustomizeOpenapi),
  "overlay/kustomization.yaml": `resources: [../base]
openapi: { path: openapi.json }
patches:
  - patch: |
      apiVersion: llmstack.ai/v1alpha1
      kind: App
      metadata: { name: bot }
      spec:
        definition:
          input_fields: [{ name: question, title: Ask }]
          processors: [{ id: _inputs1 }, { id: _inputs2, config: { model: large } }]
  - patch: |
      apiVersion: llmstack.ai/v1alpha1
      kind: Datasource
      metadata: { name: docs }
      spec: { entries: [{ name: b, content: Two }] }
`,
};

async function run(files: Readonly<Record<string, string>>, argv: readonly string[]): Promise<CliResult> {
  const cwd = await folderWith(files);
  return runCli(argv, { cwd, env: { PATH: process.env["PATH"] ?? "" } });
}

describe("-k with a real kustomize or kubectl", () => {
  it("with the schema that is shipped, lists merge by processor id, field name and entry name", async () => {
    const { stdout, stderr, exitCode } = await run({ ...BASE, ...OVERLAY }, [
      "plan",
      "-k",
      "overlay",
      "--base",
      "base",
    ]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(
      stdout
        .replaceAll(/ \[[0-9a-f]{12}\]/gu, "")
        .split("\n")
        .slice(0, 9),
    ).toEqual([
      "Plan between manifests, no server asked: from kustomization base to kustomization overlay, set default",
      "",
      "~   App/bot",
      '    /input_fields/0/title: "Question" -> "Ask"',
      '    /processors/1/config/model: "small" -> "large"',
      "",
      "=   Datasource/docs",
      "    +   b (3 B)",
      "",
    ]);
  });

  it("items that a patch names come first, as kustomize does it, and the plan shows that they moved", async () => {
    const overlay = OVERLAY["overlay/kustomization.yaml"].replace("{ id: _inputs1 }, ", "");
    const { stdout } = await run({ ...BASE, ...OVERLAY, "overlay/kustomization.yaml": overlay }, [
      "plan",
      "-k",
      "overlay",
      "--base",
      "base",
    ]);
    expect(stdout).toContain('/processors: ["_inputs1","_inputs2"] -> ["_inputs2","_inputs1"]');
  });

  it("what it builds is applied, and then there is nothing to do", async () => {
    const cwd = await folderWith({ ...BASE, ...OVERLAY });
    const env = { PATH: process.env["PATH"] ?? "" };
    const rest = ["-k", "overlay", "--server", "embedded", "--data", "state.sqlite"];
    expect((await runCli(["apply", ...rest], { cwd, env })).exitCode).toBe(0);
    expect((await runCli(["plan", ...rest, "--detailed-exitcode"], { cwd, env })).exitCode).toBe(0);
  });

  it("positions say which document of whose output", async () => {
    const files = { ...BASE, "base/bot.yaml": appYaml("bot", ["proccessors: 1"]) };
    const { stdout, exitCode } = await run(files, ["validate", "-k", "base"]);
    expect([exitCode, stdout]).toEqual([3, expect.stringMatching(/^kustomize output of base, document 1:\d+:\d+/mu)]);
  });

  it("a $file in it is told with what to do instead", async () => {
    const files = { ...BASE, "base/bot.yaml": appYaml("bot", ["description: { $file: a.md }"]), "base/a.md": "A" };
    const { stdout, exitCode } = await run(files, ["validate", "-k", "base"]);
    expect([exitCode, stdout]).toEqual([3, expect.stringContaining("Let a configMapGenerator take it in")]);
  });

  it("what kustomize says of a broken folder is passed on", async () => {
    const files = { "base/kustomization.yaml": "resources: [a.yaml]\n", "base/a.yaml": "a: [\n" };
    const { stderr, exitCode } = await run(files, ["validate", "-k", "base"]);
    expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/^error: kustomize ended with 1: .*a\.yaml/su)]);
  });

  it("takes no other paths, and says what to install where neither program is", async () => {
    const cwd = await folderWith(BASE);
    const both = await runCli(["validate", "-k", "base", "base"], { cwd });
    expect([both.exitCode, both.stderr]).toEqual([64, expect.stringContaining("there can be no other paths")]);
    const none = await runCli(["validate", "-k", "base"], { cwd, env: { PATH: cwd } });
    expect([none.exitCode, none.stderr]).toEqual([64, expect.stringContaining("needs kustomize or kubectl")]);
  });

  it("the program gets no PATH, no home and no secrets of this process", async () => {
    const cwd = await folderWith({
      ...BASE,
      "bin/kustomize": '#!/bin/sh\necho "data: $(/usr/bin/env | /usr/bin/sort)" >&2\nexit 1\n',
    });
    await chmod(join(cwd, "bin/kustomize"), 0o755);
    const { stderr } = await runCli(["validate", "-k", "base"], {
      cwd,
      env: { PATH: join(cwd, "bin"), LLMSTACK_TOKEN: "canary-token" },
    });
    expect(stderr).toContain("GIT_ALLOW_PROTOCOL=\n");
    expect(stderr).not.toContain("canary-token");
    expect(stderr).not.toContain(process.env["HOME"] ?? "no home");
  });
});
