import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type FileLock, tryLockFile } from "../../lock/file-lock.ts";
import { SyncError } from "../../model/errors.ts";
import { UnsoundStore } from "./failure.ts";
import type { GitSetup } from "./setup.ts";
import { evictOthers, isOutgrown, noteUse, sweepLeftovers } from "./store-upkeep.ts";
import { HINTS } from "../../model/hints.ts";

/** Where objects of one repository, fetched with one identity, are kept. Whatever is in it can be fetched again. */
export interface Store {
  /**
   * Runs `work` on the store's folder while no other run uses it. Where what is there turns out to be unsound, it is
   * thrown away and `work` runs once more, on an empty one.
   */
  use<T>(work: (folder: string) => Promise<T>, signal: AbortSignal): Promise<T>;
  /** What is kept nowhere else goes. */
  close(): Promise<void>;
}

/** The store of this address and these credentials; throws SyncError of class usage where none can be. */
export async function openStore(url: string, setup: GitSetup): Promise<Store> {
  if (setup.cacheDirectory === "off") return passingStore();
  const id = createHash("sha256")
    .update(`${url}\n${identityOf(setup)}`)
    .digest("hex")
    .slice(0, 32);
  return keptStore(setup.cacheDirectory, id, { url, setup });
}

/** Stores are never shared between credentials: what one may read says nothing of another. */
function identityOf({ credentials: { identity, token = "", username = "", sshKeyFile = "" }, user }: GitSetup): string {
  return JSON.stringify(identity === undefined ? [user, username, token, sshKeyFile] : [user, identity]);
}

async function passingStore(): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), "llmstack-sync-git-"));
  if (passing.size === 0) process.on("exit", removePassing);
  passing.add(folder);
  return {
    use: async (work) => work(folder),
    close: async () => {
      await rm(folder, { recursive: true, force: true });
      passing.delete(folder);
      if (passing.size === 0) process.off("exit", removePassing);
    },
  };
}

const passing = new Set<string>();

function removePassing(): void {
  for (const folder of passing) rmSync(folder, { recursive: true, force: true });
}

function keptStore(
  directory: string,
  id: string,
  { url, setup }: { readonly url: string; readonly setup: GitSetup },
): Store {
  const folder = join(directory, id);
  const use: Store["use"] = async (work, signal) => {
    await requireOwnFolder(directory);
    const lock = await lockStore(`${folder}.lock`, { url, setup }, signal);
    try {
      await evictOthers(directory, id);
      if (await isOutgrown(folder)) await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await sweepLeftovers(folder);
      return await workSoundly(folder, work);
    } finally {
      await noteUse(folder, url).catch(() => undefined);
      lock.release();
    }
  };
  return { use, close: () => Promise.resolve() };
}

async function workSoundly<T>(folder: string, work: (folder: string) => Promise<T>): Promise<T> {
  try {
    return await work(folder);
  } catch (error) {
    if (!(error instanceof UnsoundStore)) throw error;
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return work(folder);
  }
}

async function lockStore(
  path: string,
  { url, setup }: { readonly url: string; readonly setup: GitSetup },
  signal: AbortSignal,
): Promise<FileLock> {
  const until = performance.now() + 2 * setup.timeoutMs;
  for (;;) {
    const lock = tryLockFile(path);
    if (lock !== undefined) return lock;
    if (performance.now() > until) {
      throw new SyncError("lock_held", `Another run on this machine is still fetching from ${url}`, {
        ...HINTS.gitStoreBusy,
        isRetryable: true,
      });
    }
    await wait(50, undefined, { signal });
  }
}

/** Git does what the configuration in a store says: nobody else may write there. */
async function requireOwnFolder(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(join(directory, "CACHEDIR.TAG"), CACHE_TAG, { flag: "wx", mode: 0o600 }).catch(() => undefined);
    const { mode, uid } = await stat(directory);
    if (process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0)) return;
  } catch (cause) {
    throw unusable(directory, cause instanceof Error ? cause.message : String(cause), cause);
  }
  throw unusable(directory, "others may write there");
}

/** What backup programs look for (bford.info/cachedir). */
const CACHE_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# Git objects that llmstack-sync can fetch again.\n";

function unusable(directory: string, why: string, cause?: unknown): SyncError {
  return new SyncError("usage", `Cannot keep what comes from Git in ${directory}: ${why}`, {
    ...HINTS.gitStoreFolder,
    ...(cause !== undefined && { cause }),
  });
}
