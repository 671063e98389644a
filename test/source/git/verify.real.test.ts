import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GitSource } from "../../../src/model/git-revision.ts";
import { openGit } from "../../../src/source/git/open-git.ts";
import type { GitVerify } from "../../../src/source/git/setup.ts";
import { folderWith, runCli } from "../../support/cli-io.ts";
import { type Origin, originWith } from "../../support/git-origin.ts";
import { anAddress, aSetup, never } from "../../support/git-setup.ts";

const run = promisify(execFile);

/** Needs gpg and ssh-keygen (Debian: gnupg, openssh-client). */
let folder: string;
let origin: Origin;
const fingerprints: Record<string, string> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "llmstack-sync-keys-"));
  origin = await originWith({ "a.yaml": "a" });
  for (const name of ["alice", "revoked", "stranger"]) await makeGpgKey(name);
  await revoke("revoked");
  for (const name of ["dora", "eve"]) await makeSshKey(name);
  await branch("unsigned", []);
  for (const name of ["alice", "revoked", "stranger"]) await branch(`gpg-${name}`, await gpgSigning(name));
  for (const name of ["dora", "eve"]) await branch(`ssh-${name}`, sshSigning(name));
  await origin.git(...(await gpgSigning("alice")), "tag", "-s", "v1", "-m", "one", "gpg-alice");
  await origin.git(...sshSigning("dora"), "tag", "-s", "v2", "-m", "two", "unsigned");
  await origin.git("tag", "-a", "v3", "-m", "unsigned", "gpg-alice");
  await origin.git("tag", "light", "gpg-alice");
  // An old tag under a new name, as a server could serve it.
  await origin.git("update-ref", "refs/tags/v9", await origin.git("rev-parse", "refs/tags/v1"));
  await forge("tampered", "gpg-alice");
  await forge("tampered-ssh", "ssh-dora");
});

afterAll(async () => {
  await run("gpgconf", ["--homedir", join(folder, "gnupg"), "--kill", "all"]).catch(() => undefined);
  await rm(folder, { recursive: true, force: true });
  await origin.remove();
});

async function gpg(...args: readonly string[]): Promise<string> {
  await mkdir(join(folder, "gnupg"), { recursive: true, mode: 0o700 });
  const { stdout } = await run("gpg", [
    "--homedir",
    join(folder, "gnupg"),
    "--batch",
    "--pinentry-mode=loopback",
    "--passphrase=",
    ...args,
  ]);
  return stdout;
}

async function makeGpgKey(name: string): Promise<void> {
  await gpg("--quick-generate-key", `${name} <${name}@example.com>`, "ed25519", "sign", "never");
  const listing = await gpg("--with-colons", "--list-keys", name);
  fingerprints[name] = /^fpr:+([0-9A-F]{40}):/mu.exec(listing)?.[1] ?? "";
  await exportKey(name);
}

async function exportKey(name: string): Promise<void> {
  await writeFile(join(folder, `${name}.asc`), await gpg("--armor", "--export", name));
}

async function revoke(name: string): Promise<void> {
  const path = join(folder, "gnupg", "openpgp-revocs.d", `${fingerprints[name] ?? ""}.rev`);
  const certificate = (await readFile(path, "utf8")).replace(":-----BEGIN", "-----BEGIN");
  await writeFile(join(folder, "revocation.asc"), certificate);
  const before = await readFile(join(folder, `${name}.asc`), "utf8");
  // Signing needs the key as it was; checking knows that it was revoked.
  const other = join(folder, "gnupg-revoked");
  await mkdir(other, { mode: 0o700 });
  await writeFile(join(folder, "before.asc"), before);
  const elsewhere = ["--homedir", other, "--batch"];
  await run("gpg", [...elsewhere, "--import", join(folder, "before.asc")]);
  await run("gpg", [...elsewhere, "--import", join(folder, "revocation.asc")]);
  const { stdout } = await run("gpg", [...elsewhere, "--armor", "--export", name]);
  await writeFile(join(folder, `${name}.asc`), stdout);
}

async function makeSshKey(name: string): Promise<void> {
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", `${name}@example.com`, "-f", join(folder, name)]);
  const { stdout } = await run("ssh-keygen", ["-l", "-f", join(folder, `${name}.pub`)]);
  fingerprints[name] = stdout.split(" ")[1] ?? "";
}

async function gpgSigning(name: string): Promise<readonly string[]> {
  const program = join(folder, "gpg-here");
  await writeFile(
    program,
    `#!/bin/sh\nexec gpg --homedir '${join(folder, "gnupg")}' --batch --pinentry-mode=loopback --passphrase= "$@"\n`,
  );
  await chmod(program, 0o700);
  return ["-c", `gpg.program=${program}`, "-c", `user.signingkey=${fingerprints[name] ?? ""}`];
}

function sshSigning(name: string): readonly string[] {
  return ["-c", "gpg.format=ssh", "-c", `user.signingkey=${join(folder, name)}`];
}

async function branch(name: string, signing: readonly string[]): Promise<void> {
  await origin.git("checkout", "-q", "-B", name, "main");
  await origin.git(...signing, "commit", "-q", "--allow-empty", "-m", name, ...(signing.length > 0 ? ["-S"] : []));
}

/** The signed commit with another message and the signature of the first. */
async function forge(name: string, of: string): Promise<void> {
  const commit = await origin.git("cat-file", "commit", of);
  const id = await origin.gitWith(
    commit.replace(/\n\n[^]*$/u, "\n\nother words\n"),
    "hash-object",
    "-t",
    "commit",
    "-w",
    "--stdin",
  );
  await origin.git("branch", name, id);
}

async function keys(...names: readonly string[]): Promise<GitVerify["keys"]> {
  return Promise.all(names.map(async (name) => ({ name, bytes: await readFile(join(folder, name)) })));
}

async function open(ref: string, what: GitVerify["what"], ...names: readonly string[]): Promise<GitSource> {
  const verify = { what, keys: await keys(...names) };
  return openGit(
    anAddress(`${origin.address}?ref=${ref}`),
    aSetup({ verify, env: { PATH: process.env["PATH"] } }),
    never,
  );
}

describe("a signature that counts", () => {
  it.each([
    {
      ref: "gpg-alice",
      what: "commit",
      file: "alice.asc",
      signer: { signed: "commit", kind: "gpg", name: "alice <alice@example.com>" },
      by: "alice",
    },
    {
      ref: "ssh-dora",
      what: "commit",
      file: "dora.pub",
      signer: { signed: "commit", kind: "ssh", name: "dora@example.com" },
      by: "dora",
    },
    {
      ref: "v1",
      what: "tag",
      file: "alice.asc",
      signer: { signed: "tag", kind: "gpg", name: "alice <alice@example.com>" },
      by: "alice",
    },
    {
      ref: "v2",
      what: "tag",
      file: "dora.pub",
      signer: { signed: "tag", kind: "ssh", name: "dora@example.com" },
      by: "dora",
    },
  ] as const)("$ref, $what: $signer.kind", async ({ ref, what, file, signer, by }) => {
    const { revision, label } = await open(ref, what, file, "eve.pub");
    expect(revision.signers).toEqual([{ ...signer, fingerprint: fingerprints[by] }]);
    expect(label).toContain(`, ${signer.signed} signed by ${signer.name} ${fingerprints[by] ?? ""}`);
  });

  it("both, of tag and commit", async () => {
    const { revision } = await open("v1", "both", "alice.asc");
    expect(revision.signers?.map(({ signed }) => signed)).toEqual(["tag", "commit"]);
  });

  it("of an allowed-signers file", async () => {
    const pub = await readFile(join(folder, "dora.pub"), "utf8");
    await writeFile(join(folder, "signers"), `# team\ndora,release namespaces="git,file" ${pub}`);
    expect((await open("ssh-dora", "commit", "signers")).revision.signers).toMatchObject([{ name: "dora" }]);
  });
});

describe("a signature that does not count is refused, with commit, signer and fingerprint", () => {
  it.each([
    { ref: "unsigned", what: "commit", file: "alice.asc", says: /is not signed/u },
    {
      ref: "gpg-stranger",
      what: "commit",
      file: "alice.asc",
      says: /not among the keys that were given/u,
      by: "stranger",
    },
    {
      ref: "gpg-revoked",
      what: "commit",
      file: "revoked.asc",
      says: /was revoked: revoked <revoked@example\.com>/u,
      by: "revoked",
    },
    { ref: "tampered", what: "commit", file: "alice.asc", says: /does not fit what it signs: alice/u },
    { ref: "tampered-ssh", what: "commit", file: "dora.pub", says: /does not fit what it signs/u },
    { ref: "ssh-eve", what: "commit", file: "dora.pub", says: /not among the keys that were given/u, by: "eve" },
    { ref: "ssh-dora", what: "commit", file: "alice.asc", says: /not among the keys that were given/u, by: "dora" },
    { ref: "v3", what: "tag", file: "alice.asc", says: /is not signed/u },
    { ref: "light", what: "tag", file: "alice.asc", says: /not annotated/u },
    { ref: "v9", what: "tag", file: "alice.asc", says: /holds the tag v1, made for another name/u },
    { ref: "gpg-alice", what: "tag", file: "alice.asc", says: /is no tag/u },
    { ref: "v2", what: "both", file: "dora.pub", says: /is not signed/u },
  ] as const)("$ref, $what", async ({ ref, what, file, says, ...rest }) => {
    const commit = await origin.git(
      "rev-parse",
      `${ref.startsWith("v") || ref === "light" ? `refs/tags/${ref}` : ref}^{commit}`,
    );
    const refusal = open(ref, what, file);
    await expect(refusal).rejects.toMatchObject({ class: "refused", message: expect.stringMatching(says) as string });
    await expect(refusal).rejects.toThrow(commit);
    await expect(refusal).rejects.toThrow("by" in rest ? fingerprints[rest.by] : "");
  });

  it("on the command line with exit 6, and by name and fingerprint in the plan where it counts", async () => {
    const cwd = await folderWith({});
    const plan = async (ref: string): ReturnType<typeof runCli> =>
      runCli(
        [
          "plan",
          `${origin.address}?ref=${ref}`,
          "--server",
          "embedded",
          "--allow-empty",
          "--git-verify",
          "commit",
          "--git-keys",
          join(folder, "alice.asc"),
        ],
        {
          cwd,
          env: { PATH: process.env["PATH"] },
        },
      );
    expect(await plan("gpg-stranger")).toMatchObject({ exitCode: 6, stdout: "" });
    await origin.git("checkout", "-q", "-B", "empty", "gpg-alice");
    await origin.git("rm", "-q", "a.yaml");
    await origin.git(...(await gpgSigning("alice")), "commit", "-q", "-S", "-m", "empty");
    expect((await plan("empty")).stdout.split("\n")[0]).toContain(
      `commit signed by alice <alice@example.com> ${fingerprints["alice"] ?? ""}`,
    );
  });
});
