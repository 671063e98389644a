import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appYaml, type CliWorld, cliWorld, TOKEN } from "../support/cli-world.ts";
import { type FakeForge, ForgeState } from "../support/fake-forge.ts";
import { fakeGithub } from "../support/fake-github.ts";
import { type GitHttp, serveGit } from "../support/git-http.ts";
import { type Origin, originWith } from "../support/git-origin.ts";
import { type ActionResult, type CopiedAction, copyAction } from "../support/run-action.ts";
import { runnerCommands } from "../support/runner-commands.ts";

/** Its dependencies come from the registry, by the lock file, as on a runner. */
describe("the action", () => {
  let action: CopiedAction;
  let forge: FakeForge;
  let state: ForgeState;
  let origin: Origin;
  let git: GitHttp;
  let world: CliWorld;

  beforeAll(async () => {
    state = new ForgeState();
    state.users.set("job-token", { id: 1, login: "github-actions[bot]", mayWrite: true });
    [action, forge, origin, world] = await Promise.all([
      copyAction(),
      fakeGithub(state),
      originWith({ "apps/one.yaml": appYaml("one") }),
      cliWorld({}),
    ]);
    git = await serveGit(origin, { credentials: "x-access-token:job-token" });
  });

  afterAll(async () => {
    await Promise.all([action.remove(), forge.close(), git.close(), origin.remove(), world.close()]);
  });

  const runAction = async (
    event: string,
    payload: object,
    inputs: Readonly<Record<string, string>> = {},
  ): Promise<ActionResult> => {
    const file = world.path("event.json");
    const repository = { full_name: "acme/apps", html_url: git.address.replace(/\.git$/u, ""), default_branch: "main" };
    await writeFile(file, JSON.stringify({ repository, sender: { login: "ada" }, ...payload }));
    const common = {
      path: "apps",
      set: "shop",
      server: world.url,
      token: TOKEN,
      "forge-token": "job-token",
      prune: "true",
    };
    return action.run(
      { ...common, ...inputs },
      {
        PATH: process.env["PATH"],
        HOME: process.env["HOME"],
        CI: "true",
        GITHUB_ACTIONS: "true",
        GITHUB_EVENT_NAME: event,
        GITHUB_EVENT_PATH: file,
        GITHUB_SERVER_URL: new URL(git.address).origin,
        GITHUB_API_URL: forge.url,
        GITHUB_GRAPHQL_URL: `${forge.url}/graphql`,
        GITHUB_REPOSITORY: "acme/apps",
        LLMSTACK_GIT_CA: git.caFile,
      },
    );
  };

  it("applies, plans a pull request in one comment, attaches plan and page, and hands every output on", async () => {
    const main = await origin.git("rev-parse", "main");
    const applied = await runAction("push", { ref: "refs/heads/main", after: main }, { "on-unreviewed": "apply" });
    expect(applied.exitCode, applied.log).toBe(0);
    expect(applied.outputs).toMatchObject({ outcome: "applied", create: "1" });

    await origin.git("checkout", "-q", "-b", "change");
    const head = await origin.commit({ "apps/one.yaml": appYaml("one", ["description: changed"]) });
    state.pulls.set(7, { number: 7, head, base: "main", state: "open" });
    const repo = { full_name: "acme/apps" };
    const pull = { number: 7, head: { sha: head, repo }, base: { ref: "main", sha: main, repo } };
    const planned = await runAction(
      "pull_request",
      { action: "opened", number: 7, pull_request: pull },
      { "fail-on": "unexplained" },
    );
    expect(planned.exitCode, planned.log).toBe(0);
    expect(planned.outputs).toMatchObject({
      outcome: "changes",
      update: "1",
      unexplained: "0",
      revision: `sha1:${head}`,
    });
    expect(planned.outputs["plan-digest"]).toMatch(/^[0-9a-f]{64}$/u);
    expect(planned.outputs["tree"]).toMatch(/^[0-9a-f]{40}$/u);
    expect(state.comments.map(({ body }) => body)).toEqual([expect.stringContaining("1 to update")]);
    expect(JSON.parse(await planned.file("plan.json"))).toMatchObject({ kind: "Plan" });
    expect(await planned.file("plan.html")).toContain("<!doctype html>");
    expect(JSON.parse(await planned.file("report.json"))).toMatchObject({
      kind: "CiReport",
      outputs: { outcome: "changes" },
    });
    expect(runnerCommands(planned.log).filter(({ name }) => name !== "add-mask")).toEqual([]);
  });

  it("goes red with the tool's exit code, and still hands on what it came to", async () => {
    const result = await runAction("pull_request_target", {});
    expect(result).toMatchObject({ exitCode: 6, outputs: { outcome: "refused" } });
  });

  it("takes no input for a flag of another name", async () => {
    const main = await origin.git("rev-parse", "main");
    const result = await runAction(
      "push",
      { ref: "refs/heads/main", after: main },
      { target: "--mode=apply", accept: "$(false)" },
    );
    expect(result.exitCode, result.log).toBe(64);
  });
});
