import type { GitSource } from "../../src/model/git-revision.ts";
import { openGit } from "../../src/source/git/open-git.ts";
import type { GitSetup } from "../../src/source/git/setup.ts";
import { type Origin, type OriginFile, originWith } from "./git-origin.ts";
import { anAddress, aSetup, never } from "./git-setup.ts";

const origins: Origin[] = [];

export async function makeOrigin(files: Readonly<Record<string, OriginFile>>): Promise<Origin> {
  const origin = await originWith(files);
  origins.push(origin);
  return origin;
}

export async function removeOrigins(): Promise<void> {
  await Promise.all(origins.splice(0).map((origin) => origin.remove()));
}

export async function openOrigin(origin: Origin, rest = "", setup: Partial<GitSetup> = {}): Promise<GitSource> {
  return openGit(anAddress(`${origin.address}${rest}`), aSetup(setup), never);
}

/** A branch with a tree that no work tree could hold: entries of `git mktree`. */
export async function branchOf(origin: Origin, name: string, entries: readonly (string | Buffer)[]): Promise<void> {
  const lines = entries.map((entry) => Buffer.concat([Buffer.from(entry), Buffer.from([0])]));
  const tree = await origin.gitWith(Buffer.concat(lines), "mktree", "-z");
  await origin.git("branch", name, await origin.git("commit-tree", "-m", name, tree));
}

export async function blobOf(origin: Origin, text: string): Promise<string> {
  return origin.gitWith(text, "hash-object", "-w", "--stdin");
}

export function problemsOf({ unread }: GitSource): readonly string[] {
  return unread.map(({ message }) => message);
}
