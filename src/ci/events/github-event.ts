import { SyncError } from "../../model/errors.ts";
import type { CiEvent, PullRequest, Repository } from "./event.ts";
import { branchOf, Payload } from "./payload.ts";

/** What a run knows of its event before anything is asked: the runner's variables and the event's document. */
export interface RawEvent {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly payload: Payload;
}

const PULL_TARGET = "Use pull_request: it runs without secrets for forks, and checks them all the same.";

/** Events that give secrets to a run while the pull request's author, or anybody, decides what is in front of it. */
const UNSAFE: Readonly<Record<string, string>> = {
  pull_request_target: PULL_TARGET,
  workflow_run: PULL_TARGET,
  issue_comment: "Use workflow_dispatch, which only people who may write can start.",
};

/** GitHub's events, and Gitea's and Forgejo's, which look alike. Throws SyncError of class usage for a broken one. */
export function readGithubEvent(raw: RawEvent, repository: Repository): CiEvent {
  const { payload, env } = raw;
  const name = env["GITHUB_EVENT_NAME"] ?? nameByShape(payload);
  const actor = payload.at("sender", "login").text() ?? env["GITHUB_ACTOR"];
  const base = { name, actor, repository };
  const unsafe = Object.hasOwn(UNSAFE, name) ? UNSAFE[name] : undefined;
  if (unsafe !== undefined) return { ...base, kind: "refused", remedy: unsafe };
  return { ...base, ...factsOf(name, raw) };
}

type Facts = CiEvent extends infer Event
  ? Event extends CiEvent
    ? Omit<Event, "name" | "actor" | "repository">
    : never
  : never;

function factsOf(name: string, raw: RawEvent): Facts {
  const { payload, env } = raw;
  switch (name) {
    case "pull_request":
    case "pull_request_sync":
      return pullFacts(raw);
    case "merge_group":
      return groupFacts(payload);
    case "push":
      return pushFacts(payload);
    case "schedule":
    case "workflow_dispatch":
    case "repository_dispatch": {
      const branch =
        branchOf(env["GITHUB_REF"] ?? payload.at("ref").text()) ?? payload.at("repository", "default_branch").text();
      if (branch === undefined) throw new SyncError("usage", `the ${name} event names no branch`);
      const commit = new Payload(env["GITHUB_SHA"]).commitOrNone();
      return { kind: name === "schedule" ? "schedule" : "manual", branch, commit };
    }
    default:
      return {
        kind: "refused",
        remedy: "llmstack-sync ci knows pull_request, merge_group, push, schedule and workflow_dispatch.",
      };
  }
}

function pullFacts({ payload, env }: RawEvent): Facts {
  const action = payload.at("action").text();
  const pull = pullRequestOf(payload, new Payload(env["GITHUB_SHA"]).commitOrNone());
  if (action === "closed") {
    return payload.at("pull_request", "merged").isTrue() ? { kind: "nothing" } : { kind: "pull-request-closed", pull };
  }
  const isOtherEdit =
    action === "edited" && !payload.at("changes", "base").isPresent && !payload.at("changes", "ref").isPresent;
  return isOtherEdit ? { kind: "nothing" } : { kind: "pull-request", pull };
}

/** `checked` is what the runner would check out: the merge result, where the forge makes one. */
function pullRequestOf(payload: Payload, checked: string | undefined): PullRequest {
  const pull = payload.at("pull_request");
  const number = pull.at("number").number() ?? payload.at("number").number();
  const branch = pull.at("base", "ref").text();
  if (number === undefined || branch === undefined) {
    throw new SyncError("usage", "the event names no pull request, or not the branch it goes into");
  }
  const from = pull.at("head", "repo", "full_name").text();
  return {
    number,
    head: pull.at("head", "sha").commit("the pull request's head"),
    base: { branch: branchOf(branch) ?? branch, commit: pull.at("base", "sha").commitOrNone() },
    merge: checked ?? pull.at("merge_commit_sha").commitOrNone(),
    mergeBase: pull.at("merge_base").commitOrNone(),
    // A fork that is gone has no repository any more, and is still a fork.
    isFork: from === undefined || from !== pull.at("base", "repo", "full_name").text(),
  };
}

/** `refs/heads/gh-readonly-queue/main/pr-123-<commit>`: the last pull request of the group. */
function groupFacts(payload: Payload): Facts {
  const group = payload.at("merge_group");
  const ref = group.at("head_ref").text() ?? "";
  const number = /\/pr-(\d+)-[0-9a-f]+$/u.exec(ref)?.[1];
  return {
    kind: "merge-group",
    commit: group.at("head_sha").commit("the commit of the merge group"),
    base: group.at("base_sha").commit("what the merge group builds on"),
    pulls: number === undefined ? [] : [Number(number)],
    queue: ref.startsWith("refs/heads/gh-readonly-queue/") ? `${ref.slice(0, ref.lastIndexOf("/"))}/*` : undefined,
  };
}

function pushFacts(payload: Payload): Facts {
  const ref = payload.at("ref").text() ?? "";
  if (payload.at("deleted").isTrue() || payload.at("after").commitOrNone() === undefined) return { kind: "nothing" };
  const commit = payload.at("after").commit("the commit that was pushed");
  const branch = branchOf(ref);
  return branch === undefined ? { kind: "tag", commit } : { kind: "push", branch, commit };
}

/** For a document that comes without the runner around it. */
function nameByShape(payload: Payload): string {
  if (payload.at("pull_request").isPresent) return "pull_request";
  if (payload.at("merge_group").isPresent) return "merge_group";
  if (payload.at("schedule").isPresent) return "schedule";
  if (payload.at("workflow").isPresent) return "workflow_dispatch";
  return payload.at("after").isPresent ? "push" : "unknown";
}
