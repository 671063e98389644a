import { SyncError } from "../../model/errors.ts";
import type { Repository } from "../events/event.ts";
import { type RawEvent, readGithubEvent } from "../events/github-event.ts";
import { readGitlabEvent } from "../events/gitlab-event.ts";
import { readPlainEvent } from "../events/plain-event.ts";
import type { Payload } from "../events/payload.ts";
import type { Forge } from "./forge.ts";
import { connectGitea } from "./gitea.ts";
import { connectGithub } from "./github.ts";
import { connectGitlab } from "./gitlab.ts";

type Env = RawEvent["env"];

/** Every forge; adding one is adding a row. The first that knows the environment counts: Gitea's looks like GitHub's. */
export const FORGES: readonly Forge[] = [
  {
    name: "gitea",
    isHere: (env) => env["GITEA_ACTIONS"] === "true" || env["FORGEJO_ACTIONS"] === "true",
    readEvent: (raw) => readGithubEvent(raw, giteaRepository(raw)),
    tokenNames: ["LLMSTACK_FORGE_TOKEN", "GITEA_TOKEN", "FORGEJO_TOKEN"],
    runner: "github",
    commentBytes: 60_000,
    connect: connectGitea,
    // It keeps no merge result.
    mergeRef: () => undefined,
    runUrl: actionsRunUrl,
  },
  {
    name: "github",
    isHere: (env) => env["GITHUB_ACTIONS"] === "true",
    readEvent: (raw) => readGithubEvent(raw, githubRepository(raw)),
    tokenNames: ["LLMSTACK_FORGE_TOKEN", "GITHUB_TOKEN"],
    runner: "github",
    commentBytes: 60_000,
    connect: connectGithub,
    mergeRef: (number) => `refs/pull/${number}/merge`,
    runUrl: actionsRunUrl,
  },
  {
    name: "gitlab",
    isHere: (env) => env["GITLAB_CI"] === "true",
    readEvent: ({ env, payload }) => {
      // By hand the document is a map of the variables of a pipeline.
      const variables = { ...env, ...payload.texts() };
      return readGitlabEvent(variables, gitlabRepository(variables));
    },
    tokenNames: ["LLMSTACK_FORGE_TOKEN", "GITLAB_TOKEN"],
    jobCredentials: ({ CI_JOB_TOKEN: token }) =>
      token === undefined || token === "" ? undefined : { username: "gitlab-ci-token", token },
    runner: "plain",
    commentBytes: 500_000,
    connect: connectGitlab,
    mergeRef: (number) => `refs/merge-requests/${number}/merge`,
    runUrl: (env) => env["CI_JOB_URL"],
  },
  {
    name: "plain",
    isHere: () => true,
    readEvent: readPlainEvent,
    tokenNames: [],
    runner: "plain",
    commentBytes: 60_000,
    connect: undefined,
    mergeRef: () => undefined,
    runUrl: (env) => env["BUILD_URL"],
  },
];

function actionsRunUrl(env: Env): string | undefined {
  const [server, path, run] = [env["GITHUB_SERVER_URL"], env["GITHUB_REPOSITORY"], env["GITHUB_RUN_ID"]];
  return server === undefined || path === undefined || run === undefined
    ? undefined
    : `${server}/${path}/actions/runs/${run}`;
}

function githubRepository({ env, payload }: RawEvent): Repository {
  const path = pathOf(env, payload);
  const web = env["GITHUB_SERVER_URL"] ?? originOf(payload) ?? "https://github.com";
  const isPublic = web === "https://github.com";
  return {
    gitUrl: `${web}/${path}.git`,
    apiUrl: env["GITHUB_API_URL"] ?? (isPublic ? "https://api.github.com" : `${web}/api/v3`),
    path,
    defaultBranch: defaultBranch(payload),
  };
}

function giteaRepository({ env, payload }: RawEvent): Repository {
  const path = pathOf(env, payload);
  const web = env["GITHUB_SERVER_URL"] ?? webRoot(payload, path);
  if (web === undefined) throw new SyncError("usage", "the event does not tell the forge's address");
  return {
    gitUrl: `${web}/${path}.git`,
    apiUrl: env["GITHUB_API_URL"] ?? `${web}/api/v1`,
    path,
    defaultBranch: defaultBranch(payload),
  };
}

function gitlabRepository(env: Env): Repository {
  const { CI_PROJECT_URL: web, CI_API_V4_URL: api, CI_PROJECT_ID: id } = env;
  if (web === undefined || api === undefined || id === undefined) {
    throw new SyncError("usage", "CI_PROJECT_URL, CI_API_V4_URL or CI_PROJECT_ID is missing");
  }
  return { gitUrl: `${web}.git`, apiUrl: api, path: id, defaultBranch: env["CI_DEFAULT_BRANCH"] };
}

function pathOf(env: Env, payload: Payload): string {
  const path = payload.at("repository", "full_name").text() ?? env["GITHUB_REPOSITORY"];
  if (path !== undefined && /^[\w.-]+\/[\w.-]+$/u.test(path) && !path.includes("..")) return path;
  throw new SyncError("usage", "the event does not tell the repository");
}

function defaultBranch(payload: Payload): string | undefined {
  return payload.at("repository", "default_branch").text();
}

function originOf(payload: Payload): string | undefined {
  const url = payload.at("repository", "html_url").text();
  return url !== undefined && URL.canParse(url) ? new URL(url).origin : undefined;
}

/** The address of the page without the repository: a forge may live in a folder of its host. */
function webRoot(payload: Payload, path: string): string | undefined {
  const url = payload.at("repository", "html_url").text();
  return url?.endsWith(`/${path}`) === true ? url.slice(0, -path.length - 1) : undefined;
}
