import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { constants, setPriority } from "node:os";
import { basename, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import envPaths from "env-paths";
import { acquireLock, type Lock } from "../../src/apply/lock.ts";
import { SyncError } from "../../src/model/errors.ts";
import { existsSync } from "node:fs";

/** A folder of this repository with a go.mod and go.sum that pin programs which tests need. */
export interface GoModule {
  /** From the top of the repository, such as test/apiserver. */
  readonly folder: string;
  /** What each program is called, and the package it is built from. */
  readonly packages: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The path of a program of a pinned Go module. It is built once, into a cache folder of the user's outside the tree
 * (LLMSTACK_SYNC_TEST_CACHE, else that of the system), and again only when go.sum or a flag changes. Two runs that
 * want it at the same time build it once: the second waits. What stands there is always whole.
 */
export async function goProgram(module: GoModule, name: string): Promise<string> {
  const folder = join(cacheFolder(), `${basename(module.folder)}-${await keyOf(module)}`);
  const program = join(folder, name);
  if (existsSync(program)) return program;
  await mkdir(folder, { recursive: true });
  const lock = await waitForLock(folder, `the build of ${name}`);
  try {
    if (!existsSync(program)) await build(module, name, program);
  } finally {
    lock.release();
  }
  return program;
}

function cacheFolder(): string {
  return process.env["LLMSTACK_SYNC_TEST_CACHE"] ?? envPaths("llmstack-sync-tests", { suffix: "" }).cache;
}

async function keyOf({ folder, packages, flags, env }: GoModule): Promise<string> {
  const pins = await Promise.all(["go.mod", "go.sum"].map((file) => readFile(join(TOP, folder, file), "utf8")));
  const hash = createHash("sha256").update(JSON.stringify([pins, packages, flags, env]));
  return hash.digest("hex").slice(0, 16);
}

async function waitForLock(folder: string, what: string): Promise<Lock> {
  for (;;) {
    try {
      return acquireLock(folder, what);
    } catch (error) {
      if (!(error instanceof SyncError) || error.class !== "lock_held") throw error;
      await setTimeout(500);
    }
  }
}

async function build({ folder, packages, flags = [], env = {} }: GoModule, name: string, to: string): Promise<void> {
  const source = packages[name];
  if (source === undefined) throw new Error(`${folder} has no program ${name}`);
  await assertGo(name);
  const temporary = await mkdtemp(`${to}.building-`);
  console.error(`building ${name} from ${folder}, once; this takes minutes`);
  try {
    const built = join(temporary, name);
    const child = spawn("go", ["build", "-trimpath", ...flags, "-o", built, source], {
      cwd: join(TOP, folder),
      env: { CGO_ENABLED: "0", ...process.env, GOFLAGS: "-mod=readonly", ...env },
      stdio: ["ignore", "ignore", "inherit"],
    });
    const ended = Promise.withResolvers<number | null>();
    child.once("error", ended.reject).once("exit", ended.resolve);
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    const code = await ended.promise;
    if (code !== 0) throw new Error(`go build of ${source} in ${folder} failed with ${code}; see above`);
    await rename(built, to);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function assertGo(name: string): Promise<void> {
  try {
    await promisify(execFile)("go", ["version"]);
  } catch (error) {
    throw new Error(`${name} is built with Go, and there is no go on this machine. Install Go 1.26 or newer.`, {
      cause: error,
    });
  }
}

const TOP = new URL("../..", import.meta.url).pathname;
