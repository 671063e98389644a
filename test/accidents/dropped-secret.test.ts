import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderWith, runCli } from "../support/cli-io.ts";

const CANARY = "canary-dropped-5d1f";

function greeter(config: string): string {
  return `
apiVersion: llmstack.ai/v1alpha1
kind: App
metadata: { name: greeter }
spec:
  definition:
    name: Greeter
    type_slug: web
    processors:
      - { id: _inputs1, provider_slug: promptly, processor_slug: llm, input: {}, config: ${config} }
`;
}

describe("a secret at a place whose name does not tell", () => {
  it.each(["text", "json", "markdown"])("is not shown as -o %s once its manifest drops it", async (format) => {
    const folder = await folderWith({ "app.yaml": greeter("{ greeting: { $env: GREETING }, k: 1 }") });
    const server = ["app.yaml", "--server", "embedded", "--data", "state.sqlite", "--set", "team"];
    const applied = await runCli(["apply", ...server], { cwd: folder, env: { GREETING: CANARY } });
    expect(applied).toMatchObject({ exitCode: 0 });
    await writeFile(join(folder, "app.yaml"), greeter("{ k: 1 }"));
    for (const command of ["plan", "drift", "apply"]) {
      const { stdout, stderr, exitCode } = await runCli([command, ...server, "-o", format, "-v"], { cwd: folder });
      expect(exitCode, command).toBe(0);
      expect(stdout, command).toContain(command === "plan" ? "greeting" : "greeter");
      expect(stdout + stderr, command).not.toContain(CANARY);
    }
  });
});
