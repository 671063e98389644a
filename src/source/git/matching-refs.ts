import { SyncError } from "../../model/errors.ts";
import { openGitProgram } from "./git-program.ts";
import { badRefName } from "./ref-name.ts";
import { parseRemoteRefs } from "./remote-refs.ts";
import type { GitSetup } from "./setup.ts";

/** Refs of the remote whose full name matches, and their ids. The pattern is a full name with one `*` for a part of it. */
export async function matchingRefs(
  url: string,
  pattern: string,
  setup: GitSetup,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  if (!pattern.startsWith("refs/") || badRefName(pattern.replace("*", "x")) !== undefined) {
    throw new SyncError("usage", `${JSON.stringify(pattern)} is no pattern of full ref names`);
  }
  const git = await openGitProgram(url, setup, signal);
  const answer = await git.ask(`Could not list ${pattern} of ${url}`, (place) => [
    "ls-remote",
    "--end-of-options",
    place,
    pattern,
  ]);
  return parseRemoteRefs(answer.stdout.toString("utf8")).ids;
}
