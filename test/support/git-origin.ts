import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A repository to read from, made of real commits. */
export interface Origin {
  /** Its folder; `file://` in front of it is its address. */
  readonly folder: string;
  readonly address: string;
  /** Runs git in it and answers what it printed. */
  git(...args: readonly string[]): Promise<string>;
  gitWith(input: string | Buffer, ...args: readonly string[]): Promise<string>;
  /** Commits these files on top of what is there (null removes one, a link is `{ link }`); answers the commit's id. */
  commit(files: Readonly<Record<string, OriginFile>>): Promise<string>;
  remove(): Promise<void>;
}

export type OriginFile = string | Uint8Array | null | { readonly link: string };

const ENV = {
  PATH: process.env["PATH"],
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "A",
  GIT_AUTHOR_EMAIL: "a@example.com",
  GIT_COMMITTER_NAME: "C",
  GIT_COMMITTER_EMAIL: "c@example.com",
};

/** A repository with branch `main` and one commit. */
export async function originWith(
  files: Readonly<Record<string, OriginFile>>,
  ...init: readonly string[]
): Promise<Origin> {
  const folder = await mkdtemp(join(tmpdir(), "llmstack-sync-origin-"));
  const gitWith: Origin["gitWith"] = async (input, ...args) => {
    const child = run("git", args, { cwd: folder, env: ENV, encoding: "utf8", maxBuffer: 2 ** 28 });
    child.child.stdin?.on("error", () => undefined).end(input);
    return (await child).stdout.trim();
  };
  const git: Origin["git"] = async (...args) => gitWith("", ...args);
  await git("init", "-q", "-b", "main", ...init);
  // As forges have it.
  await git("config", "uploadpack.allowFilter", "true");
  await git("config", "uploadpack.allowAnySHA1InWant", "true");
  // Nothing may go on in the background that a test does not know of.
  await git("config", "gc.auto", "0");
  const commit: Origin["commit"] = async (changed) => {
    for (const [path, content] of Object.entries(changed)) await put(join(folder, path), content);
    await git("add", "-A");
    await git("commit", "-q", "--allow-empty", "-m", "change");
    return git("rev-parse", "HEAD");
  };
  await commit(files);
  return {
    folder,
    address: `file://${folder}`,
    git,
    gitWith,
    commit,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function put(path: string, content: OriginFile): Promise<void> {
  await rm(path, { force: true });
  if (content === null) return;
  await mkdir(dirname(path), { recursive: true });
  if (typeof content === "string" || content instanceof Uint8Array) await writeFile(path, content);
  else await symlink(content.link, path);
}
