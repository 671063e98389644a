import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isObject } from "../model/json.ts";
import type { Position } from "./next-run.ts";

/** What a follower remembers from one start to the next: what was applied last. */
export interface Memory {
  /** Undefined where nothing was remembered, or nothing of it can be read: then any commit may come next. */
  recall(): Promise<Position | undefined>;
  /** Kept whole or not at all. Throws where the folder cannot be written. */
  remember(applied: Position): Promise<void>;
}

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u;

/** The memory of one follower in a file of `folder`; `identity` says what it follows, and for whom. */
export function memoryIn(folder: string, identity: readonly string[]): Memory {
  const name = createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 32);
  const path = join(folder, `${name}.json`);
  return {
    recall: async () => {
      const text = await readFile(path, "utf8").catch(() => "");
      return parse(text);
    },
    remember: async ({ ref, commit }) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const draft = `${path}.${process.pid}`;
      await writeFile(draft, `${JSON.stringify({ identity, ref, commit })}\n`, { mode: 0o600 });
      await rename(draft, path);
    },
  };
}

function parse(text: string): Position | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return undefined;
    const { ref, commit } = value;
    return typeof ref === "string" && typeof commit === "string" && COMMIT.test(commit) ? { ref, commit } : undefined;
  } catch {
    return undefined;
  }
}
