import { SyncError } from "../../model/errors.ts";
import type { GitSigner } from "../../model/git-revision.ts";
import { storeFailure } from "./failure.ts";
import type { Repository } from "./fetch.ts";
import { type Keyring, withKeyring } from "./keyring.ts";
import { readSignature } from "./read-signature.ts";
import type { RemoteRef } from "./remote-refs.ts";
import type { GitSetup } from "./setup.ts";
import { HINTS } from "../../model/hints.ts";

interface Tip {
  readonly ref: RemoteRef;
  /** The ref of ours that it is under. */
  readonly target: string;
  readonly commit: string;
}

/** Larger than any tag that a person wrote. */
const MOST_TAG = 1024 * 1024;

/** Who signed what is wanted. Throws SyncError of class refused that names commit, signer and fingerprint. */
export async function verifyTip(
  repository: Repository,
  tip: Tip,
  setup: GitSetup,
  signal: AbortSignal,
): Promise<readonly GitSigner[]> {
  const { verify } = setup;
  if (verify === undefined) return [];
  return withKeyring(verify.keys, setup, signal, async (keyring) => {
    const checks = [...(verify.what === "commit" ? [] : [tagSigner]), ...(verify.what === "tag" ? [] : [commitSigner])];
    const signers: GitSigner[] = [];
    for (const check of checks) signers.push(await check(repository, tip, keyring));
    return signers;
  });
}

async function commitSigner(repository: Repository, { commit }: Tip, keyring: Keyring): Promise<GitSigner> {
  return {
    signed: "commit",
    ...(await signerOf(repository, keyring, { verb: "verify-commit", id: commit, what: `commit ${commit}` })),
  };
}

/** The tag that was asked for: one of another name could be an old one, served in its place. */
async function tagSigner(repository: Repository, { ref, target, commit }: Tip, keyring: Keyring): Promise<GitSigner> {
  const { url } = repository;
  const { id, type, tag, object } = await readTag(repository, target);
  const what = `${ref.name} of ${url} (commit ${commit})`;
  if (!ref.name.startsWith("refs/tags/")) throw refused(`${what} is no tag, and a signed tag was asked for`);
  if (type !== "tag") throw refused(`${what} is a tag without a signature: it is not annotated`);
  if (`refs/tags/${tag}` !== ref.name) throw refused(`${what} holds the tag ${tag}, made for another name`);
  if (object !== commit) throw refused(`${what} does not tag a commit`);
  return {
    signed: "tag",
    ...(await signerOf(repository, keyring, { verb: "verify-tag", id, what: `tag ${tag} (commit ${commit})` })),
  };
}

async function signerOf(
  { git, directory, url }: Repository,
  keyring: Keyring,
  { verb, id, what }: { readonly verb: "verify-commit" | "verify-tag"; readonly id: string; readonly what: string },
): Promise<Pick<GitSigner, "kind" | "name" | "fingerprint">> {
  const { code, complaint } = await git.run([`--git-dir=${directory}`, verb, "--raw", id], {
    config: [
      "gpg.program=gpg",
      "gpg.openpgp.program=gpg",
      "gpg.ssh.program=ssh-keygen",
      "gpg.x509.program=/bin/false",
      "gpg.minTrustLevel=undefined",
      `gpg.ssh.allowedSignersFile=${keyring.allowedSigners}`,
      "gpg.ssh.revocationFile=",
    ],
    env: { GNUPGHOME: keyring.gnupgHome },
  });
  const signature = readSignature({ code, text: complaint }, keyring);
  if ("refused" in signature) throw refused(`${what} of ${url} ${signature.refused}`);
  return signature;
}

interface Tag {
  readonly id: string;
  readonly type: string;
  readonly tag: string;
  readonly object: string;
}

async function readTag({ git, directory, url }: Repository, target: string): Promise<Tag> {
  const answer = await git.run([`--git-dir=${directory}`, "cat-file", "--batch"], {
    input: `${target}\n`,
    mostOutput: MOST_TAG,
  });
  if (answer.code !== 0) throw storeFailure(`Could not read a tag of ${url}`, answer);
  const text = answer.stdout.toString("utf8");
  const [, id = "", type = ""] = /^([0-9a-f]+) (\w+) \d+\n/u.exec(text) ?? [];
  const [head = ""] = text.slice(text.indexOf("\n") + 1).split("\n\n");
  const field = (name: string): string => new RegExp(`^${name} (.*)$`, "mu").exec(head)?.[1] ?? "";
  return { id, type, tag: field("tag"), object: field("type") === "commit" ? field("object") : "" };
}

function refused(what: string): SyncError {
  return new SyncError("refused", what, {
    ...HINTS.gitSigners,
  });
}
