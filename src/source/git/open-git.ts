import { posix } from "node:path";
import { SyncError } from "../../model/errors.ts";
import type { GitRevision, GitSigner, GitSource } from "../../model/git-revision.ts";
import { checkGitAddress, formatGitAddress, type GitAddress } from "./address.ts";
import { storeFailure, UnsoundStore } from "./failure.ts";
import { ensureRepository, fetchTip, type Repository } from "./fetch.ts";
import { type GitFolder, gitSource } from "./git-source.ts";
import { findInCommit, listTree } from "./list-tree.ts";
import { openRepository } from "./open-repository.ts";
import { shortName } from "./ref-name.ts";
import { askRemote } from "./remote.ts";
import { chooseRef, type RemoteRef } from "./remote-refs.ts";
import type { GitSetup } from "./setup.ts";
import { verifyTip } from "./verify.ts";
import { HINTS } from "../../model/hints.ts";

/**
 * The manifests that an address leads to. What is fetched: the commit's trees, and the files that are asked for, each
 * lot in one conversation. Throws SyncError: `auth`, `unreachable`, or `refused` for what must not be read.
 */
export async function openGit(address: GitAddress, setup: GitSetup, signal: AbortSignal): Promise<GitSource> {
  checkGitAddress(address);
  const { git, within, close } = await openRepository(address.url, setup, signal);
  try {
    const wanted = chooseRef(address, await askRemote(git, [address]));
    const folder = await within(async (repository) => {
      await ensureRepository(repository, wanted.id);
      const tip = await fetchTip(repository, wanted);
      const commit = await commitOf(repository, tip, wanted);
      requirePinned(address, commit, wanted);
      const signers = await verifyTip(repository, { ref: wanted, target: tip, commit: commit.commit }, setup, signal);
      return readFolder(repository, { address, wanted, signers, ...commit });
    });
    const { ignoreRules } = setup;
    return { ...(await gitSource({ ...folder, ...(ignoreRules !== undefined && { ignoreRules }) }, within)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Commit {
  readonly commit: string;
  readonly tree: string;
}

async function commitOf({ git, directory, url }: Repository, tip: string, { name }: RemoteRef): Promise<Commit> {
  const answer = await git.run([`--git-dir=${directory}`, "cat-file", "--batch-check=%(objectname) %(objecttype)"], {
    input: `${tip}^{commit}\n${tip}^{tree}\n`,
  });
  if (answer.code !== 0) throw storeFailure(`Could not look up ${name} of ${url}`, answer);
  const [, commit, tree] = /^([0-9a-f]+) commit\n([0-9a-f]+) tree\n$/u.exec(answer.stdout.toString("latin1")) ?? [];
  if (commit !== undefined && tree !== undefined) return { commit, tree };
  // Or the store has lost it, which a fresh one cures.
  throw new UnsoundStore("refused", `${name} of ${url} is no commit`, {
    remedy: "Name a branch or a tag of a commit.",
  });
}

function requirePinned({ url, commit: pin }: GitAddress, { commit }: Commit, { name }: RemoteRef): void {
  if (pin === undefined || pin === commit) return;
  throw new SyncError("refused", `${shortName(name)} of ${url} is at ${commit}, and the address says commit=${pin}`, {
    remedy: "Look at what came in between, then change commit= in the address.",
  });
}

interface FolderWanted extends Commit {
  readonly address: GitAddress;
  readonly wanted: RemoteRef;
  readonly signers: readonly GitSigner[];
}

async function readFolder(repository: Repository, wanted: FolderWanted): Promise<GitFolder> {
  const found = await findFolder(repository, wanted);
  const revision = revisionOf({ ...wanted, tree: found.tree });
  return { revision, ...found, entries: await listTree(repository, found.tree) };
}

function revisionOf({ address: { url }, wanted, commit, tree, signers }: FolderWanted): GitRevision {
  const digest = `${commit.length === 64 ? "sha256" : "sha1"}:${commit}`;
  const isBare = wanted.name === wanted.id;
  const ref = shortName(wanted.name);
  return { url, ref, commit, tree, text: isBare ? digest : `${ref}@${digest}`, ...(signers.length > 0 && { signers }) };
}

interface Found {
  readonly path: string;
  readonly tree: string;
  readonly file?: string;
}

async function findFolder(
  repository: Repository,
  { address, commit, tree }: Commit & { readonly address: GitAddress },
): Promise<Found> {
  const { path } = address;
  if (path === "") return { path, tree };
  const found = await findInCommit(repository, commit, path);
  if (found?.type === "tree") return { path, tree: found.id };
  if (found?.type !== "blob") {
    const what = found === undefined ? "does not exist" : found.type === "link" ? "is a link" : "is a submodule";
    throw new SyncError(
      "refused",
      `${path} ${what} in ${formatGitAddress({ ...address, path: "" })} (commit ${commit})`,
      {
        ...HINTS.gitFolder,
      },
    );
  }
  const parent = posix.dirname(path) === "." ? "" : posix.dirname(path);
  const folder = await findFolder(repository, { address: { ...address, path: parent }, commit, tree });
  return { ...folder, file: posix.basename(path) };
}
