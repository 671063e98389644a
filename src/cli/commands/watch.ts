import { relative, resolve } from "node:path";
import { SyncError } from "../../model/errors.ts";
import { type GitAddress, parseGitAddress } from "../../source/git/address.ts";
import type { GitSetup } from "../../source/git/setup.ts";
import type { Invocation } from "../command-row.ts";
import { EXIT } from "../exit-codes.ts";
import { applyOnce } from "../follow/apply-once.ts";
import { gitSetupOf } from "../git-setup.ts";
import { namedPaths } from "../manifest-input.ts";
import { file } from "../options/changes.ts";
import { followFlags } from "../options/follow.ts";
import { longName } from "../options/flag.ts";
import { report } from "../options/output.ts";
import { data } from "../options/server.ts";
import { type OpenServer, openServer } from "../server-connection.ts";
import { loadSettings } from "../settings.ts";
import { type Changes, watchPaths } from "../watch/changes.ts";

/** A server that does not answer is asked again, less and less often. */
const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 300_000;

/** Applies, and applies again whenever something changed, until it is stopped: exit 0, or 130 amid a run. */
export async function run(invocation: Invocation): Promise<number> {
  const { flags, io, log } = invocation;
  const settings = await loadSettings(invocation);
  const paths = namedPaths(invocation, settings);
  const address = addressAmong(paths);
  if (address === undefined) refuseFollowFlags(invocation);
  const server = await openServer({ settings, flags, io, log });
  try {
    if (address === undefined) return await followPaths(paths, server, invocation);
    const isTyped = invocation.args.length + flags.list(file).length > 0;
    const origin = isTyped ? "typed" : "project file";
    const git = { ...(await gitSetupOf([address], origin, settings, invocation)), user: userOf(address) };
    // Loaded for who follows a repository alone.
    const { followGit } = await import("../follow/follow-git.ts");
    return await followGit({ address, git, server, settings, invocation });
  } finally {
    server.close();
  }
}

/** The address to follow; undefined where there are only paths. Throws SyncError `usage` for both, or for several. */
function addressAmong(paths: readonly string[]): GitAddress | undefined {
  const addresses = paths.flatMap((path) => parseGitAddress(path) ?? []);
  if (addresses.length === 0) return undefined;
  if (addresses.length === 1 && paths.length === 1) return addresses[0];
  throw new SyncError("usage", "watch follows one address in Git, or files and folders", {
    remedy: "Start one watch for each.",
  });
}

/** Nobody stands by who could be asked, so it gets only what it is given; of this disk only a person reads. */
function userOf({ url }: GitAddress): GitSetup["user"] {
  return url.startsWith("file:") ? "person" : "daemon";
}

function refuseFollowFlags({ flags }: Invocation): void {
  const given = followFlags.filter((flag) => flags.text(flag) !== undefined).map(longName);
  if (given.length === 0) return;
  throw new SyncError("usage", `${given.join(", ")}: for an address in Git, and files and folders are watched here`);
}

async function followPaths(paths: readonly string[], server: OpenServer, invocation: Invocation): Promise<number> {
  const { flags, io } = invocation;
  const own = [flags.get(report), flags.get(data)].flatMap((path) =>
    path === undefined ? [] : [resolve(io.cwd, path)],
  );
  const changes = await watchPaths(paths, { cwd: io.cwd, except: own });
  try {
    return await follow(changes, server, invocation);
  } finally {
    await changes.close();
  }
}

async function follow(changes: Changes, server: OpenServer, invocation: Invocation): Promise<number> {
  const { io, log } = invocation;
  let retryMs = FIRST_RETRY_MS;
  for (;;) {
    const { exitCode } = await applyOnce(invocation, { server, gitUser: "person" });
    if (exitCode === EXIT.interrupted || io.stop.aborted) return exitCode === EXIT.ok ? EXIT.ok : EXIT.interrupted;
    const isPassing = exitCode === EXIT.unreachable || exitCode === EXIT.partial;
    retryMs = isPassing ? Math.min(retryMs * 2, LONGEST_RETRY_MS) : FIRST_RETRY_MS;
    log.info(
      isPassing ? `Waiting for changes; trying again in ${retryMs / 1000} s.` : "Waiting for changes; Ctrl-C ends it.",
    );
    const changed = await changes.next({ stop: io.stop, ...(isPassing && { afterMs: retryMs }) });
    if (changed === undefined) return EXIT.ok;
    log.info(changed.length === 0 ? "Trying again." : `Changed: ${shown(changed, io.cwd)}`);
  }
}

function shown(paths: readonly string[], cwd: string): string {
  const names = paths.slice(0, 3).map((path) => {
    const fromHere = relative(cwd, path);
    return fromHere.startsWith("..") ? path : fromHere;
  });
  return paths.length > names.length ? `${names.join(", ")} and ${paths.length - names.length} more` : names.join(", ");
}
