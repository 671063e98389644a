import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { appYaml, type CliWorld, cliWorld } from "../support/cli-world.ts";
import { type FakeForge, ForgeState } from "../support/fake-forge.ts";
import { fakeGitlab } from "../support/fake-gitlab.ts";
import { type Origin, originWith } from "../support/git-origin.ts";

describe("a job on GitLab", () => {
  let forge: FakeForge;
  let state: ForgeState;
  let origin: Origin;
  let world: CliWorld;

  beforeEach(async () => {
    state = new ForgeState();
    state.users.set("project-token", { id: 1, login: "project_42_bot", mayWrite: true });
    state.users.set("job-token", { id: 9, login: "job", mayWrite: false });
    [forge, origin, world] = await Promise.all([
      fakeGitlab(state),
      originWith({ "apps/one.yaml": appYaml("one") }),
      cliWorld({}),
    ]);
  });

  afterEach(async () => {
    await Promise.all([forge.close(), origin.remove(), world.close()]);
  });

  const job = async (env: Readonly<Record<string, string>>, flags: readonly string[] = []) =>
    world.run(["ci", "--repository", origin.address, "--set", "shop", "--path", "apps", ...flags], {
      env: {
        PATH: process.env["PATH"],
        GITLAB_CI: "true",
        CI_PROJECT_URL: "https://gitlab.test/acme/bots",
        CI_API_V4_URL: `${forge.url}/api/v4`,
        CI_PROJECT_ID: "42",
        CI_DEFAULT_BRANCH: "main",
        GITLAB_USER_LOGIN: "ada",
        LLMSTACK_FORGE_TOKEN: "project-token",
        ...env,
      },
    });

  const push = async (flags: readonly string[] = []) =>
    job(
      { CI_PIPELINE_SOURCE: "push", CI_COMMIT_BRANCH: "main", CI_COMMIT_SHA: await origin.git("rev-parse", "main") },
      flags,
    );

  it("plans a merge request in one note, and applies after the merge what that showed", async () => {
    expect((await push(["--on-unreviewed", "apply"])).exitCode).toBe(0);
    await origin.git("checkout", "-q", "-b", "change");
    const head = await origin.commit({ "apps/one.yaml": appYaml("one", ["description: changed"]) });
    state.pulls.set(7, { number: 7, head, base: "main", state: "open" });
    const mergeRequest = {
      CI_PIPELINE_SOURCE: "merge_request_event",
      CI_COMMIT_SHA: head,
      CI_MERGE_REQUEST_IID: "7",
      CI_MERGE_REQUEST_PROJECT_ID: "42",
      CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "42",
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main",
    };
    for (const run of [1, 2]) {
      const { exitCode, stdout } = await job(mergeRequest, [
        "--plan-html",
        "plan.html",
        "--codequality",
        "quality.json",
      ]);
      expect(exitCode, `run ${run}: ${stdout}`).toBe(0);
    }
    expect(state.comments.map(({ body }) => body)).toEqual([expect.stringContaining("1 to update")]);
    expect(await readFile(world.path("plan.html"), "utf8")).toContain("<b>1</b> to update");
    expect(JSON.parse(await readFile(world.path("quality.json"), "utf8"))).toEqual([]);

    await origin.git("checkout", "-q", "main");
    await origin.git("merge", "-q", "--no-ff", "-m", "merge", "change");
    state.merge(7, await origin.git("rev-parse", "main"));
    expect((await push()).exitCode).toBe(0);
    expect(state.comments.map(({ body }) => body)).toEqual([expect.stringContaining("## Applied")]);
  });

  it("works without a token for notes", async () => {
    const { exitCode, stdout } = await job(
      {
        CI_PIPELINE_SOURCE: "push",
        CI_COMMIT_BRANCH: "main",
        CI_COMMIT_SHA: await origin.git("rev-parse", "main"),
        LLMSTACK_FORGE_TOKEN: "",
      },
      ["--on-unreviewed", "apply"],
    );
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain("no token for the forge");
    expect(stdout).not.toMatch(/^::/mu);
  });
});
