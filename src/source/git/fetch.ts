import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { SyncError } from "../../model/errors.ts";
import { storeFailure } from "./failure.ts";
import type { Git } from "./git.ts";
import type { GitLimits } from "./setup.ts";
import { sizeOf } from "./store-upkeep.ts";
import { HINTS } from "../../model/hints.ts";

/** A bare repository of ours, and the git that fills it. */
export interface Repository {
  readonly git: Git;
  readonly directory: string;
  /** The remote, for messages. */
  readonly url: string;
  readonly limits: GitLimits;
}

/** Flags of every fetch. */
const FETCH = ["fetch", "-q", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-auto-maintenance"];

/** The repository in a folder, made where it is not there yet. `id` is any object id of the remote: it tells the kind. */
export async function ensureRepository(repository: Repository, id: string): Promise<void> {
  const { git, directory } = repository;
  if (existsSync(join(directory, OWN_CONFIG))) return forgetPromises(repository);
  await rm(directory, { recursive: true, force: true });
  const format = id.length === 64 ? "sha256" : "sha1";
  const answer = await git.run(["init", "-q", "--bare", "--template=", `--object-format=${format}`, directory]);
  if (answer.code !== 0) throw storeFailure(`Could not make ${directory}`, answer);
  await copyFile(join(directory, "config"), join(directory, OWN_CONFIG));
}

/** The configuration as it was made. */
const OWN_CONFIG = "config.own";

/**
 * A fetch with a filter writes down that the remote has promised the rest, and git then asks for it (or fails) wherever
 * it misses an object. Here an object that is missing is missing.
 */
async function forgetPromises({ directory }: Repository): Promise<void> {
  await copyFile(join(directory, OWN_CONFIG), join(directory, "config"));
}

/** Fetches one commit or tag with its trees and without any file. Answers the ref of ours that it is under. */
export async function fetchTip(
  repository: Repository,
  wanted: { readonly name: string; readonly id: string },
): Promise<string> {
  const { git, directory, url } = repository;
  const target = `refs/llmstack/${createHash("sha256").update(wanted.name).digest("hex").slice(0, 16)}`;
  const known = await git.run([`--git-dir=${directory}`, "rev-parse", "-q", "--verify", "--end-of-options", target]);
  if (known.code === 0 && known.stdout.toString().trim() === wanted.id) return target;
  await git.ask(
    `Could not fetch ${wanted.name} of ${url}`,
    (place) => [
      `--git-dir=${directory}`,
      ...FETCH,
      "--depth=1",
      "--filter=blob:none",
      "--refmap=",
      "--end-of-options",
      place,
      // By its id: the remote need not be asked for names again, and it is what was listed.
      `+${wanted.id}:${target}`,
    ],
    { watch: await growthWatch(repository) },
  );
  await forgetPromises(repository);
  return target;
}

/** Fetches commits without their trees, `depth` of them in a row or all there are. */
export async function fetchHistory(repository: Repository, commit: string, depth: number | "all"): Promise<void> {
  const { git, directory, url } = repository;
  await git.ask(
    `Could not fetch the history of ${url}`,
    (place) => [
      `--git-dir=${directory}`,
      ...FETCH,
      // Git's own word for all of it.
      `--depth=${depth === "all" ? 2_147_483_647 : depth}`,
      "--filter=tree:0",
      "--refmap=",
      "--end-of-options",
      place,
      `+${commit}:refs/llmstack/tip`,
    ],
    { watch: await growthWatch(repository) },
  );
}

/** Fetches these blobs in one conversation. */
export async function fetchBlobs(repository: Repository, ids: readonly string[]): Promise<void> {
  const { git, directory, url } = repository;
  await git.ask(
    `Could not fetch ${ids.length} files of ${url}`,
    (place) => [`--git-dir=${directory}`, ...FETCH, "--filter=blob:none", "--stdin", "--end-of-options", place],
    {
      input: ids.map((id) => `${id}\n`).join(""),
      config: ["fetch.negotiationAlgorithm=noop"],
      watch: await growthWatch(repository),
    },
  );
  await forgetPromises(repository);
}

/** A pack is compressed: one that is larger than what may be read is too large already. */
async function growthWatch({ directory, limits, url }: Repository): Promise<() => Promise<SyncError | undefined>> {
  const packs = join(directory, "objects");
  const before = await sizeOf(packs);
  return async () => {
    const grown = (await sizeOf(packs)) - before;
    return grown <= limits.bytes ? undefined : tooMuch(`${url} sent more than ${limits.bytes} bytes`);
  };
}

/** What goes beyond a limit of --git-max-files or --git-max-bytes. */
export function tooMuch(what: string): SyncError {
  return new SyncError("refused", `${what}, the limit`, {
    ...HINTS.gitTooMuch,
  });
}
