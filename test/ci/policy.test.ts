import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { appYaml, TOKEN } from "../support/cli-world.ts";
import { appliedWorld, type CiWorld, ciWorld } from "../support/ci-world.ts";

const one = appYaml("one");
const changed = appYaml("one", ["description: changed"]);

describe("whose word counts", () => {
  let world: CiWorld;

  beforeEach(async () => {
    world = await ciWorld({ "apps/one.yaml": one, "llmstack-sync.yaml": "maxDeletes: 1\n" });
  });

  afterEach(async () => world.close());

  it.each(["pull_request_target", "workflow_run", "issue_comment"])(
    "%s is refused, and nothing is asked of anybody",
    async (name) => {
      const result = await world.job(name, {});
      expect(result).toMatchObject({ exitCode: 6, outputs: { outcome: "refused" } });
      expect(result.log).toMatch(/Use pull_request|Use workflow_dispatch/u);
      expect(world.state.requests).toEqual([]);
      expect(world.server.journal()).toEqual([]);
    },
  );

  it("a fork's manifests are checked without the server, and its token need not be able to comment", async () => {
    await world.propose(7, { "apps/one.yaml": `${one}    nonsense: true\n` });
    const over = { head: { sha: world.state.pulls.get(7)?.head, repo: { full_name: "mallory/bots" } } };
    const invalid = await world.pull(7, { over, env: { GITHUB_TOKEN: "fork-token" } });
    expect(invalid).toMatchObject({ exitCode: 3, outputs: { outcome: "invalid" } });
    expect(invalid.commands.some(({ name }) => name === "error")).toBe(true);
    expect(world.server.journal()).toEqual([]);
    expect(world.said(7)).toEqual([]);

    await world.propose(7, { "apps/one.yaml": changed });
    const valid = await world.pull(7, {
      over: { head: { sha: world.state.pulls.get(7)?.head, repo: { full_name: "mallory/bots" } } },
      env: { GITHUB_TOKEN: "fork-token", LLMSTACK_TOKEN: "" },
    });
    expect(valid).toMatchObject({ exitCode: 0, outputs: { outcome: "clean" } });
  });

  it("a pull request without a token for the server is checked all the same", async () => {
    await world.propose(7, { "apps/one.yaml": changed });
    expect(await world.pull(7, { env: { LLMSTACK_TOKEN: "" } })).toMatchObject({
      exitCode: 0,
      outputs: { outcome: "clean" },
    });
    expect(world.server.journal()).toEqual([]);
  });

  it("the ignore file of the base branch counts, and a change of it is said", async () => {
    await world.propose(7, { "apps/one.yaml": changed, "apps/.llmstackignore": "one.yaml\n" });
    const result = await world.pull(7);
    expect(result.exitCode, result.log).toBe(0);
    expect(result.outputs).toMatchObject({ outcome: "changes" });
    const [comment = ""] = world.said(7);
    expect(comment).toContain("App/one");
    expect(comment).toContain("`.llmstackignore` is changed here");
  });

  it("the project file of the base branch counts, and a change of it is said", async () => {
    await world.propose(7, {
      "apps/one.yaml": changed,
      "llmstack-sync.yaml": "server: https://evil.example.com\nset: evil\nprune: true\n",
    });
    const result = await world.pull(7);
    expect(result.exitCode, result.log).toBe(0);
    expect(world.said(7)).toEqual([expect.stringContaining("takes effect after merging")]);
    expect(world.said(7)[0]).toContain(`Server \`${world.cli.url}\``);
    expect(world.said(7)[0]).toContain("set `shop`");
  });

  it("a variable that the base branch does not allow does not exist for a manifest, and the job's own never do", async () => {
    await world.origin.commit({ "llmstack-sync.yaml": "env: [ALLOWED, LLMSTACK_TOKEN, GITHUB_TOKEN]\n" });
    const uses = (name: string): string => appYaml("one", [`config: { note: { $env: ${name} } }`]);
    for (const name of ["LLMSTACK_TOKEN", "GITHUB_TOKEN", "OTHER"]) {
      await world.propose(7, { "apps/one.yaml": uses(name), "llmstack-sync.yaml": "env: [OTHER]\n" });
      const result = await world.pull(7, { env: { OTHER: "value", ALLOWED: "value" } });
      expect(result.exitCode, name).toBe(3);
      expect(result.log.replaceAll(/^::add-mask::.*$/gmu, "")).not.toContain(TOKEN);
    }
    await world.propose(7, { "apps/one.yaml": uses("ALLOWED") });
    expect((await world.pull(7, { env: { OTHER: "value", ALLOWED: "secret-value-77" } })).exitCode).toBe(0);
    expect(world.said(7).join("")).not.toContain("secret-value-77");
  });

  it("a project file that names files of this machine is refused", async () => {
    await world.origin.commit({ "llmstack-sync.yaml": "secretsDir: secrets\n" });
    await world.propose(7, { "apps/one.yaml": changed });
    const result = await world.pull(7);
    expect(result.exitCode).toBe(6);
    expect(result.log).toContain("secretsDir");
  });

  it("text of a manifest is no command of the job's log, and no markup of the comment", async () => {
    const prompt = "\\n::add-path::/evil\\n##[set-env name=PATH]/evil\\n@octocat Closes #1 ```\\n";
    await world.propose(7, {
      "apps/one.yaml": appYaml("one", [`description: "${prompt}"`, 'config: { x: "##[add-path]/evil" }']),
    });
    const result = await world.pull(7, { flags: ["-v"] });
    expect(result.exitCode, result.log).toBe(0);
    expect(result.log).toContain("##[");
    expect(result.commands.map(({ name }) => name).filter((name) => name !== "add-mask")).toEqual([]);
    expect(result.commands.map(({ data }) => data)).toEqual(expect.arrayContaining([TOKEN, "bot-token"]));
  });

  it("the tokens are in no output but the masks", async () => {
    await world.propose(7, { "apps/one.yaml": changed });
    const result = await world.pull(7, { flags: ["-v", "--plan-out", "plan.json", "--report", "report.json"] });
    const said = [
      result.log.replaceAll(/^::add-mask::.*$/gmu, ""),
      result.summary,
      JSON.stringify(result.outputs),
      ...world.said(7),
    ].join("");
    expect(said).not.toContain(TOKEN);
    expect(said).not.toContain("bot-token");
  });

  it("a forge that fails changes nothing of the result, unless the comment is required", async () => {
    await world.propose(7, { "apps/one.yaml": changed });
    const env = { GITHUB_TOKEN: "fork-token" };
    const result = await world.pull(7, { env });
    expect(result).toMatchObject({ exitCode: 0, outputs: { outcome: "changes" } });
    expect(result.log).toContain("could not be written");
    expect((await world.pull(7, { env, flags: ["--require-comment"] })).exitCode).toBe(4);
  });
});

describe("other events", () => {
  let world: CiWorld;

  beforeEach(async () => {
    world = await appliedWorld({ "apps/one.yaml": one });
  });

  afterEach(async () => world.close());

  it("of a merge group pass what was reviewed, and keep out what was not", async () => {
    await world.propose(7, { "apps/one.yaml": changed });
    await world.pull(7);
    const base = await world.origin.git("rev-parse", "main");
    const payload = (commit: string | undefined): object => ({
      action: "checks_requested",
      merge_group: { head_sha: commit, base_sha: base, head_ref: `refs/heads/gh-readonly-queue/main/pr-7-${base}` },
    });
    const head = world.state.pulls.get(7)?.head;
    expect(await world.job("merge_group", payload(head))).toMatchObject({
      exitCode: 0,
      outputs: { outcome: "changes", unreviewed: "0" },
    });
    await world.origin.git("checkout", "-q", "change-7");
    const more = await world.origin.commit({ "apps/two.yaml": appYaml("two") });
    const kept = await world.job("merge_group", payload(more));
    expect(kept).toMatchObject({ exitCode: 7, outputs: { outcome: "held", unreviewed: "1" } });
    expect(world.said(7)).toHaveLength(1);
  });

  it("of a merge group count what was reviewed of all that stand before it in the queue", async () => {
    await world.propose(7, { "apps/one.yaml": changed });
    await world.pull(7);
    await world.propose(8, { "apps/two.yaml": appYaml("two") });
    await world.pull(8);
    const base = await world.origin.git("rev-parse", "main");
    const queued = async (number: number): Promise<string> => {
      await world.origin.git("merge", "-q", "--no-ff", "-m", `queue ${number}`, `change-${number}`);
      await world.origin.git("update-ref", `refs/heads/gh-readonly-queue/main/pr-${number}-${base}`, "HEAD");
      return world.origin.git("rev-parse", "HEAD");
    };
    await world.origin.git("checkout", "-q", "--detach");
    const first = await queued(7);
    const head_sha = await queued(8);
    await world.origin.git("checkout", "-q", "main");
    const head_ref = `refs/heads/gh-readonly-queue/main/pr-8-${base}`;
    const result = await world.job("merge_group", { merge_group: { head_sha, base_sha: first, head_ref } });
    expect(result.exitCode, result.log).toBe(0);
    expect(result.outputs).toMatchObject({ create: "1", update: "1", unreviewed: "0" });
  });

  it("plan the merge result that the forge made, and not one of an earlier head", async () => {
    await world.propose(7, { "apps/one.yaml": changed });
    await world.origin.commit({ "apps/two.yaml": appYaml("two") });
    await world.origin.git("checkout", "-q", "--detach");
    await world.origin.git("merge", "-q", "--no-ff", "-m", "result", "change-7");
    const result = await world.origin.git("rev-parse", "HEAD");
    await world.origin.git("update-ref", "refs/pull/7/merge", result);
    await world.origin.git("checkout", "-q", "main");
    const env = { GITHUB_SHA: result };
    expect((await world.pull(7, { env })).outputs).toMatchObject({ create: "1", update: "1", unexplained: "1" });
    await world.propose(7, { "apps/one.yaml": appYaml("one", ["description: later"]) });
    const stale = await world.pull(7, { env });
    expect(stale.exitCode, stale.log).toBe(6);
    expect(stale.log).toContain("lacks commits of main");
  });

  it("after which manifests are not valid apply nothing, and say where", async () => {
    const commit = await world.origin.commit({ "apps/one.yaml": one.replace("type_slug", "type_slugg") });
    const result = await world.push(commit);
    expect(result).toMatchObject({ exitCode: 3, outputs: { outcome: "invalid" } });
    expect(result.commands.find(({ name }) => name === "error")?.properties["file"]).toBe("apps/one.yaml");
    expect(result.summary).toContain("The manifests have");
  });

  it("of other branches and of tags check alone", async () => {
    const requests = world.server.journal().length;
    const commit = await world.origin.git("rev-parse", "main");
    expect(await world.push(commit, { branch: "feature" })).toMatchObject({
      exitCode: 0,
      outputs: { outcome: "clean" },
    });
    expect(await world.job("push", { ref: "refs/tags/v1", after: commit })).toMatchObject({ exitCode: 0 });
    expect(world.server.journal()).toHaveLength(requests);
  });

  it("of a schedule find drift, and keep one issue about it", async () => {
    const schedule = async () =>
      world.job(
        "schedule",
        { schedule: "0 3 * * *" },
        { flags: ["--drift-issue"], env: { GITHUB_REF: "refs/heads/main" } },
      );
    expect(await schedule()).toMatchObject({ exitCode: 0, outputs: { outcome: "clean" } });
    expect(world.state.issues).toEqual([]);
    await world.cli.run(["apply", "--set", "shop", "--yes", "-"], { stdin: () => Promise.resolve(changed) });
    expect(await schedule()).toMatchObject({ exitCode: 2, outputs: { outcome: "drift" } });
    expect(await schedule()).toMatchObject({ exitCode: 2 });
    expect(world.state.issues).toMatchObject([{ state: "open", title: expect.stringContaining("Drift") as string }]);
    await world.cli.run(["apply", "--set", "shop", "--yes", "-"], { stdin: () => Promise.resolve(one) });
    expect(await schedule()).toMatchObject({ exitCode: 0 });
    expect(world.state.issues).toMatchObject([{ state: "closed" }]);
    await world.cli.run(["apply", "--set", "shop", "--yes", "-"], { stdin: () => Promise.resolve(changed) });
    await schedule();
    expect(world.state.issues).toMatchObject([{ state: "open" }]);
  });

  it("by hand plan a branch, and comment where a pull request is named", async () => {
    await world.propose(7, { "apps/one.yaml": changed });
    const dispatch = async (flags: readonly string[]) =>
      world.job("workflow_dispatch", { ref: "refs/heads/change-7", workflow: "x" }, { flags });
    expect(await dispatch([])).toMatchObject({ exitCode: 0, outputs: { outcome: "changes", update: "1" } });
    expect(world.said(7)).toEqual([]);
    await dispatch(["--pull-request", "7"]);
    expect(world.said(7)).toEqual([expect.stringContaining("1 to update")]);
    // An apply by hand is of the configured branch, whatever the run was started on.
    expect(await dispatch(["--mode", "apply"])).toMatchObject({ exitCode: 0, outputs: { outcome: "clean" } });
  });

  it("by hand plan a fork's pull request, which counts as its review", async () => {
    await world.propose(7, { "apps/one.yaml": changed });
    const fork = { head: { sha: world.state.pulls.get(7)?.head, repo: { full_name: "mallory/bots" } } };
    const offline = await world.pull(7, { over: fork, env: { LLMSTACK_TOKEN: "" } });
    expect(offline.log).toContain("no server asked");
    expect(world.said(7)).toEqual([]);
    const flags = ["--pull-request", "7", "--plan-html", "plan.html"];
    const payload = { ref: "refs/heads/main", workflow: "x" };
    expect(await world.job("workflow_dispatch", payload, { flags })).toMatchObject({
      exitCode: 0,
      outputs: { update: "1", unexplained: "0" },
    });
    const commit = await world.merge(7);
    expect(await world.push(commit)).toMatchObject({ exitCode: 0, outputs: { outcome: "applied", unreviewed: "0" } });
  });

  it("with a pull request behind its base plan both sides put together, or say what to do", async () => {
    const base = await world.origin.git("rev-parse", "main");
    await world.propose(7, { "apps/one.yaml": changed });
    await world.origin.commit({ "apps/two.yaml": appYaml("two") });
    const together = await world.pull(7, { over: { merge_base: base } });
    expect(together.exitCode, together.log).toBe(0);
    expect(together.outputs).toMatchObject({ create: "1", update: "1", unexplained: "1" });
    expect((await world.pull(7)).exitCode).toBe(6);
    await world.origin.commit({ "apps/one.yaml": appYaml("one", ["description: theirs"]) });
    const both = await world.pull(7, { over: { merge_base: base } });
    expect(both.exitCode).toBe(6);
    expect(both.log).toContain("Merge main into the branch");
  });
});
