import { join } from "node:path";
import type { WithRepository } from "./blob-reader.ts";
import type { Git } from "./git.ts";
import { openGitProgram } from "./git-program.ts";
import type { GitSetup } from "./setup.ts";
import { openStore } from "./store.ts";

/** One remote, and the repository of ours that is filled from it. */
export interface OpenRepository {
  readonly git: Git;
  /** One at a time, whatever the number of runs. */
  readonly within: WithRepository;
  readonly close: () => Promise<void>;
}

/** Throws SyncError where git is missing, what is asked is not allowed, or nothing can be kept. */
export async function openRepository(
  url: string,
  setup: GitSetup,
  signal: AbortSignal,
  name = "repo.git",
): Promise<OpenRepository> {
  const git = await openGitProgram(url, setup, signal);
  const store = await openStore(url, setup);
  return {
    git,
    within: async (work) =>
      store.use((folder) => work({ git, url, directory: join(folder, name), limits: setup.limits }), signal),
    close: () => store.close(),
  };
}
