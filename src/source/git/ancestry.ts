import { SyncError } from "../../model/errors.ts";
import { checkGitAddress, type GitAddress } from "./address.ts";
import { ensureRepository, fetchHistory, type Repository } from "./fetch.ts";
import { openRepository } from "./open-repository.ts";
import type { GitSetup } from "./setup.ts";

/** Commits looked at before all of history is: enough between two polls. */
const FIRST_DEPTH = 1000;

/**
 * Whether `older` is in the history of `newer` (commits by full id): false says that history was rewritten in between.
 * `unknown` where the remote does not give enough of it. Throws SyncError where the remote does not answer at all.
 */
export async function isAncestor(
  older: string,
  newer: string,
  address: Pick<GitAddress, "url">,
  setup: GitSetup,
  signal: AbortSignal,
): Promise<boolean | "unknown"> {
  for (const commit of [older, newer]) checkGitAddress({ ...address, commit });
  if (older === newer) return true;
  // Commits without their trees must not be taken for whole ones, so they have a repository of their own.
  const { within, close } = await openRepository(address.url, setup, signal, "history.git");
  try {
    return await within((repository) => search(repository, older, newer));
  } catch (error) {
    // History without a filter may be larger than any limit.
    if (error instanceof SyncError && error.class === "refused") return "unknown";
    throw error;
  } finally {
    await close();
  }
}

async function search(repository: Repository, older: string, newer: string): Promise<boolean | "unknown"> {
  await ensureRepository(repository, newer);
  await fetchHistory(repository, newer, FIRST_DEPTH);
  if (await isBelow(repository, older, newer)) return true;
  if (!(await isShallow(repository))) return false;
  await fetchHistory(repository, newer, "all");
  if (await isBelow(repository, older, newer)) return true;
  return (await isShallow(repository)) ? "unknown" : false;
}

async function isBelow({ git, directory }: Repository, older: string, newer: string): Promise<boolean> {
  const { code } = await git.run([`--git-dir=${directory}`, "merge-base", "--is-ancestor", older, newer]);
  return code === 0;
}

async function isShallow({ git, directory }: Repository): Promise<boolean> {
  const { stdout } = await git.run([`--git-dir=${directory}`, "rev-parse", "--is-shallow-repository"]);
  return stdout.toString().trim() !== "false";
}
