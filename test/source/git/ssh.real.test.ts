import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GitSource } from "../../../src/model/git-revision.ts";
import { openGit } from "../../../src/source/git/open-git.ts";
import type { GitSetup } from "../../../src/source/git/setup.ts";
import { folderWith, runCli } from "../../support/cli-io.ts";
import { type Origin, originWith } from "../../support/git-origin.ts";
import { anAddress, aSetup, never, textIn } from "../../support/git-setup.ts";
import { type GitSshd, startSshd } from "../../support/git-sshd.ts";

let origin: Origin;
let sshd: GitSshd;

beforeAll(async () => {
  origin = await originWith({ "apps/bot.yaml": "kind: One", "apps/bot.md": "Be kind." });
  sshd = await startSshd();
});
afterAll(async () => {
  await sshd.close();
  await origin.remove();
});

async function open(setup: Partial<GitSetup>): Promise<GitSource> {
  return openGit(anAddress(`${sshd.address}${origin.folder}//apps?ref=main`), aSetup(setup), never);
}

describe("over ssh", () => {
  it.each(["person", "daemon"] as const)("a %s reads with a key and known hosts that are named", async (user) => {
    const { keyFile: sshKeyFile, knownHostsFile } = sshd;
    const source = await open({ user, credentials: { sshKeyFile, knownHostsFile } });
    expect(source.files.map(({ text }) => text)).toEqual(["kind: One"]);
    expect(await textIn(source, "bot.md")).toBe("Be kind.");
  });

  it("a host whose key is not known is refused, and nothing is written down about it", async () => {
    const empty = join(await folderWith({ hosts: "" }), "hosts");
    for (const knownHosts of [{ knownHostsFile: empty }, {}]) {
      await expect(
        open({ user: "daemon", credentials: { sshKeyFile: sshd.keyFile, ...knownHosts } }),
      ).rejects.toMatchObject({
        class: "auth",
        remedy: expect.stringContaining("--git-known-hosts") as string,
      });
    }
  });

  it("a host with another key than the known one is refused", async () => {
    const other = await startSshd();
    const port = new URL(sshd.address).port;
    const text = `[127.0.0.1]:${port} ssh-ed25519 ${(await readFile(`${other.keyFile}.pub`, "utf8")).split(" ")[1] ?? ""}\n`;
    await other.close();
    const knownHostsFile = join(await folderWith({}), "hosts");
    await writeFile(knownHostsFile, text);
    await expect(open({ credentials: { sshKeyFile: sshd.keyFile, knownHostsFile } })).rejects.toMatchObject({
      class: "auth",
    });
  });

  it("a key that the host does not know is an auth failure", async () => {
    const { strangerKeyFile: sshKeyFile, knownHostsFile } = sshd;
    await expect(open({ credentials: { sshKeyFile, knownHostsFile } })).rejects.toMatchObject({
      class: "auth",
      remedy: expect.stringContaining("--git-ssh-key") as string,
    });
  });

  it("is taken by the command line, with its flags", async () => {
    const cwd = await folderWith({});
    const flags = ["--git-ssh-key", sshd.keyFile, "--git-known-hosts", sshd.knownHostsFile, "--allow-empty"];
    const { exitCode, stderr } = await runCli(
      ["plan", `${sshd.address}${origin.folder}//apps`, "--server", "embedded", ...flags],
      {
        cwd,
        env: { PATH: process.env["PATH"] },
      },
    );
    // It is read: what is wrong is the manifest.
    expect(stderr).toContain("apps/bot.yaml");
    expect(exitCode).toBe(3);
  });
});
