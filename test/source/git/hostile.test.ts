import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isAncestor } from "../../../src/source/git/ancestry.ts";
import type { GitAddress } from "../../../src/source/git/address.ts";
import { changedPaths } from "../../../src/source/git/changed-paths.ts";
import { openGit } from "../../../src/source/git/open-git.ts";
import { anAddress, aSetup, never } from "../../support/git-setup.ts";
import { blobOf, makeOrigin, openOrigin, removeOrigins } from "../../support/hostile-origin.ts";

let folder: string;
let marker: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "llmstack-sync-hostile-"));
  marker = join(folder, "was-run");
});
afterAll(async () => {
  await removeOrigins();
  await rm(folder, { recursive: true, force: true });
});

describe("an address that would be an option or another program", () => {
  it.each([
    { url: "ext::sh -c 'touch was-run'" },
    { url: "fd::17" },
    { url: "/srv/repo" },
    { url: "--upload-pack=touch was-run" },
    { url: "git://host/repo" },
    { url: "ssh://-oProxyCommand=touch%20was-run/repo" },
    { url: "ssh://git@host/-repo" },
    { url: "https://host/repo\nhost=evil" },
    { url: "https://host/repo", ref: "--upload-pack=touch was-run" },
    { url: "https://host/repo", ref: "+main" },
    { url: "https://host/repo", commit: "abc1234" },
    { url: "https://host/repo", path: "../etc" },
  ])("$url $ref $commit is refused before git is started, whoever made it", async (address) => {
    const made: GitAddress = { path: "", ...address };
    await expect(openGit(made, aSetup({ env: { PATH: "/nonexistent" } }), never)).rejects.toMatchObject({
      class: "usage",
    });
  });

  it("is refused as a commit too", async () => {
    const address = { url: "https://host/repo", path: "" };
    const setup = aSetup({ env: { PATH: "/nonexistent" } });
    await expect(isAncestor("--output=x", "main", address, setup, never)).rejects.toMatchObject({ class: "usage" });
    await expect(changedPaths({ base: "HEAD", head: "-p" }, address, setup, never)).rejects.toMatchObject({
      class: "usage",
    });
  });

  it("a daemon reads nothing of its own disk", async () => {
    const origin = await makeOrigin({ "a.yaml": "a" });
    await expect(openOrigin(origin, "", { user: "daemon" })).rejects.toMatchObject({ class: "refused" });
  });
});

describe("configuration, hooks and environment", () => {
  it("nothing that the repository configures is run", async () => {
    const origin = await makeOrigin({ "a.yaml": "a" });
    const touch = `touch ${marker}`;
    for (const key of [
      "core.fsmonitor",
      "core.sshCommand",
      "uploadpack.packObjectsHook",
      "core.gitProxy",
      "core.alternateRefsCommand",
    ]) {
      await origin.git("config", key, touch);
    }
    await mkdir(join(origin.folder, ".git/hooks"), { recursive: true });
    for (const hook of ["post-upload-pack", "reference-transaction", "post-checkout"]) {
      await writeFile(join(origin.folder, ".git/hooks", hook), `#!/bin/sh\n${touch}\n`, { mode: 0o755 });
    }
    expect((await openOrigin(origin)).files).toHaveLength(1);
    expect(existsSync(marker)).toBe(false);
  });

  it("a person's hooks, templates and prompts stay out of it", async () => {
    const home = await mkdtemp(join(folder, "home-"));
    const hook = `#!/bin/sh\ntouch ${marker}\n`;
    await mkdir(join(home, "template/hooks"), { recursive: true });
    await writeFile(join(home, "template/hooks/reference-transaction"), hook, { mode: 0o755 });
    await writeFile(
      join(home, ".gitconfig"),
      `[core]\nhooksPath = ${home}/template/hooks\nfsmonitor = touch ${marker}\n[init]\ntemplateDir = ${home}/template\n`,
    );
    const origin = await makeOrigin({ "a.yaml": "a" });
    const cacheDirectory = join(home, "cache");
    expect(
      (await openOrigin(origin, "", { cacheDirectory, env: { PATH: process.env["PATH"], HOME: home } })).files,
    ).toHaveLength(1);
    expect(existsSync(marker)).toBe(false);
    const store = join(
      cacheDirectory,
      (await readdir(cacheDirectory)).find((name) => /^[0-9a-f]{32}$/u.test(name)) ?? "",
      "repo.git",
    );
    expect((await readdir(store)).filter((name) => name === "hooks" || name === "FETCH_HEAD")).toEqual([]);
    expect(existsSync(join(store, "objects/info/alternates"))).toBe(false);
  });

  it("variables of git's in the environment change nothing", async () => {
    const origin = await makeOrigin({ "a.yaml": "a" });
    const env = {
      PATH: process.env["PATH"],
      GIT_DIR: "/nonexistent",
      GIT_OBJECT_DIRECTORY: "/nonexistent",
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "core.sshCommand",
      GIT_CONFIG_VALUE_0: `touch ${marker}`,
      GIT_EXTERNAL_DIFF: `touch ${marker}`,
      GIT_TRACE: join(folder, "trace"),
    };
    expect((await openOrigin(origin, "", { env })).files).toHaveLength(1);
    expect(existsSync(marker) || existsSync(join(folder, "trace"))).toBe(false);
  });

  it("replaced objects are read as they are", async () => {
    const origin = await makeOrigin({ "a.yaml": "a" });
    const other = await blobOf(origin, "replaced");
    await origin.git("replace", await origin.git("rev-parse", "main:a.yaml"), other);
    expect((await openOrigin(origin)).files.map(({ text }) => text)).toEqual(["a"]);
  });
});

describe("what a server says", () => {
  it("reaches no terminal with its escape codes", async () => {
    const says = "ERR \u001b]0;owned\u0007\u001b[31mred\r\u202eright to left";
    const packet = (text: string): string => (Buffer.byteLength(text) + 4).toString(16).padStart(4, "0") + text;
    const server = createServer((_, response) => {
      response.writeHead(200, { "content-type": "application/x-git-upload-pack-advertisement" });
      response.end(`${packet("# service=git-upload-pack\n")}0000${packet(says)}`);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = anAddress(`http://127.0.0.1:${(server.address() as AddressInfo).port}/r.git`);
    const failure = await openGit(address, aSetup({ http: "allowed", user: "daemon" }), never).catch(String);
    server.close();
    expect(failure).toContain("red");
    // oxlint-disable-next-line no-control-regex -- They are what is looked for.
    expect(failure).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/u);
  });

  it.each(["one\ntwo", "a\rb", "ünlike", "", " "])("a token like %j never reaches git", async (token) => {
    const setup = aSetup({ credentials: { token }, env: { PATH: "/nonexistent" } });
    await expect(openGit(anAddress("https://host/r.git"), setup, never)).rejects.toMatchObject({ class: "auth" });
  });
});
