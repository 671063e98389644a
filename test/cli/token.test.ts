import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { flagValues } from "../../src/cli/flag-values.ts";
import type { Environment, Io } from "../../src/cli/io.ts";
import type { Log } from "../../src/cli/log.ts";
import { loadSettings } from "../../src/cli/settings.ts";
import { server } from "../../src/cli/options/server.ts";
import { findToken } from "../../src/cli/token.ts";
import { folderWith } from "../support/cli-io.ts";

interface World {
  readonly project?: string;
  readonly user?: string;
  readonly env?: Environment;
  readonly flags?: Readonly<Record<string, string>>;
  readonly mode?: number;
}

const URL_A = "https://a.example";
const TOKENS = {
  "home/a.token": "token-a\n",
  "home/b.token": "token-b\n",
  "home/two-lines": "x\ny\n",
  "home/empty": "\n",
};

async function tokenOf({ project, user, env = {}, flags = {}, mode = 0o600 }: World) {
  const folder = await folderWith({
    "repo/.git/HEAD": "",
    ...TOKENS,
    ...(project !== undefined && { "repo/llmstack-sync.yaml": project }),
    ...(user !== undefined && { "home/config.yaml": user }),
  });
  for (const path of Object.keys(TOKENS)) await chmod(join(folder, path), mode);
  const warnings: string[] = [];
  const silent = { write: () => undefined, isTerminal: false, columns: 80, hasColor: false };
  const io: Io = {
    stdout: silent,
    stderr: silent,
    readStdin: () => Promise.resolve(""),
    ask: () => Promise.resolve(""),
    env,
    cwd: join(folder, "home"),
    folders: { config: join(folder, "home"), state: folder, cache: folder },
    isInteractive: false,
    stop: new AbortController().signal,
  };
  const log: Log = {
    error: () => undefined,
    warn: (message) => void warnings.push(message),
    info: () => undefined,
    debug: () => undefined,
  };
  const texts = new Map(Object.entries({ "--project": join(folder, "repo/llmstack-sync.yaml"), ...flags }));
  if (project === undefined) texts.delete("--project");
  const settings = await loadSettings({
    row: { flags: [] },
    flags: flagValues(new Map([...texts].map(([name, text]) => [name, [text]]))),
    io,
  });
  const address = settings.find(server);
  if (address === undefined) throw new Error("the test names no server");
  return { token: await findToken(address, { settings, io, log }), warnings };
}

describe("the token", () => {
  it("comes from the file a flag names, then from the environment, then from the user's context for that host", async () => {
    const user = `contexts: { a: { server: '${URL_A}', tokenFile: a.token } }\n`;
    const env = { LLMSTACK_SERVER: URL_A, LLMSTACK_TOKEN: "token-env" };
    expect((await tokenOf({ user, env, flags: { "--token-file": "b.token" } })).token).toBe("token-b");
    expect((await tokenOf({ user, env })).token).toBe("token-env");
    expect((await tokenOf({ user, env: { LLMSTACK_SERVER: `${URL_A}/path` } })).token).toBe("token-a");
  });

  it("is missing with all the ways to give one", async () => {
    await expect(tokenOf({ env: { LLMSTACK_SERVER: URL_A } })).rejects.toMatchObject({
      class: "auth",
      remedy: expect.stringMatching(/LLMSTACK_TOKEN.*--token-file/u) as string,
    });
  });

  it.each([
    ["two-lines", /does not hold one token/u],
    ["empty", /is empty/u],
    ["absent", /cannot read the token file/u],
  ])("is refused from the file %s", async (file, message) => {
    await expect(tokenOf({ env: { LLMSTACK_SERVER: URL_A }, flags: { "--token-file": file } })).rejects.toThrow(
      message,
    );
  });

  it("is used with a warning from a file that everybody can read", async () => {
    const world = { env: { LLMSTACK_SERVER: URL_A }, flags: { "--token-file": "a.token" } };
    expect((await tokenOf({ ...world, mode: 0o644 })).warnings.join()).toMatch(/every user of this machine can read/u);
    expect((await tokenOf(world)).warnings).toEqual([]);
  });
});

describe("a project file that names a server", () => {
  const project = `server: ${URL_A}\n`;
  const env = { LLMSTACK_TOKEN: "token-env" };

  it("does not get the environment's token", async () => {
    await expect(tokenOf({ project, env })).rejects.toMatchObject({
      class: "refused",
      message: expect.stringMatching(/may not decide where your token is sent/u) as string,
      remedy: expect.stringMatching(/LLMSTACK_SERVER=https:\/\/a\.example/u) as string,
    });
  });

  it("does not get a token file of the user's either", async () => {
    await expect(tokenOf({ project, user: "tokenFile: a.token\n" })).rejects.toMatchObject({ class: "refused" });
    await expect(
      tokenOf({ project, user: "contexts: { b: { server: 'https://b.example', tokenFile: b.token } }\n" }),
    ).rejects.toMatchObject({ class: "refused" });
  });

  it("gets the token when the user's own file binds that host", async () => {
    const user = `contexts: { mine: { server: '${URL_A}:443/', tokenFile: a.token } }\n`;
    expect((await tokenOf({ project, user })).token).toBe("token-a");
    expect((await tokenOf({ project, user, env })).token).toBe("token-env");
  });

  it("gets the token when the environment or a flag names the server too", async () => {
    expect((await tokenOf({ project, env: { ...env, LLMSTACK_SERVER: URL_A } })).token).toBe("token-env");
    expect((await tokenOf({ project, env, flags: { "--server": URL_A } })).token).toBe("token-env");
  });

  it.each(["hostHeader: evil.example", "caFile: ca.pem"])("cannot bend the way with %s", async (line) => {
    await expect(tokenOf({ project: `${line}\n`, env: { ...env, LLMSTACK_SERVER: URL_A } })).rejects.toMatchObject({
      class: "refused",
    });
  });
});

it("several contexts with different tokens for one host must be chosen from", async () => {
  const user = `contexts:\n  a: { server: '${URL_A}', tokenFile: a.token }\n  b: { server: '${URL_A}', tokenFile: b.token }\n`;
  await expect(tokenOf({ user, env: { LLMSTACK_SERVER: URL_A } })).rejects.toMatchObject({ class: "usage" });
  expect((await tokenOf({ user, flags: { "--context": "b" } })).token).toBe("token-b");
});

it("a context's token is not sent to another server that a flag names", async () => {
  const user = `contexts:\n  a: { server: '${URL_A}', tokenFile: a.token }\n`;
  await expect(tokenOf({ user, flags: { "--context": "a", "--server": "https://b.example" } })).rejects.toMatchObject({
    class: "auth",
  });
});
