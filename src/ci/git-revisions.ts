import type { Invocation } from "../cli/command-row.ts";
import { gitSetupOf } from "../cli/git-setup.ts";
import * as options from "../cli/options/ci.ts";
import { loadSettings } from "../cli/settings.ts";
import { SyncError } from "../model/errors.ts";
import type { GitSource } from "../model/git-revision.ts";
import { type GitAddress, parseGitAddress } from "../source/git/address.ts";
import { isAncestor } from "../source/git/ancestry.ts";
import { changedPaths } from "../source/git/changed-paths.ts";
import { listRemote } from "../source/git/remote.ts";
import { matchingRefs } from "../source/git/matching-refs.ts";
import { openGit } from "../source/git/open-git.ts";
import type { GitCredentials, GitSetup } from "../source/git/setup.ts";
import type { CiEvent } from "./events/event.ts";
import type { Forge } from "./forges/forge.ts";
import type { Revisions, RevisionSource } from "./revisions.ts";

const IGNORE_FILE = ".llmstackignore";

interface RevisionsSetup {
  readonly event: CiEvent;
  readonly forge: Forge;
  /** The forge's, for its own repositories, where no token for Git is given. */
  readonly token: string | undefined;
  readonly invocation: Invocation;
}

/** The repository of an event, read by git, object by object. `close` lets go of what is kept nowhere else. */
export interface OpenRevisions extends Revisions {
  close(): Promise<void>;
}

/** Throws SyncError where the event names no repository, or one that may not be read in a job. */
export async function openRevisions({ event, forge, token, invocation }: RevisionsSetup): Promise<OpenRevisions> {
  const { url } = repositoryOf(event);
  const own = token === undefined ? jobCredentials(forge, invocation) : { token };
  const setup = await setupFor(url, own, invocation);
  const { stop: signal } = invocation.io;
  const opened: GitSource[] = [];
  const open = async (address: Omit<GitAddress, "url">, more: Partial<GitSetup> = {}): Promise<GitSource> => {
    const source = await openGit({ url, ...address }, { ...setup, ...more }, signal);
    opened.push(source);
    return source;
  };
  const find = async (ref: string): Promise<string | undefined> =>
    (await listRemote({ url, path: "", ref }, setup, signal)).ids.get(ref);
  const text: Revisions["text"] = async (commit, path) => {
    try {
      return (await open({ path, commit })).files[0]?.text;
    } catch (error) {
      if (error instanceof SyncError && error.class === "refused" && error.message.startsWith(`${path} does not exist`))
        return undefined;
      throw error;
    }
  };
  return {
    open: async (commit, folder, rulesOf = commit) => {
      const rules = folder === "" ? IGNORE_FILE : `${folder}/${IGNORE_FILE}`;
      const more = rulesOf === commit ? {} : { ignoreRules: (await text(rulesOf, rules)) ?? "" };
      return revisionSource(await open({ path: folder, commit }, more));
    },
    text,
    find,
    matching: async (pattern) => matchingRefs(url, pattern, setup, signal),
    tip: async (branch) => {
      const id = await find(`refs/heads/${branch}`);
      if (id !== undefined) return id;
      throw new SyncError("refused", `${url} has no branch ${branch}`, { remedy: "Name the branch: --branch NAME." });
    },
    // A remote that gives not enough of its history proves nothing.
    isAncestor: async (older, newer) => (await isAncestor(older, newer, { url }, setup, signal)) === true,
    changedPaths: async (base, head) => new Set(await changedPaths({ base, head }, { url, path: "" }, setup, signal)),
    close: async () => {
      for (const source of opened) await source.close();
    },
  };
}

/** The job's own token is for the job's own repository: a document given by hand may be about another one. */
function jobCredentials(
  { jobCredentials: find }: Forge,
  { flags, io }: Invocation,
): Partial<GitCredentials> | undefined {
  return flags.get(options.event) === undefined ? find?.(io.env) : undefined;
}

function repositoryOf({ repository: { gitUrl } }: CiEvent): GitAddress {
  if (gitUrl === "") {
    throw new SyncError("usage", "this job does not tell its repository", { remedy: "Name it: --repository URL." });
  }
  const address = parseGitAddress(gitUrl);
  if (address?.path === "" && address.ref === undefined && address.commit === undefined) return address;
  throw new SyncError("usage", `--repository: ${gitUrl} is not the address of a repository`, {
    remedy: "Write https://HOST/ORG/REPO.git; the folder is --path, the branch --branch.",
  });
}

/** What a job reads is what it was given: nothing of the machine's git configuration, unless a person typed the address. */
async function setupFor(
  url: string,
  own: Partial<GitCredentials> | undefined,
  invocation: Invocation,
): Promise<GitSetup> {
  const settings = await loadSettings({ ...invocation, project: "none" });
  const setup = await gitSetupOf([{ url, path: "" }], "typed", settings, invocation);
  const isTyped = invocation.flags.get(options.repository) !== undefined;
  // The forge's token is for the forge's own host.
  const isOwn = setup.credentials.token === undefined && !isTyped && url.startsWith("https:");
  return {
    ...setup,
    user: isTyped ? "person" : "daemon",
    credentials: isOwn ? { ...setup.credentials, ...own } : setup.credentials,
  };
}

function revisionSource(source: GitSource): RevisionSource {
  const { commit, tree, text } = source.revision;
  return { ...source, commit, tree, revision: text };
}
