import { describe, expect, it } from "vitest";
import type { CiEvent } from "../../../src/ci/events/event.ts";
import { Payload } from "../../../src/ci/events/payload.ts";
import { FORGES } from "../../../src/ci/forges/forges.ts";

const HEAD = "a".repeat(40);
const BASE = "b".repeat(40);
const MERGE = "c".repeat(40);

function read(name: string, env: Readonly<Record<string, string>>, payload: unknown = {}): CiEvent {
  const forge = FORGES.find((row) => row.name === name);
  if (forge === undefined) throw new Error(name);
  return forge.readEvent({ env, payload: new Payload(payload) });
}

const repository = { full_name: "acme/bots", html_url: "https://github.com/acme/bots", default_branch: "main" };

function pullPayload(over: object = {}, pull: object = {}): unknown {
  return {
    action: "synchronize",
    number: 7,
    pull_request: {
      number: 7,
      head: { sha: HEAD, ref: "change", repo: { full_name: "acme/bots" } },
      base: { sha: BASE, ref: "main", repo: { full_name: "acme/bots" } },
      merge_commit_sha: MERGE,
      ...pull,
    },
    repository,
    sender: { login: "ada" },
    ...over,
  };
}

const github = {
  GITHUB_ACTIONS: "true",
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_API_URL: "https://api.github.com",
};
const pullEvent = { ...github, GITHUB_EVENT_NAME: "pull_request" };

describe("GitHub's events", () => {
  it("tell a pull request, where it goes, and the commit that merging would make", () => {
    expect(read("github", pullEvent, pullPayload())).toEqual({
      kind: "pull-request",
      name: "pull_request",
      actor: "ada",
      repository: {
        gitUrl: "https://github.com/acme/bots.git",
        apiUrl: "https://api.github.com",
        path: "acme/bots",
        defaultBranch: "main",
      },
      pull: {
        number: 7,
        head: HEAD,
        base: { branch: "main", commit: BASE },
        merge: MERGE,
        mergeBase: undefined,
        isFork: false,
      },
    });
  });

  it.each(["opened", "synchronize", "reopened", "ready_for_review"])("review a pull request on %s", (action) => {
    expect(read("github", pullEvent, pullPayload({ action })).kind).toBe("pull-request");
  });

  it("know a fork, one that was deleted too", () => {
    const from = (repo: unknown): CiEvent => read("github", pullEvent, pullPayload({}, { head: { sha: HEAD, repo } }));
    expect(from({ full_name: "mallory/bots" })).toMatchObject({ pull: { isFork: true } });
    expect(from(null)).toMatchObject({ pull: { isFork: true } });
  });

  it("mean nothing where only a title was edited, and a review where the base was", () => {
    expect(read("github", pullEvent, pullPayload({ action: "edited", changes: { title: {} } })).kind).toBe("nothing");
    expect(read("github", pullEvent, pullPayload({ action: "edited", changes: { base: {} } })).kind).toBe(
      "pull-request",
    );
  });

  it("tell merged from closed", () => {
    expect(read("github", pullEvent, pullPayload({ action: "closed" }, { merged: true })).kind).toBe("nothing");
    expect(read("github", pullEvent, pullPayload({ action: "closed" }, { merged: false })).kind).toBe(
      "pull-request-closed",
    );
  });

  it.each(["pull_request_target", "workflow_run", "issue_comment", "whatever"])(
    "refuse %s and say what to use",
    (name) => {
      const event = read("github", { ...github, GITHUB_EVENT_NAME: name }, pullPayload());
      expect(event.kind).toBe("refused");
      expect(event).toHaveProperty("remedy", expect.stringMatching(/pull_request|workflow_dispatch/u));
    },
  );

  it("tell pushes to branches from tags and from deleted branches", () => {
    const push = (payload: object): CiEvent =>
      read("github", { ...github, GITHUB_EVENT_NAME: "push" }, { repository, after: HEAD, ...payload });
    expect(push({ ref: "refs/heads/team/x" })).toMatchObject({ kind: "push", branch: "team/x", commit: HEAD });
    expect(push({ ref: "refs/tags/v1" })).toMatchObject({ kind: "tag", commit: HEAD });
    expect(push({ ref: "refs/heads/x", deleted: true, after: "0".repeat(40) }).kind).toBe("nothing");
  });

  it("tell a merge group with its pull request", () => {
    const head_ref = `refs/heads/gh-readonly-queue/main/pr-123-${BASE}`;
    const payload = { repository, merge_group: { head_sha: HEAD, base_sha: BASE, head_ref } };
    const event = read("github", { ...github, GITHUB_EVENT_NAME: "merge_group" }, payload);
    expect(event).toMatchObject({ kind: "merge-group", commit: HEAD, base: BASE, pulls: [123] });
  });

  it("refuse ids that are no full commits", () => {
    expect(() => read("github", pullEvent, pullPayload({}, { head: { sha: "--upload-pack=x" } }))).toThrow(/head/u);
  });

  it("refuse a repository that is no owner/name", () => {
    expect(() => read("github", pullEvent, pullPayload({ repository: { full_name: "../../x/y" } }))).toThrow(
      /repository/u,
    );
  });
});

describe("Gitea's events", () => {
  const gitea = { full_name: "acme/bots", html_url: "https://forge.test/git/acme/bots", default_branch: "main" };

  it("tell the forge's address from the repository's page, in a folder of its host too", () => {
    const event = read("gitea", {}, pullPayload({ repository: gitea, action: "synchronized" }, { merge_base: BASE }));
    expect(event.repository).toMatchObject({
      gitUrl: "https://forge.test/git/acme/bots.git",
      apiUrl: "https://forge.test/git/api/v1",
    });
    expect(event).toMatchObject({ kind: "pull-request", pull: { mergeBase: BASE } });
  });

  it("know the kind by the document's shape where nobody names it", () => {
    expect(read("gitea", {}, { repository: gitea, ref: "refs/heads/main", after: HEAD }).kind).toBe("push");
  });
});

const gitlab = {
  GITLAB_CI: "true",
  CI_PROJECT_URL: "https://gitlab.test/acme/bots",
  CI_API_V4_URL: "https://gitlab.test/api/v4",
  CI_PROJECT_ID: "42",
  CI_DEFAULT_BRANCH: "main",
  CI_COMMIT_SHA: HEAD,
  GITLAB_USER_LOGIN: "ada",
};
const mergeRequest = {
  ...gitlab,
  CI_PIPELINE_SOURCE: "merge_request_event",
  CI_MERGE_REQUEST_IID: "7",
  CI_MERGE_REQUEST_PROJECT_ID: "42",
  CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "42",
  CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main",
  CI_MERGE_REQUEST_TARGET_BRANCH_SHA: "",
  CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: "",
  CI_MERGE_REQUEST_DIFF_BASE_SHA: BASE,
};

describe("GitLab's pipelines", () => {
  it("of a branch's merge request have its head, and where both sides parted", () => {
    expect(read("gitlab", mergeRequest)).toMatchObject({
      kind: "pull-request",
      repository: { gitUrl: "https://gitlab.test/acme/bots.git", path: "42" },
      pull: { number: 7, head: HEAD, merge: undefined, mergeBase: BASE, isFork: false },
    });
  });

  it("for merged results have the commit that merging makes", () => {
    const env = {
      ...mergeRequest,
      CI_COMMIT_SHA: MERGE,
      CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: HEAD,
      CI_MERGE_REQUEST_TARGET_BRANCH_SHA: BASE,
    };
    expect(read("gitlab", env)).toMatchObject({ pull: { head: HEAD, merge: MERGE, base: { commit: BASE } } });
  });

  it("know a fork", () => {
    expect(read("gitlab", { ...mergeRequest, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "99" })).toMatchObject({
      pull: { isFork: true },
    });
  });

  it("of a merge train are its rehearsal", () => {
    const env = {
      ...mergeRequest,
      CI_MERGE_REQUEST_EVENT_TYPE: "merge_train",
      CI_MERGE_REQUEST_TARGET_BRANCH_SHA: BASE,
    };
    expect(read("gitlab", env)).toMatchObject({ kind: "merge-group", base: BASE, pulls: [7] });
  });

  it.each([
    ["push", "push"],
    ["schedule", "schedule"],
    ["web", "manual"],
    ["api", "manual"],
    ["chat", "refused"],
  ])("started by %s mean %s", (source, kind) => {
    expect(read("gitlab", { ...gitlab, CI_PIPELINE_SOURCE: source, CI_COMMIT_BRANCH: "main" }).kind).toBe(kind);
  });

  it("of a tag are a tag's", () => {
    expect(read("gitlab", { ...gitlab, CI_PIPELINE_SOURCE: "push", CI_COMMIT_TAG: "v1" }).kind).toBe("tag");
  });

  it("may come as a document of their variables", () => {
    expect(read("gitlab", {}, { ...mergeRequest, CI_PROJECT_ID: 42 }).kind).toBe("pull-request");
  });
});

describe("elsewhere", () => {
  it("a run is by hand, on the branch and commit that the system tells", () => {
    expect(read("plain", { GIT_BRANCH: "origin/main", GIT_COMMIT: HEAD })).toMatchObject({
      kind: "manual",
      branch: "main",
      commit: HEAD,
    });
  });
});
