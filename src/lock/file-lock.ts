import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isObject } from "../model/json.ts";

export interface FileLock {
  release(): void;
}

/**
 * Locks a file of its own, at once or not at all: undefined where another holds it. It is a transaction of SQLite's, so
 * the system lets go of it when its process ends, however that comes about. Throws what the disk says against it.
 */
export function tryLockFile(path: string): FileLock | undefined {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (isObject(error) && error["errcode"] === SQLITE_BUSY) return undefined;
    throw error;
  }
  taken.add(database);
  return {
    release: () => {
      taken.delete(database);
      database.close();
    },
  };
}

const SQLITE_BUSY = 5;

/** A database that nobody refers to is closed by the garbage collector, and its lock would be gone with it. */
const taken = new Set<DatabaseSync>();
