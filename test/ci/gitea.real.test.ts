import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startCli } from "../support/cli-process.ts";
import { appYaml, type CliWorld, cliWorld, TOKEN } from "../support/cli-world.ts";
import { type Gitea, startGitea } from "../support/forge/gitea.ts";
import { listenForWebhooks, type WebhookListener } from "../support/forge/webhook-listener.ts";
import { type Origin, originWith } from "../support/git-origin.ts";

/** What Gitea answers of a comment. */
interface Comment {
  readonly id: number;
  readonly body: string;
  readonly user: { readonly login: string };
}

const changed = appYaml("one", ["description: changed"]);

describe("on a real Gitea", () => {
  let gitea: Gitea;
  let hooks: WebhookListener;
  let origin: Origin;
  let world: CliWorld;
  let ada: string;
  let bot: string;

  beforeAll(async () => {
    [gitea, hooks, world] = await Promise.all([startGitea(), listenForWebhooks(), cliWorld({})]);
    ada = await gitea.user("ada");
    bot = await gitea.user("bot");
    await gitea.api(ada, "POST", "user/repos", { name: "bots", default_branch: "main" });
    await gitea.api(ada, "PUT", "repos/ada/bots/collaborators/bot", { permission: "write" });
    const hook = { url: hooks.url, content_type: "json", secret: "s3cret" };
    await gitea.api(ada, "POST", "repos/ada/bots/hooks", {
      type: "gitea",
      config: hook,
      events: ["push", "pull_request"],
      active: true,
    });
    origin = await originWith({ "apps/one.yaml": appYaml("one"), "apps/two.yaml": appYaml("two") });
    await push("main");
  });

  afterAll(async () => {
    await Promise.all([gitea.close(), hooks.close(), world.close(), origin.remove()]);
  });

  const push = async (branch: string): Promise<string> =>
    origin.git(
      "-c",
      `http.extraHeader=Authorization: token ${ada}`,
      "push",
      "-q",
      "-f",
      `${gitea.url}/ada/bots.git`,
      branch,
    );

  const webhook = async (event: string, about: RegExp): Promise<string> => {
    const { body } = await hooks.next(
      (delivery) => delivery.headers["x-gitea-event"] === event && about.test(delivery.body),
    );
    const file = join(world.folder, `event-${event}.json`);
    await writeFile(file, body);
    return file;
  };

  const ci = async (file: string, ...flags: readonly string[]) => {
    const common = [
      "ci",
      "--forge",
      "gitea",
      "--event",
      file,
      "--path",
      "apps",
      "--set",
      "shop",
      "--git-insecure-http",
    ];
    const process = startCli([...common, ...flags], {
      cwd: world.folder,
      env: { LLMSTACK_SERVER: world.url, LLMSTACK_TOKEN: TOKEN, LLMSTACK_FORGE_TOKEN: bot },
    });
    return process.ended;
  };

  const comments = async (number: number): Promise<readonly Comment[]> =>
    (await gitea.api(ada, "GET", `repos/ada/bots/issues/${number}/comments`)) as readonly Comment[];

  it("a pull request gets one comment however often the job runs, and what it says is applied after the merge", async () => {
    const first = await ci(await webhook("push", /refs\/heads\/main/u), "--on-unreviewed", "apply");
    expect(first.code, first.stdout).toBe(0);

    await origin.git("checkout", "-q", "-b", "change");
    await origin.commit({ "apps/one.yaml": changed });
    await push("change");
    await gitea.api(ada, "POST", "repos/ada/bots/pulls", { title: "Change", head: "change", base: "main" });
    const event = await webhook("pull_request", /"action":\s*"opened"/u);
    for (const run of [1, 2]) {
      const { code, stdout } = await ci(event);
      expect(code, `run ${run}: ${stdout}`).toBe(0);
    }
    const [comment, ...others] = await comments(1);
    expect(others).toEqual([]);
    expect(comment).toMatchObject({ user: { login: "bot" }, body: expect.stringContaining("1 to update") as string });

    // Talk, and somebody who copied our comment, change nothing.
    for (let index = 0; index < 60; index += 1)
      await gitea.api(ada, "POST", "repos/ada/bots/issues/1/comments", { body: `talk ${index}` });
    await gitea.api(ada, "POST", "repos/ada/bots/issues/1/comments", { body: comment?.body ?? "" });
    await gitea.api(bot, "POST", "repos/ada/bots/issues/1/comments", { body: comment?.body ?? "" });
    expect((await ci(event, "--comment", "auto")).code).toBe(0);
    const all = await comments(1);
    expect(all).toHaveLength(63);
    expect(all.filter(({ body, user }) => user.login === "bot" && body.startsWith("<!-- llmstack-sync"))).toHaveLength(
      1,
    );

    await gitea.api(ada, "POST", "repos/ada/bots/pulls/1/merge", { Do: "squash" });
    const merged = await ci(await webhook("push", /refs\/heads\/main/u));
    expect(merged.code, merged.stdout).toBe(0);
    expect(merged.stdout).toContain("Applied: 0 created, 1 updated, 0 deleted");
    expect((await comments(1))[0]).toMatchObject({
      id: comment?.id,
      body: expect.stringContaining("## Applied") as string,
    });
  });

  it("a change on the server after the review is held", async () => {
    await origin.git("fetch", "-q", `${gitea.url}/ada/bots.git`, "main");
    await origin.git("checkout", "-q", "-B", "second", "FETCH_HEAD");
    await origin.commit({ "apps/one.yaml": appYaml("one", ["description: second"]) });
    await push("second");
    await gitea.api(ada, "POST", "repos/ada/bots/pulls", { title: "Second", head: "second", base: "main" });
    expect((await ci(await webhook("pull_request", /"action":\s*"opened"[\s\S]*Second/u))).code).toBe(0);
    const live = appYaml("two", ["description: by hand"]);
    await world.run(["apply", "--set", "shop", "--yes", "-"], { stdin: () => Promise.resolve(live) });
    await gitea.api(ada, "POST", "repos/ada/bots/pulls/2/merge", { Do: "merge" });
    const held = await ci(await webhook("push", /refs\/heads\/main/u));
    expect(held.code, held.stdout).toBe(7);
    expect((await comments(2))[0]?.body).toContain("no pull request has shown");
  });

  it("a pull request that lacks commits of its base is planned with both sides put together", async () => {
    await origin.git("checkout", "-q", "-B", "third", "main");
    await origin.commit({ "apps/three.yaml": appYaml("three") });
    await push("third");
    await gitea.api(ada, "POST", "repos/ada/bots/pulls", { title: "Third", head: "third", base: "main" });
    const { code, stdout } = await ci(await webhook("pull_request", /"action":\s*"opened"[\s\S]*Third/u));
    expect(code, stdout).toBe(0);
    expect((await comments(3))[0]?.body).toMatch(/1 to create, 1 to update/u);
  });

  it("drift is kept in one issue", async () => {
    const file = join(world.folder, "schedule.json");
    const pushed = JSON.parse(await readFile(join(world.folder, "event-push.json"), "utf8")) as {
      readonly repository: object;
    };
    await writeFile(file, JSON.stringify({ schedule: "0 3 * * *", repository: pushed.repository }));
    expect((await ci(file, "--drift-issue")).code).toBe(2);
    expect((await ci(file, "--drift-issue")).code).toBe(2);
    const issues = (await gitea.api(ada, "GET", "repos/ada/bots/issues?type=issues&state=open")) as readonly {
      readonly title: string;
    }[];
    expect(issues.map(({ title }) => title)).toEqual([
      "Drift: the server is not what Git says (set shop, target default)",
    ]);
    await world.run(["apply", "--set", "shop", "--yes", "-"], { stdin: () => Promise.resolve(appYaml("two")) });
    expect((await ci(file, "--drift-issue")).code).toBe(0);
    expect(await gitea.api(ada, "GET", "repos/ada/bots/issues?type=issues&state=open")).toEqual([]);
  });
});
