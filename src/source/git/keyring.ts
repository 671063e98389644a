import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SyncError } from "../../model/errors.ts";
import { runProgram } from "./run-program.ts";
import type { GitKeyFile, GitSetup } from "./setup.ts";

/** The keys that signatures are checked with, and no others: none of the person's own. */
export interface Keyring {
  readonly gnupgHome: string;
  readonly allowedSigners: string;
  /** Primary fingerprints, 40 or 64 hex digits in capitals. */
  readonly gpg: ReadonlySet<string>;
  /** `SHA256:...` */
  readonly ssh: ReadonlySet<string>;
}

/** Makes a keyring of these files, hands it to `use`, and removes it. Throws SyncError for a file without a key. */
export async function withKeyring<T>(
  keys: readonly GitKeyFile[],
  setup: GitSetup,
  signal: AbortSignal,
  use: (keyring: Keyring) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "llmstack-sync-keys-"));
  try {
    const gnupgHome = join(folder, "gnupg");
    const allowedSigners = join(folder, "allowed-signers");
    const signers = keys.filter((file) => !isOpenPgp(file)).flatMap(parseSshKeys);
    await mkdir(gnupgHome, { mode: 0o700 });
    await writeFile(allowedSigners, signers.map(({ line }) => `${line}\n`).join(""), { mode: 0o600 });
    const gpg = new Set<string>();
    for (const file of keys.filter(isOpenPgp)) {
      for (const fingerprint of await importKeys(file, { gnupgHome, setup }, signal)) gpg.add(fingerprint);
    }
    return await use({ gnupgHome, allowedSigners, gpg, ssh: new Set(signers.map(({ fingerprint }) => fingerprint)) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function isOpenPgp({ bytes }: GitKeyFile): boolean {
  // A binary key starts with a packet tag, whose highest bit is set.
  return ((bytes[0] ?? 0) & 0x80) !== 0 || Buffer.from(bytes).includes("-----BEGIN PGP PUBLIC KEY BLOCK-----");
}

async function importKeys(
  { name, bytes }: GitKeyFile,
  { gnupgHome, setup }: { readonly gnupgHome: string; readonly setup: GitSetup },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const gpg = async (args: readonly string[], input?: Uint8Array): Promise<string> => {
    const { code, stdout, stderr } = await runProgram(
      {
        program: "gpg",
        args: ["--batch", "--no-tty", "--no-autostart", "--no-auto-check-trustdb", "--homedir", gnupgHome, ...args],
        env: { PATH: setup.env["PATH"] ?? "", LC_ALL: "C.UTF-8", HOME: gnupgHome },
        timeoutMs: setup.timeoutMs,
        ...(input !== undefined && { input }),
      },
      signal,
    );
    if (code === 0) return stdout.toString("utf8");
    throw noKey(name, stderr.split("\n").find((line) => line.startsWith("gpg:")) ?? `gpg ended with ${code}`);
  };
  // What it says of the keys of this file alone, as records of fields.
  const listing = await gpg(["--with-colons", "--import-options", "show-only", "--import"], bytes);
  await gpg(["--import"], bytes);
  const records = listing.split("\n").map((line) => line.split(":"));
  const fingerprints = records.flatMap(([type], index) => {
    const next = records.slice(index + 1).find(([kind]) => kind === "fpr");
    return type === "pub" && next?.[9] !== undefined ? [next[9]] : [];
  });
  if (fingerprints.length === 0) throw noKey(name, "it holds no public key");
  return fingerprints;
}

const SSH_KEY =
  /(?<type>(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[\w@.-]+) (?<blob>[A-Za-z0-9+/]{32,}={0,2})(?: (?<comment>.*))?$/u;

interface SshKey {
  /** For a file of allowed signers. */
  readonly line: string;
  readonly fingerprint: string;
}

/** Lines of a `.pub` file, or of an allowed-signers file (ssh-keygen(1), ALLOWED SIGNERS). */
function parseSshKeys({ name, bytes }: GitKeyFile): readonly SshKey[] {
  const lines = Buffer.from(bytes)
    .toString("utf8")
    .split("\n")
    .map((text, index) => ({ text: text.trim(), place: `line ${index + 1}` }))
    .filter(({ text }) => text !== "" && !text.startsWith("#"));
  if (lines.length === 0) throw noKey(name, "it holds no key");
  return lines.map(({ text, place }) => parseSshKey(text, (why) => noKey(name, `${place} ${why}`)));
}

function parseSshKey(text: string, wrong: (why: string) => SyncError): SshKey {
  const { type = "", blob = "", comment = "" } = SSH_KEY.exec(text)?.groups ?? {};
  if (blob === "") throw wrong("is no SSH public key");
  const before = text.slice(0, text.indexOf(`${type} ${blob}`)).trim();
  const [principals = ""] = before.split(" ");
  const options = before.slice(principals.length).match(/(?:[^\s,"]|"[^"]*")+/gu) ?? [];
  const kept = options.filter((option) => /^valid-(?:after|before)="?\d+Z?"?$/u.test(option));
  const other = options.find((option) => !kept.includes(option) && !option.startsWith("namespaces="));
  if (other !== undefined) throw wrong(`has the option ${other}, which is not understood`);
  const digest = createHash("sha256").update(Buffer.from(blob, "base64")).digest("base64").replace(/=+$/u, "");
  const who = principals === "" ? principalOf(comment) : principals;
  return {
    line: [who, ['namespaces="git"', ...kept].join(","), type, blob].join(" "),
    fingerprint: `SHA256:${digest}`,
  };
}

/** A `.pub` file names its owner in a comment, of which only one word can be a principal. */
function principalOf(comment: string): string {
  const word = comment.trim().replaceAll(/[^\w.@+-]/gu, "-");
  return word === "" ? "unnamed" : word;
}

function noKey(name: string, why: string): SyncError {
  return new SyncError("usage", `the keys of ${name}: ${why}`, {
    remedy: "It takes OpenPGP keys (gpg --export --armor), SSH public keys, or an allowed-signers file.",
  });
}
