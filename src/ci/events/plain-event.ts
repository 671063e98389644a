import type { CiEvent } from "./event.ts";
import type { RawEvent } from "./github-event.ts";
import { branchOf, Payload } from "./payload.ts";

/** Variables in which other systems tell the branch that a job is for, the more telling first. */
const BRANCH = ["BRANCH_NAME", "GIT_BRANCH", "BUILD_SOURCEBRANCH", "CI_COMMIT_BRANCH"] as const;
const COMMIT = ["GIT_COMMIT", "BUILD_SOURCEVERSION", "CI_COMMIT_SHA"] as const;

/**
 * Where no forge is known, a run is by hand: --mode says what it does, --repository and --branch on what. Jenkins,
 * Azure Pipelines and Woodpecker tell branch and commit.
 */
export function readPlainEvent({ env }: RawEvent): CiEvent {
  const first = (names: readonly string[]): string | undefined =>
    names.map((name) => env[name]).find((text) => text !== undefined && text !== "");
  const ref = first(BRANCH);
  const repository = { gitUrl: "", apiUrl: "", path: "", defaultBranch: undefined };
  return {
    kind: "manual",
    name: "manual",
    actor: env["USER"],
    repository,
    branch: branchOf(ref) ?? ref?.replace(/^origin\//u, "") ?? "",
    commit: new Payload(first(COMMIT)).commitOrNone(),
  };
}
