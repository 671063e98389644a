import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { type FileLock, tryLockFile } from "../lock/file-lock.ts";
import { SyncError } from "../model/errors.ts";
import { isObject } from "../model/json.ts";

export interface Lock {
  release(): void;
}

/**
 * Takes the lock of `identity` (server, account and set, in words) in `folder`, or throws SyncError `lock_held` at once.
 * The system lets go of it when its process ends, however that comes about. A text file beside it says who holds it.
 */
export function acquireLock(folder: string, identity: string): Lock {
  const file = join(folder, `${createHash("sha256").update(identity).digest("hex").slice(0, 32)}.lock`);
  const holderFile = `${file}.json`;
  const lock = lockFile(folder, file);
  if (lock === undefined) throw held(identity, holderFile);
  writeHolder(holderFile, identity);
  return {
    release: () => {
      rmSync(holderFile, { force: true });
      lock.release();
    },
  };
}

function lockFile(folder: string, file: string): FileLock | undefined {
  try {
    return tryLockFile(file);
  } catch (error) {
    throw unusable(folder, error);
  }
}

/** For people only: the lock holds without it. */
function writeHolder(file: string, identity: string): void {
  const holder = { pid: process.pid, host: hostname(), since: new Date().toISOString(), identity };
  try {
    writeFileSync(file, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  } catch {
    rmSync(file, { force: true });
  }
}

function held(identity: string, holderFile: string): SyncError {
  const { pid, since } = readHolder(holderFile);
  const who = pid === undefined ? "" : ` It is process ${pid}${since === undefined ? "" : `, since ${since}`}.`;
  const find = pid === undefined ? "" : ` Look at it with: ps -fp ${pid}.`;
  return new SyncError("lock_held", `Another run on this machine is at work on ${identity}.${who}`, {
    remedy: `Wait until it has ended, then run this again.${find} The lock goes with its process, whatever ends it.`,
  });
}

function readHolder(file: string): { readonly pid?: number; readonly since?: string } {
  try {
    const holder: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (!isObject(holder)) return {};
    const { pid, since } = holder;
    return { ...(typeof pid === "number" && { pid }), ...(typeof since === "string" && { since }) };
  } catch {
    return {};
  }
}

function unusable(folder: string, error: unknown): SyncError {
  const why = error instanceof Error ? error.message : String(error);
  return new SyncError("usage", `Could not take a lock in ${folder}: ${why}`, {
    cause: error,
    remedy: "The folder must be writable: check its rights, or point XDG_STATE_HOME at another place.",
  });
}
