import { SyncError } from "../../model/errors.ts";
import type { CiEvent, PullRequest, Repository } from "./event.ts";
import { Payload } from "./payload.ts";

type Variables = Readonly<Record<string, string | undefined>>;

const MANUAL = new Set(["web", "api", "trigger"]);

/** GitLab tells its pipelines by variables. Throws SyncError of class usage where one that must be there is not. */
export function readGitlabEvent(env: Variables, repository: Repository): CiEvent {
  const source = env["CI_PIPELINE_SOURCE"] ?? "unknown";
  const base = { name: source, actor: given(env["GITLAB_USER_LOGIN"]), repository };
  const commit = new Payload(env["CI_COMMIT_SHA"]).commit("CI_COMMIT_SHA");
  // A child pipeline of a merge request's pipeline has the same variables.
  if (
    given(env["CI_MERGE_REQUEST_IID"]) !== undefined &&
    (source === "merge_request_event" || source === "parent_pipeline")
  ) {
    return mergeRequestEvent(base, env, commit);
  }
  if (given(env["CI_COMMIT_TAG"]) !== undefined) return { ...base, kind: "tag", commit };
  const branch = given(env["CI_COMMIT_BRANCH"]);
  if (branch !== undefined) {
    if (source === "push") return { ...base, kind: "push", branch, commit };
    if (source === "schedule") return { ...base, kind: "schedule", branch, commit };
    if (MANUAL.has(source)) return { ...base, kind: "manual", branch, commit };
  }
  const remedy =
    "llmstack-sync ci knows pipelines of merge requests, merge trains, pushes, schedules, and those started by hand.";
  return { ...base, kind: "refused", remedy };
}

/** One a merge request that stands in a train. */
const TRAINS = "refs/merge-requests/*/train";

type Base = Pick<CiEvent, "name" | "actor" | "repository">;

function mergeRequestEvent(base: Base, env: Variables, commit: string): CiEvent {
  const pull = mergeRequestOf(env, commit);
  if (env["CI_MERGE_REQUEST_EVENT_TYPE"] !== "merge_train") return { ...base, kind: "pull-request", pull };
  const onto = pull.base.commit ?? pull.mergeBase;
  if (onto === undefined) throw new SyncError("usage", "the merge train does not tell what it builds on");
  return { ...base, kind: "merge-group", commit, base: onto, pulls: [pull.number], queue: TRAINS };
}

function mergeRequestOf(env: Variables, commit: string): PullRequest {
  const number = new Payload(env["CI_MERGE_REQUEST_IID"]).number();
  const branch = given(env["CI_MERGE_REQUEST_TARGET_BRANCH_NAME"]);
  if (number === undefined || branch === undefined) {
    throw new SyncError("usage", "CI_MERGE_REQUEST_IID or CI_MERGE_REQUEST_TARGET_BRANCH_NAME is missing");
  }
  const optional = (name: string): string | undefined => new Payload(env[name]).commitOrNone();
  // Only a pipeline for merged results has a commit that is not the branch's own.
  const head = optional("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA");
  return {
    number,
    head: head ?? commit,
    base: { branch, commit: optional("CI_MERGE_REQUEST_TARGET_BRANCH_SHA") },
    merge: head === undefined ? undefined : commit,
    mergeBase: optional("CI_MERGE_REQUEST_DIFF_BASE_SHA"),
    isFork: env["CI_MERGE_REQUEST_SOURCE_PROJECT_ID"] !== env["CI_MERGE_REQUEST_PROJECT_ID"],
  };
}

function given(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
