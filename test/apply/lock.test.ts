import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { acquireLock } from "../../src/apply/lock.ts";
import { SyncError } from "../../src/model/errors.ts";

const IDENTITY = "https://llmstack.test, account a, set team";
const HOLDER = new URL("../support/hold-lock.ts", import.meta.url).pathname;

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "llmstack-lock-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Another process that holds the lock until it is killed. */
async function aHolder(folder: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [HOLDER, folder, IDENTITY], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child;
}

function failureOf(folder: string): SyncError {
  try {
    acquireLock(folder, IDENTITY).release();
  } catch (error) {
    if (error instanceof SyncError) return error;
  }
  throw new Error("the lock was free");
}

describe("the lock of a server, account and set", () => {
  it("is not given to a second process, which hears who holds it", async () => {
    const folder = await aFolder();
    const holder = await aHolder(folder);
    const failure = failureOf(folder);
    expect(failure.class).toBe("lock_held");
    expect(failure.message).toContain(IDENTITY);
    expect(failure.message).toContain(`process ${holder.pid}`);
    expect(failure.remedy).toContain(`ps -fp ${holder.pid}`);
  });

  it("is free as soon as its holder is killed", async () => {
    const folder = await aFolder();
    const holder = await aHolder(folder);
    holder.kill("SIGKILL");
    await once(holder, "exit");
    const lock = acquireLock(folder, IDENTITY);
    expect(failureOf(folder).message).toContain(`process ${process.pid}`);
    lock.release();
  });

  it("is free after it was released, and leaves nobody's name behind", async () => {
    const folder = await aFolder();
    acquireLock(folder, IDENTITY).release();
    expect((await readdir(folder)).filter((name) => name.endsWith(".json"))).toEqual([]);
    acquireLock(folder, IDENTITY).release();
  });

  it("is not given twice within one process", async () => {
    const folder = await aFolder();
    const lock = acquireLock(folder, IDENTITY);
    expect(failureOf(folder).class).toBe("lock_held");
    lock.release();
  });

  it("does not keep another set from its own", async () => {
    const folder = await aFolder();
    const lock = acquireLock(folder, IDENTITY);
    const other = acquireLock(folder, `${IDENTITY}-b`);
    expect((await readdir(folder)).filter((name) => name.endsWith(".json"))).toHaveLength(2);
    other.release();
    lock.release();
  });

  it("that cannot be taken for want of a folder says which folder and what to do", async () => {
    const file = join(await aFolder(), "file");
    await writeFile(file, "");
    const failure = failureOf(join(file, "locks"));
    expect(failure.class).toBe("usage");
    expect(failure.message).toContain(file);
    expect(failure.remedy).toContain("XDG_STATE_HOME");
  });
});
