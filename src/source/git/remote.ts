import { checkGitAddress, type GitAddress } from "./address.ts";
import type { Git } from "./git.ts";
import { openGitProgram } from "./git-program.ts";
import { parseRemoteRefs, refPatterns, type RemoteRefs } from "./remote-refs.ts";
import type { GitSetup } from "./setup.ts";

/**
 * What the remote has of all that the addresses (of one repository) may stand for: one question, whatever their number.
 * `chooseRef` picks from the answer. Throws SyncError.
 */
export async function listRemote(
  addresses: GitAddress | readonly [GitAddress, ...GitAddress[]],
  setup: GitSetup,
  signal: AbortSignal,
): Promise<RemoteRefs> {
  const all: readonly [GitAddress, ...GitAddress[]] = "url" in addresses ? [addresses] : addresses;
  all.forEach(checkGitAddress);
  const git = await openGitProgram(all[0].url, setup, signal);
  return askRemote(git, all);
}

/** As `listRemote`, by a git that is prepared already. */
export async function askRemote(git: Git, addresses: readonly GitAddress[]): Promise<RemoteRefs> {
  const patterns = [...new Set(addresses.flatMap(refPatterns))];
  // Without a pattern everything would be listed.
  if (patterns.length === 0) return { ids: new Map(), peeled: new Map() };
  const [{ url } = { url: "the repository" }] = addresses;
  const answer = await git.ask(`Could not list the branches and tags of ${url}`, (place) => [
    "ls-remote",
    "--symref",
    "--end-of-options",
    place,
    ...patterns,
  ]);
  return parseRemoteRefs(answer.stdout.toString("utf8"));
}
