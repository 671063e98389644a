import { spawnSync } from "node:child_process";
import { afterEach, describe, expect, it } from "vitest";
import { CLI_COMMAND, startCli } from "../support/cli-process.ts";
import { appYaml, cliWorld, type CliWorld, TOKEN } from "../support/cli-world.ts";

const FILES = {
  "two/a.yaml": appYaml("a"),
  "two/b.yaml": appYaml("b"),
  "one/a.yaml": appYaml("a"),
};

let world: CliWorld | undefined;

afterEach(async () => {
  await world?.close();
});

async function applied(): Promise<CliWorld> {
  world = await cliWorld(FILES);
  expect((await world.run(["apply", "two", "--set", "shop"])).exitCode).toBe(0);
  return world;
}

function deletes({ server }: CliWorld): number {
  return server.journal().filter(({ method }) => method === "DELETE").length;
}

const PRUNE = ["apply", "one", "--set", "shop", "--prune"];

describe("a question", () => {
  it.each([
    ["y", 0, 1],
    ["yes", 0, 1],
    ["n", 6, 0],
    ["", 6, 0],
    ["yeah", 6, 0],
  ])("answered %j ends with %d and %d deletes", async (answer, code, count) => {
    const at = await applied();
    const { exitCode, stdout, stderr } = await at.run(PRUNE, { answers: [answer] });
    expect({ exitCode, deletes: deletes(at) }).toEqual({ exitCode: code, deletes: count });
    expect(stderr).toContain("1 to delete");
    expect(stdout).toContain("App/b");
  });

  it("shows the plan first, beside stdout where that is for a document", async () => {
    const at = await applied();
    const { stdout, stderr } = await at.run([...PRUNE, "-o", "json"], { answers: ["n"] });
    expect(stderr).toMatch(/- {3}App\/b[\s\S]*Go on\?/u);
    expect(JSON.parse(stdout)).toMatchObject({ kind: "Failure", exitCode: 6 });
  });

  it("is not asked with --yes, nor where nothing would be lost, nor without a terminal", async () => {
    const at = await applied();
    expect((await at.run(["apply", "two", "--set", "shop"], { answers: [] })).exitCode).toBe(0);
    expect((await at.run([...PRUNE, "--yes"], { answers: ["n"] })).exitCode).toBe(0);
    expect((await at.run(["apply", "two", "--set", "shop"])).exitCode).toBe(0);
    expect((await at.run(PRUNE)).exitCode).toBe(0);
  });
});

/** Runs its arguments with a terminal for stdin, stdout and stderr, and copies both ways. */
const ON_A_TERMINAL = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)";

describe.skipIf(spawnSync("python3", ["-c", "import pty"]).status !== 0)("on a real terminal", () => {
  function start(at: CliWorld, argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
    return startCli([...CLI_COMMAND, ...argv], {
      cwd: at.folder,
      env: { LLMSTACK_SERVER: at.url, LLMSTACK_TOKEN: TOKEN, TERM: "xterm", ...env },
      command: ["python3", "-c", ON_A_TERMINAL],
    });
  }

  it("asks, and goes on with y", async () => {
    const at = await applied();
    const run = start(at, PRUNE);
    await run.until(/Go on\? \[y\/N\]/u);
    run.child.stdin?.write("y\n");
    expect((await run.ended).code).toBe(0);
    expect(deletes(at)).toBe(1);
  });

  it("takes Ctrl-C for no, with nothing changed", async () => {
    const at = await applied();
    const run = start(at, PRUNE);
    await run.until(/Go on\? \[y\/N\]/u);
    run.child.stdin?.write("\u0003");
    expect((await run.ended).code).toBe(130);
    expect(deletes(at)).toBe(0);
  });

  it("shows colours and one live line, and neither with NO_COLOR or in CI", async () => {
    const at = await applied();
    const plain = { NO_COLOR: "1" };
    expect((await start(at, ["plan", "two"]).ended).stdout).toContain("\u001B[1m");
    expect((await start(at, ["plan", "two"], plain).ended).stdout).not.toContain("\u001B[1m");
    expect((await start(at, ["plan", "two"], { CI: "true" }).ended).stdout).not.toContain("\u001B");
  });

  it("does not ask in CI, whatever its terminal looks like", async () => {
    const at = await applied();
    expect((await start(at, PRUNE, { CI: "true" }).ended).code).toBe(0);
  });
});
