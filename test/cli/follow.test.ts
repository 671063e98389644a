import { createHmac } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CliProcess, startCli } from "../support/cli-process.ts";
import { appYaml, cliWorld, type CliWorld, TOKEN } from "../support/cli-world.ts";
import { serveGit } from "../support/git-http.ts";
import { type Origin, originWith } from "../support/git-origin.ts";

let world: CliWorld;
let origin: Origin;
let state = "";
const runs: CliProcess[] = [];

beforeEach(async () => {
  world = await cliWorld({});
  origin = await originWith({ "prod/a.yaml": appYaml("a") });
  state = await mkdtemp(join(tmpdir(), "follow-state-"));
});

afterEach(async () => {
  for (const run of runs.splice(0)) {
    run.child.kill("SIGKILL");
    await run.ended;
  }
  await Promise.all([world.close(), origin.remove(), rm(state, { recursive: true })]);
});

function follow(...flags: readonly string[]): CliProcess {
  const argv = ["watch", `${origin.address}//prod?ref=main`, "--set", "shop", "--interval", "100ms", ...flags];
  const env = { LLMSTACK_SERVER: world.url, LLMSTACK_TOKEN: TOKEN, XDG_STATE_HOME: state, XDG_CACHE_HOME: state };
  const run = startCli(argv, { cwd: world.folder, env });
  runs.push(run);
  return run;
}

async function stopped(run: CliProcess): Promise<{ readonly code: number | string; readonly text: string }> {
  run.child.kill("SIGTERM");
  const { code, stdout, stderr } = await run.ended;
  return { code, text: stdout + stderr };
}

function names(): Promise<string[]> {
  return fetch(`${world.url}/api/apps`, { headers: { authorization: `Token ${TOKEN}` } })
    .then((response) => response.json())
    .then((apps) => (apps as { name: string }[]).map(({ name }) => name).toSorted());
}

describe("watch of a branch", () => {
  it("applies what is there and every commit after it, and names each with branch and commit", async () => {
    const first = await origin.git("rev-parse", "main");
    const run = follow();
    await run.until(new RegExp(`at main@sha1:${first}[\\s\\S]*Applied: 1 created`, "u"));
    const second = await origin.commit({ "prod/b.yaml": appYaml("b") });
    await run.until(new RegExp(`at main@sha1:${second}[\\s\\S]*Applied: 1 created`, "u"));
    expect(await names()).toEqual(["a", "b"]);
    expect((await stopped(run)).code).toBe(0);
  });

  it("asks the server nothing while the branch stands still", async () => {
    const run = follow("-v");
    await run.until(/Applied: 1 created/u);
    const before = world.server.journal().length;
    await run.until(/Applied: 1 created(?:[\s\S]*Looked: ){5}/u);
    expect(world.server.journal().length).toBe(before);
    await stopped(run);
  });

  it("changes nothing for a commit that does not validate, enforces the last good one, and goes on when it is mended", async () => {
    const run = follow("--resync", "300ms");
    await run.until(/Applied: 1 created/u);
    await origin.commit({ "prod/b.yaml": "kind: [" });
    await run.until(/b\.yaml:\d+:\d+: error:/u);
    const [app] = (await (
      await fetch(`${world.url}/api/apps`, { headers: { authorization: `Token ${TOKEN}` } })
    ).json()) as [{ uuid: string }];
    await fetch(`${world.url}/api/apps/${app.uuid}`, {
      method: "PATCH",
      headers: { authorization: `Token ${TOKEN}`, "content-type": "application/json" },
      body: JSON.stringify({ name: "renamed by hand" }),
    });
    await run.until(/Applied: 0 created, 1 updated/u);
    expect(await names()).toEqual(["a"]);
    await origin.commit({ "prod/b.yaml": appYaml("b") });
    await run.until(/App\/b [0-9a-f-]{36}/u);
    expect(await names()).toEqual(["a", "b"]);
    await stopped(run);
  });

  it("refuses a rewritten history, also after a restart, and follows it when somebody accepts that commit", async () => {
    await origin.commit({ "prod/b.yaml": appYaml("b") });
    const run = follow();
    await run.until(/Applied: 2 created/u);
    await stopped(run);
    await origin.git("reset", "-q", "--hard", "HEAD~1");
    const rewritten = await origin.commit({ "prod/c.yaml": appYaml("c") });
    const again = follow();
    const text = await again.until(/--rewind follow/u);
    expect(text).toContain("history was rewritten");
    expect(text).toContain(`--accept-commit ${rewritten}`);
    await stopped(again);
    expect(await names()).toEqual(["a", "b"]);
    const accepted = follow("--accept-commit", rewritten);
    await accepted.until(/App\/c [0-9a-f-]{36}/u);
    expect(await names()).toEqual(["a", "b", "c"]);
    await stopped(accepted);
  });

  it("does not lose a commit that comes during a run", async () => {
    const run = follow();
    await run.until(/Plan for/u);
    await origin.commit({ "prod/b.yaml": appYaml("b") });
    await run.until(/App\/b [0-9a-f-]{36}/u);
    expect(await names()).toEqual(["a", "b"]);
    await stopped(run);
  });

  it("says when it tries again what failed for a reason that passes", async () => {
    await world.close();
    const run = follow("--timeout", "2s");
    await run.until(/Trying again in \d+ s, or when the branch moves\./u);
    expect((await stopped(run)).code).toBe(0);
  });

  it("looks at once when a webhook says that something was pushed", async () => {
    const git = await serveGit(origin, { scheme: "http" });
    try {
      const secret = "canary-hook-91";
      await writeFile(join(state, "secret"), `${secret}\n`);
      const hooks = ["--webhook-listen", "127.0.0.1:0", "--webhook-secret-file", join(state, "secret")];
      const argv = ["watch", `${git.address}//prod?ref=main`, "--git-insecure-http", "--interval", "1h", ...hooks];
      const env = { LLMSTACK_SERVER: world.url, LLMSTACK_TOKEN: TOKEN, XDG_STATE_HOME: state, XDG_CACHE_HOME: state };
      const run = startCli(argv, { cwd: world.folder, env });
      runs.push(run);
      await run.until(/Applied: 1 created/u);
      const said = await run.until(/Taking webhooks on /u);
      const next = await origin.commit({ "prod/b.yaml": appYaml("b") });
      const body = JSON.stringify({ repository: { clone_url: git.address } });
      const proof = createHmac("sha256", secret).update(body).digest("hex");
      const hook = `http://${/Taking webhooks on (\S+)\./u.exec(said)?.[1] ?? ""}/`;
      const send = async (signature: string): Promise<number> => {
        const headers = { "content-type": "application/json", "x-hub-signature-256": `sha256=${signature}` };
        return (await fetch(hook, { method: "POST", headers, body })).status;
      };
      expect([await send("0".repeat(64)), await send(proof)]).toEqual([404, 202]);
      await run.until(new RegExp(`at main@sha1:${next}[\\s\\S]*Applied: 1 created`, "u"));
      const { code, text } = await stopped(run);
      expect(code).toBe(0);
      expect(text).not.toContain(secret);
    } finally {
      await git.close();
    }
  });

  it("ends at once where the branch does not exist", async () => {
    const run = startCli(["watch", `${origin.address}//prod?ref=nosuch`], {
      cwd: world.folder,
      env: { LLMSTACK_SERVER: world.url, LLMSTACK_TOKEN: TOKEN },
    });
    runs.push(run);
    const { code, stderr } = await run.ended;
    expect(code).toBe(6);
    expect(stderr).toContain("no branch or tag named nosuch");
  });
});

describe("watch takes one address in Git", () => {
  it.each([
    {
      says: "no folder beside it",
      argv: ["apps", "https://git.example.com/a/b.git"],
      what: "one address in Git, or files",
    },
    {
      says: "no interval that a forge would mind",
      argv: ["https://git.example.com/a/b.git", "--interval", "5s"],
      what: "less than 30s",
    },
    { says: "no flags of it for a folder", argv: [".", "--rewind", "follow"], what: "--rewind: for an address in Git" },
    {
      says: "no webhooks without a secret",
      argv: ["https://git.example.com/a/b.git", "--webhook-listen", "127.0.0.1:0"],
      what: "go together",
    },
  ])("$says", async ({ argv, what }) => {
    const { exitCode, stderr } = await world.run(["watch", ...argv]);
    expect({ exitCode, hit: stderr.includes(what) }).toEqual({ exitCode: 64, hit: true });
  });
});
