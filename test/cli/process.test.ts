import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import { parseFault } from "../../src/server/faults/parse-fault.ts";
import { CLI_COMMAND, startCli } from "../support/cli-process.ts";
import { folderWith } from "../support/cli-io.ts";
import { appYaml, cliWorld, type CliWorld, TOKEN } from "../support/cli-world.ts";

let world: CliWorld | undefined;

afterEach(async () => {
  await world?.close();
  world = undefined;
});

const MANY = Object.fromEntries(
  Array.from({ length: 12 }, (_, index) => [`apps/bot-${index}.yaml`, appYaml(`bot-${index}`)]),
);

describe("signals", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "%s lets an apply finish what is in flight, report, and exit 130",
    async (signal) => {
      world = await cliWorld(MANY, { faults: [parseFault("latency=150,method=POST")] });
      const env = { LLMSTACK_SERVER: world.url, LLMSTACK_TOKEN: TOKEN };
      const run = startCli(["apply", "apps", "--parallelism", "2", "--report", "report.json", "-o", "json"], {
        cwd: world.folder,
        env,
      });
      await untilRequest(world, "POST");
      run.child.kill(signal);
      const { code, stdout } = await run.ended;
      expect(code).toBe(130);
      const report: unknown = JSON.parse(stdout);
      expect(report).toMatchObject({ kind: "Report", isInterrupted: true, exitCode: 130 });
      expect(JSON.parse(await readFile(world.path("report.json"), "utf8"))).toEqual(report);
      const created = world.server.journal().filter(({ method }) => method === "POST").length;
      expect(created).toBeLessThan(12);
      const again = await world.run(["apply", "apps"]);
      expect(again.exitCode).toBe(0);
      expect(world.server.journal().filter(({ method }) => method === "POST")).toHaveLength(12);
    },
  );

  it("a second signal ends it at once", async () => {
    world = await cliWorld(MANY, { faults: [parseFault("latency=60000,method=POST")] });
    const env = { LLMSTACK_SERVER: world.url, LLMSTACK_TOKEN: TOKEN };
    const run = startCli(["apply", "apps", "-v"], { cwd: world.folder, env });
    await untilRequest(world, "POST");
    run.child.kill("SIGINT");
    run.child.kill("SIGTERM");
    expect((await run.ended).code).toBe(130);
  });

  it("serve prints its URL as one line, its token on stderr, and ends cleanly on SIGTERM", async () => {
    const cwd = await folderWith({});
    const run = startCli(["serve", "--listen", "127.0.0.1:0"], { cwd });
    await run.until(/Token: \w+/u);
    run.child.kill("SIGTERM");
    const { code, stdout, stderr } = await run.ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\n$/u);
    expect(stderr).toMatch(/Token: \w{20,}/u);
  });

  it("serve keeps a token that it was given to itself", async () => {
    const cwd = await folderWith({});
    const run = startCli(["serve", "--listen", "127.0.0.1:0", "--token", "canary"], { cwd });
    await run.until(/http:.*\n/u);
    run.child.kill("SIGTERM");
    const { stdout, stderr } = await run.ended;
    expect(stdout + stderr).not.toContain("canary");
  });
});

describe("two runs at once on one machine", () => {
  it("the second is told who holds the lock, and exits 8; a plan needs none", async () => {
    const at = await cliWorld(MANY, { faults: [parseFault("latency=300,method=POST")] });
    world = at;
    const first = at.run(["apply", "apps", "--parallelism", "12"]);
    await untilRequest(at, "POST");
    const second = await at.run(["apply", "apps"]);
    expect(second.exitCode).toBe(8);
    expect(second.stderr).toMatch(/process \d+/u);
    expect((await at.run(["apply", "apps", "--set", "other"])).exitCode).not.toBe(8);
    expect((await at.run(["plan", "apps"])).exitCode).toBe(0);
    expect((await first).exitCode).toBe(0);
    expect((await at.run(["apply", "apps"])).exitCode).toBe(0);
  });
});

describe("pipes", () => {
  it("a reader that has seen enough is no crash, and the apply goes on", async () => {
    world = await cliWorld(MANY);
    const env = { LLMSTACK_SERVER: world.url, LLMSTACK_TOKEN: TOKEN };
    const run = startCli(["apply", "apps", "-v"], { cwd: world.folder, env });
    run.child.stdout?.destroy();
    const { code, stderr } = await run.ended;
    expect(code).toBe(0);
    expect(stderr).not.toMatch(/EPIPE|bug/u);
    expect((await world.run(["plan", "apps", "--detailed-exitcode"])).exitCode).toBe(0);
  });

  it.skipIf(!existsSync("/dev/full"))("a disk that is full is told, and is no success", async () => {
    const cwd = await folderWith({ "app.yaml": appYaml("bot") });
    const [program = "", ...first] = CLI_COMMAND;
    const line = [program, ...first, "plan", "app.yaml", "--server", "embedded"].map((word) => `'${word}'`).join(" ");
    const { code, stderr } = await startCli([`${line} > /dev/full`], { cwd, command: ["sh", "-c"] }).ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/ENOSPC/u) as string });
  });

  it("a document longer than a pipe's buffer arrives whole", async () => {
    const cwd = await folderWith(MANY);
    const run = startCli(["plan", "apps", "--server", "embedded", "-o", "json"], { cwd });
    const { code, stdout } = await run.ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ kind: "Plan" });
  });

  it("manifests come from standard input", async () => {
    const cwd = await folderWith({});
    const run = startCli(["plan", "-", "--server", "embedded"], { cwd });
    run.child.stdin?.end(appYaml("bot"));
    const { code, stdout } = await run.ended;
    expect(code).toBe(0);
    expect(stdout).toContain("App/bot");
  });
});

describe("the embedded server", () => {
  it("keeps its state in a file, and says that it is empty without one", async () => {
    const cwd = await folderWith({ "app.yaml": appYaml("bot") });
    const line = ["app.yaml", "--server", "embedded"];
    const kept = ["--data", "state.sqlite"];
    expect((await startCli(["apply", ...line, ...kept], { cwd }).ended).code).toBe(0);
    expect((await startCli(["plan", ...line, ...kept, "--detailed-exitcode"], { cwd }).ended).code).toBe(0);
    const empty = await startCli(["plan", ...line, "--detailed-exitcode"], { cwd }).ended;
    expect(empty.code).toBe(2);
    expect(empty.stderr).toMatch(/starts empty/u);
  });
});

describe("completion", () => {
  it.each(["bash", "zsh", "fish", "powershell"])("prints a script for %s", async (shell) => {
    const { code, stdout } = await startCli(["completion", shell], { cwd: await folderWith({}) }).ended;
    expect(code).toBe(0);
    expect(stdout).toContain("llmstack-sync");
  });

  it.each([
    ["commands", ["ap"], "apply\t"],
    ["flags", ["apply", "--pru"], "--prune\t"],
    ["formats", ["plan", "-o", ""], "ndjson\t"],
    ["contexts of the project file", ["plan", "--context", ""], "staging\t"],
    ["folders, without a space behind them", ["plan", "mani"], "manifests/\t\n:6"],
    ["files of a folder", ["plan", "manifests/"], "manifests/app.yaml\t"],
  ])("offers %s", async (_, words, offer) => {
    const cwd = await folderWith({
      "llmstack-sync.yaml": "contexts: { staging: { set: s } }\n",
      "manifests/app.yaml": appYaml("bot"),
    });
    const { code, stdout } = await startCli(["complete", "--", ...words], { cwd }).ended;
    expect(code).toBe(0);
    expect(stdout).toContain(offer);
  });
});

/** Until the server has seen a request of this method. */
async function untilRequest({ server }: CliWorld, method: string): Promise<void> {
  while (!server.journal().some((entry) => entry.method === method)) await new Promise(setImmediate);
}
