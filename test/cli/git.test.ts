import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { folderWith, runCli } from "../support/cli-io.ts";
import { type Origin, originWith } from "../support/git-origin.ts";

const APP = `apiVersion: llmstack.ai/v1alpha1
kind: App
metadata: { name: bot }
spec:
  definition:
    name: Bot
    type_slug: web
    processors:
      - id: _inputs1
        provider_slug: promptly
        processor_slug: text_chat
        config: { instructions: { $file: bot.md } }
`;

let origin: Origin;
let cwd: string;
let commit: string;
const env = { PATH: process.env["PATH"] };

beforeAll(async () => {
  origin = await originWith({ "envs/prod/bot.yaml": APP, "envs/prod/bot.md": "Be kind." });
  await origin.git("tag", "v1");
  commit = await origin.git("rev-parse", "v1");
  cwd = await folderWith({ "more/other.yaml": APP.replaceAll("bot", "other"), "more/other.md": "Be brief." });
});
afterAll(() => origin.remove());

async function run(...argv: readonly string[]): Promise<Awaited<ReturnType<typeof runCli>>> {
  return runCli(argv, { cwd, env });
}

describe("an address in Git in place of a path", () => {
  it("is planned, and named with its commit in the first line", async () => {
    const { exitCode, stdout } = await run(
      "plan",
      `${origin.address}//envs/prod?ref=v1`,
      "--server",
      "embedded",
      "--detailed-exitcode",
    );
    expect(stdout.split("\n")[0]).toBe(
      `Plan for embedded, dialect doc, set default, from ${origin.address}//envs/prod at v1@sha1:${commit}`,
    );
    expect(exitCode).toBe(2);
  });

  it("stands in plan and report with revision and tree, and in the version's comment", async () => {
    const tree = await origin.git("rev-parse", "v1:envs/prod");
    const target = { revision: `v1@sha1:${commit}`, tree };
    const address = `${origin.address}//envs/prod?ref=v1`;
    const plan = await run("plan", address, "--server", "embedded", "-o", "json");
    expect(JSON.parse(plan.stdout)).toMatchObject({ target });
    const applied = await run(
      "apply",
      address,
      "--server",
      "embedded",
      "--dialect",
      "versioned",
      "--report",
      "report.json",
    );
    expect(applied.exitCode).toBe(0);
    expect(JSON.parse(await readFile(join(cwd, "report.json"), "utf8"))).toMatchObject({ target });
  });

  it("may stand beside folders", async () => {
    const { exitCode, stdout } = await run(
      "plan",
      "more",
      `${origin.address}//envs/prod?ref=v1`,
      "--server",
      "embedded",
    );
    expect(stdout).toContain("App/bot");
    expect(stdout).toContain("App/other");
    expect(exitCode).toBe(0);
  });

  it.each(["validate", "render"])("is taken by %s", async (command) => {
    const { exitCode, stderr } = await run(command, `${origin.address}//envs/prod`);
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
  });

  it("is read again at the same commit when a saved plan is applied", async () => {
    const data = ["--server", "embedded", "--data", "state.sqlite"];
    expect((await run("plan", `${origin.address}//envs/prod?ref=v1`, "--out", "git.plan", ...data)).exitCode).toBe(0);
    expect(JSON.parse(await readFile(join(cwd, "git.plan"), "utf8"))).toMatchObject({
      paths: [`${origin.address}//envs/prod?commit=${commit}`],
    });
    expect((await run("apply", "git.plan", ...data)).exitCode).toBe(0);
  });

  it.each([
    { argv: ["https://user:pw@host/r.git"], exit: 64, says: /user or password/u },
    { argv: ["http://127.0.0.1/r.git"], exit: 6, says: /not encrypted/u },
    { argv: ["https://127.0.0.1:9/r.git"], exit: 10, says: /127\.0\.0\.1:9/u },
    { argv: ["https://a.example/r.git", "--git-verify", "commit"], exit: 64, says: /--git-keys/u },
  ])("$argv.0 ends with exit $exit", async ({ argv, exit, says }) => {
    const { exitCode, stderr } = await run("plan", ...argv, "--server", "embedded");
    expect(stderr).toMatch(says);
    expect(exitCode).toBe(exit);
  });

  it("that leads to no folder is refused, as a wrong folder is", async () => {
    const { exitCode, stderr } = await run(
      "plan",
      `${origin.address}//nowhere`,
      "--server",
      "embedded",
      "--prune",
      "--set",
      "x",
    );
    expect(stderr).toContain("nowhere does not exist");
    expect(exitCode).toBe(6);
  });

  it("of a project file gets no token, and none of the disk", async () => {
    const project = await folderWith({ "llmstack-sync.yaml": `paths: [https://127.0.0.1:9/r.git]\n` });
    const withToken = await runCli(["validate"], { cwd: project, env: { ...env, LLMSTACK_GIT_TOKEN: "token" } });
    expect(withToken).toMatchObject({
      exitCode: 6,
      stderr: expect.stringContaining("your Git token would be sent there") as string,
    });
    const local = await folderWith({ "llmstack-sync.yaml": `paths: ["${origin.address}"]\n` });
    expect((await runCli(["validate"], { cwd: local, env })).exitCode).toBe(6);
  });

  it("is kept between runs until doctor clears it", async () => {
    await run("validate", `${origin.address}//envs/prod`);
    const before = await run("doctor", "--server", "embedded");
    expect(before.stdout).toMatch(/git cache .*1 repository, \d+\.\d MiB/u);
    expect((await run("doctor", "--server", "embedded", "--clear-git-cache")).stdout).toContain("1 removed");
    expect((await run("doctor", "--server", "embedded")).stdout).toContain("0 repositories");
  });

  it("gets the one token of a run only where one host is named", async () => {
    const { exitCode, stderr } = await runCli(["validate", "https://a.example/r.git", "https://b.example/r.git"], {
      cwd,
      env: { ...env, LLMSTACK_GIT_TOKEN: "token" },
    });
    expect(stderr).toContain("a.example, b.example");
    expect(exitCode).toBe(64);
  });
});
