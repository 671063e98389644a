import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { parseGitAddress, type GitAddress } from "../../src/source/git/address.ts";
import { DEFAULT_LIMITS, type GitSetup } from "../../src/source/git/setup.ts";
import type { Source } from "../../src/model/source.ts";

/** Stores of the tests of one file, one for each setup; gone when the file is done. */
const stores = mkdtempSync(join(tmpdir(), "llmstack-sync-git-"));
let count = 0;
afterAll(() => rmSync(stores, { recursive: true, force: true }));

/** How a person with nothing of their own reads. */
export function aSetup(changes: Partial<GitSetup> = {}): GitSetup {
  return {
    credentials: {},
    timeoutMs: 30_000,
    limits: DEFAULT_LIMITS,
    cacheDirectory: join(stores, String((count += 1))),
    user: "person",
    http: "refused",
    env: { PATH: process.env["PATH"], HOME: "/nonexistent" },
    ...changes,
  };
}

export const never = new AbortController().signal;

export function anAddress(text: string): GitAddress {
  const address = parseGitAddress(text);
  if (address === undefined) throw new Error(`${text} is no Git address`);
  return address;
}

/** The text of a file that a manifest of the source could name. */
export async function textIn(source: Source, path: string): Promise<string> {
  const root = source.files[0]?.root ?? "";
  const pieces: Uint8Array[] = [];
  for await (const piece of (await source.open(root, path)).read()) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}
