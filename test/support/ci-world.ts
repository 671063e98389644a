import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ReferenceServer } from "../../src/server/create-server.ts";
import { type CliWorld, cliWorld } from "./cli-world.ts";
import { type FakeForge, ForgeState, type ForgeUser } from "./fake-forge.ts";
import { fakeGithub } from "./fake-github.ts";
import { type Origin, type OriginFile, originWith } from "./git-origin.ts";
import { runnerCommands, type RunnerCommand } from "./runner-commands.ts";

export interface CiResult {
  readonly exitCode: number;
  /** Everything that the job's log got. */
  readonly log: string;
  readonly commands: readonly RunnerCommand[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

export interface CiOptions {
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A repository, a server, and a fake GitHub that knows both; jobs run as on its runner. */
export interface CiWorld {
  readonly origin: Origin;
  readonly forge: FakeForge;
  readonly state: ForgeState;
  readonly server: ReferenceServer;
  readonly bot: ForgeUser;
  readonly cli: CliWorld;
  /** A branch from main with these files, and a pull request of it; answers its head. */
  propose(number: number, files: Readonly<Record<string, OriginFile>>): Promise<string>;
  /** Merges it with a merge commit; answers that. */
  merge(number: number): Promise<string>;
  /** Runs the job of an event. */
  job(name: string, payload: object, options?: CiOptions): Promise<CiResult>;
  pull(number: number, options?: CiOptions & { readonly over?: object; readonly action?: string }): Promise<CiResult>;
  push(commit: string, options?: CiOptions & { readonly branch?: string }): Promise<CiResult>;
  /** The bodies of the bot's comments on a pull request. */
  said(number: number): readonly string[];
  path(name: string): string;
  close(): Promise<void>;
}

const REPOSITORY = { full_name: "acme/bots", html_url: "https://github.test/acme/bots", default_branch: "main" };

export async function ciWorld(files: Readonly<Record<string, OriginFile>>): Promise<CiWorld> {
  const [origin, cli] = await Promise.all([originWith(files), cliWorld({})]);
  const state = new ForgeState();
  const bot = { id: 1, login: "bot", mayWrite: true };
  state.users.set("bot-token", bot).set("fork-token", { ...bot, mayWrite: false });
  const forge = await fakeGithub(state);
  const bases = new Map<number, string>();
  let runs = 0;

  const job: CiWorld["job"] = async (name, payload, { flags = [], env = {} } = {}) => {
    runs += 1;
    const file = (kind: string): string => join(cli.folder, `${kind}-${runs}`);
    await writeFile(file("event"), JSON.stringify({ repository: REPOSITORY, sender: { login: "ada" }, ...payload }));
    await Promise.all(["output", "summary"].map(async (kind) => writeFile(file(kind), "")));
    const result = await cli.run(["ci", "--repository", origin.address, "--set", "shop", "--path", "apps", ...flags], {
      env: {
        PATH: process.env["PATH"],
        GITHUB_ACTIONS: "true",
        GITHUB_EVENT_NAME: name,
        GITHUB_EVENT_PATH: file("event"),
        GITHUB_OUTPUT: file("output"),
        GITHUB_STEP_SUMMARY: file("summary"),
        GITHUB_SERVER_URL: "https://github.test",
        GITHUB_REPOSITORY: "acme/bots",
        GITHUB_API_URL: forge.url,
        GITHUB_GRAPHQL_URL: `${forge.url}/graphql`,
        GITHUB_RUN_ID: "1",
        GITHUB_TOKEN: "bot-token",
        ...env,
      },
    });
    const log = result.stdout + result.stderr;
    return {
      exitCode: result.exitCode,
      log,
      commands: runnerCommands(log),
      outputs: outputsIn(await readFile(file("output"), "utf8")),
      summary: await readFile(file("summary"), "utf8"),
    };
  };

  return {
    origin,
    forge,
    state,
    server: cli.server,
    bot,
    cli,
    propose: async (number, changed) => {
      bases.set(number, await origin.git("rev-parse", "main"));
      await origin.git(
        "checkout",
        "-q",
        "-B",
        `change-${number}`,
        state.pulls.has(number) ? `change-${number}` : "main",
      );
      const head = await origin.commit(changed);
      await origin.git("checkout", "-q", "main");
      state.pulls.set(number, { number, head, base: "main", state: "open" });
      return head;
    },
    merge: async (number) => {
      await origin.git("merge", "-q", "--no-ff", "-m", `merge ${number}`, `change-${number}`);
      const commit = await origin.git("rev-parse", "main");
      state.merge(number, commit);
      return commit;
    },
    job,
    pull: async (number, { over = {}, action = "synchronize", ...options } = {}) => {
      const repo = { full_name: "acme/bots" };
      const { head = "" } = state.pulls.get(number) ?? {};
      const base = await origin.git("rev-parse", "main");
      const pull = {
        number,
        head: { sha: head, repo },
        base: { ref: "main", sha: base, repo },
        merge_commit_sha: null,
        ...over,
      };
      return job("pull_request", { action, number, pull_request: pull }, options);
    },
    push: async (commit, { branch = "main", ...options } = {}) =>
      job("push", { ref: `refs/heads/${branch}`, after: commit }, options),
    said: (number) =>
      state.comments.filter((comment) => comment.number === number && !comment.isMinimised).map(({ body }) => body),
    path: (name) => cli.path(name),
    close: async () => {
      await Promise.all([forge.close(), cli.close(), origin.remove()]);
    },
  };
}

/** The same, with everything on the server that the first commit asks for. */
export async function appliedWorld(files: Readonly<Record<string, OriginFile>>): Promise<CiWorld> {
  const world = await ciWorld(files);
  const commit = await world.origin.git("rev-parse", "main");
  const { exitCode, log } = await world.push(commit, { flags: ["--on-unreviewed", "apply"] });
  if (exitCode !== 0) throw new Error(log);
  return world;
}

function outputsIn(text: string): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n\2$/gmu)].map(
    ([, name = "", , value = ""]) => [name, value] as const,
  );
  return Object.fromEntries(pairs);
}
