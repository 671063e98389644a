import { storeFailure } from "./failure.ts";
import { ensureRepository, fetchTip, type Repository } from "./fetch.ts";
import { checkGitAddress, type GitAddress } from "./address.ts";
import { openRepository } from "./open-repository.ts";
import type { GitSetup } from "./setup.ts";

/** Two commits, by full id. */
export interface CommitRange {
  readonly base: string;
  readonly head: string;
}

/**
 * Paths (from the repository's top, sorted) below the address's folder at which two commits differ; of something renamed
 * both. Found by tree ids alone: no file is fetched. Throws SyncError.
 */
export async function changedPaths(
  range: CommitRange,
  address: Pick<GitAddress, "url" | "path">,
  setup: GitSetup,
  signal: AbortSignal,
): Promise<readonly string[]> {
  for (const commit of [range.base, range.head]) checkGitAddress({ ...address, commit });
  const { within, close } = await openRepository(address.url, setup, signal);
  try {
    return await within((repository) => differing(repository, range, address.path));
  } finally {
    await close();
  }
}

async function differing(
  repository: Repository,
  { base, head }: CommitRange,
  path: string,
): Promise<readonly string[]> {
  const { git, directory, url } = repository;
  await ensureRepository(repository, base);
  for (const id of new Set([base, head])) await fetchTip(repository, { name: id, id });
  const answer = await git.run([
    `--git-dir=${directory}`,
    "diff-tree",
    "-r",
    "-z",
    "--name-only",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--ignore-submodules=none",
    base,
    head,
    "--",
    ...(path === "" ? [] : [path]),
  ]);
  if (answer.code !== 0) throw storeFailure(`Could not compare ${base} and ${head} of ${url}`, answer);
  return answer.stdout
    .toString("utf8")
    .split("\0")
    .filter((each) => each !== "")
    .toSorted();
}
