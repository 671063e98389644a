import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tryLockFile } from "../../lock/file-lock.ts";
import { isObject } from "../../model/json.ts";

/** Below this nothing is gained by beginning anew. */
const NEVER_OUTGROWN = 64 * 1024 * 1024;
/** Git never collects garbage here; a store this many times its first size is fetched anew, which is cheaper. */
const OUTGROWN = 4;
/** Of all stores together; those that were used least recently go first. */
const MOST_TOGETHER = 2 * 1024 * 1024 * 1024;

const NOTE = "store.json";

/** One store as it is on disk. */
export interface StoreNote {
  readonly id: string;
  readonly url: string;
  readonly bytes: number;
  readonly firstBytes: number;
  readonly usedAt: string;
}

/** True where a store has grown so much that fetching anew is cheaper than keeping it. */
export async function isOutgrown(folder: string): Promise<boolean> {
  const note = await readNote(folder);
  return note !== undefined && note.bytes > NEVER_OUTGROWN && note.bytes > OUTGROWN * note.firstBytes;
}

/** Writes down that the store was used, and how large it is now. */
export async function noteUse(folder: string, url: string): Promise<void> {
  const known = await readNote(folder);
  const bytes = await sizeOf(folder);
  const note = { url, bytes, firstBytes: known?.firstBytes ?? bytes, usedAt: new Date().toISOString() };
  await writeFile(join(folder, NOTE), `${JSON.stringify(note)}\n`, { mode: 0o600 });
}

/** Removes what a killed git left behind. Only for who holds the store's lock. */
export async function sweepLeftovers(folder: string): Promise<void> {
  const files = await filesBelow(folder);
  const leftovers = files.filter(({ path }) => /(?:\.lock|\/tmp_[^/]*|\/\.tmp-[^/]*)$/u.test(path));
  await Promise.all(leftovers.map(({ path }) => rm(path, { recursive: true, force: true })));
}

/** Removes the stores used least recently until all fit together; never `own`, never one in use. */
export async function evictOthers(directory: string, own: string): Promise<void> {
  const notes = (await listStores(directory)).toSorted((a, b) => (a.usedAt < b.usedAt ? -1 : 1));
  let together = notes.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { id, bytes } of notes) {
    if (together <= MOST_TOGETHER) return;
    if (id !== own && (await removeStore(directory, id))) together -= bytes;
  }
}

/** Every store in the folder; none where there is no folder. */
export async function listStores(directory: string): Promise<readonly StoreNote[]> {
  const names = await readdir(directory).catch(() => []);
  const ids = names.filter((name) => /^[0-9a-f]{32}$/u.test(name));
  return Promise.all(ids.map(async (id) => noteOf(directory, id)));
}

/** Removes every store that no run uses; answers how many went and how many are in use. */
export async function clearStores(directory: string): Promise<{ readonly removed: number; readonly inUse: number }> {
  const stores = await listStores(directory);
  let removed = 0;
  for (const { id } of stores) if (await removeStore(directory, id)) removed += 1;
  return { removed, inUse: stores.length - removed };
}

/** A store without a note is one whose first run was killed. */
async function noteOf(directory: string, id: string): Promise<StoreNote> {
  const note = await readNote(join(directory, id));
  return { id, url: "", bytes: 0, firstBytes: 0, usedAt: "", ...note };
}

async function removeStore(directory: string, id: string): Promise<boolean> {
  const lock = tryLockFile(join(directory, `${id}.lock`));
  if (lock === undefined) return false;
  try {
    await rm(join(directory, id), { recursive: true, force: true });
  } finally {
    lock.release();
  }
  return true;
}

async function readNote(folder: string): Promise<Omit<StoreNote, "id"> | undefined> {
  try {
    const note: unknown = JSON.parse(await readFile(join(folder, NOTE), "utf8"));
    if (!isObject(note)) return undefined;
    const { url, bytes, firstBytes, usedAt } = note;
    const isSound =
      typeof url === "string" &&
      typeof bytes === "number" &&
      typeof firstBytes === "number" &&
      typeof usedAt === "string";
    return isSound ? { url, bytes, firstBytes, usedAt } : undefined;
  } catch {
    return undefined;
  }
}

/** Bytes of all files below. */
export async function sizeOf(folder: string): Promise<number> {
  return (await filesBelow(folder)).reduce((sum, { size }) => sum + size, 0);
}

async function filesBelow(folder: string): Promise<readonly { readonly path: string; readonly size: number }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => !entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name));
  const sizes = await Promise.all(files.map(async (path) => (await stat(path).catch(() => undefined))?.size ?? 0));
  return files.map((path, index) => ({ path, size: sizes[index] ?? 0 }));
}
