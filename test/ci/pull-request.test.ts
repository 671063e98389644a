import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { appYaml } from "../support/cli-world.ts";
import { appliedWorld, type CiWorld } from "../support/ci-world.ts";

const one = appYaml("one");
const two = appYaml("two");
const changed = (name: string): string => appYaml(name, ["description: changed"]);

describe("a pull request", () => {
  let world: CiWorld;

  beforeEach(async () => {
    world = await appliedWorld({ "apps/one.yaml": one, "apps/two.yaml": two });
  });

  afterEach(async () => world.close());

  it("gets one comment that says what merging would do, kept up to date", async () => {
    await world.propose(7, { "apps/one.yaml": changed("one") });
    const first = await world.pull(7);
    expect(first).toMatchObject({
      exitCode: 0,
      outputs: { outcome: "changes", update: "1", create: "0", unexplained: "0" },
    });
    expect(world.said(7)).toEqual([
      expect.stringContaining("## Plan: 0 to create, 1 to update, 0 to delete, 1 unchanged."),
    ]);
    expect(first.outputs["comment-url"]).toContain("issuecomment");
    expect(first.summary).toContain("1 to update");

    world.state.requests.length = 0;
    expect((await world.pull(7)).exitCode).toBe(0);
    expect(world.state.requests.filter((request) => /^(?:POST|PATCH) \/repos/u.test(request))).toEqual([]);
    expect(world.state.requests.length).toBeLessThanOrEqual(3);

    await world.propose(7, { "apps/three.yaml": appYaml("three") });
    await world.pull(7);
    expect(world.said(7)).toEqual([expect.stringContaining("1 to create, 1 to update")]);
  });

  it("that changes nothing gets no comment, and its old one says so", async () => {
    await world.propose(7, { "README.md": "text" });
    expect(await world.pull(7)).toMatchObject({ exitCode: 0, outputs: { outcome: "clean" } });
    expect(world.said(7)).toEqual([]);
    await world.propose(7, { "apps/one.yaml": changed("one") });
    await world.pull(7);
    await world.propose(7, { "apps/one.yaml": one });
    await world.pull(7);
    expect(world.said(7)).toEqual([expect.stringContaining("No changes.")]);
    await world.pull(7, { flags: ["--comment", "changes"] });
    expect(world.said(7)).toEqual([]);
  });

  it("is applied after the merge exactly as it was shown, and the report stands on it", async () => {
    await world.propose(7, { "apps/one.yaml": changed("one"), "apps/two.yaml": null });
    await world.pull(7, { flags: ["--prune", "--max-deletes", "50%"] });
    const commit = await world.merge(7);
    const applied = await world.push(commit, { flags: ["--prune", "--max-deletes", "50%"] });
    expect(applied).toMatchObject({ exitCode: 0, outputs: { outcome: "applied", unreviewed: "0", prune: "1" } });
    expect(world.said(7)).toEqual([expect.stringContaining("## Applied: 0 created, 1 updated, 1 deleted")]);
    expect(
      (
        await world.cli.run(["plan", "--set", "shop", "--detailed-exitcode", `${world.origin.address}//apps`], {
          env: { PATH: process.env["PATH"] },
        })
      ).exitCode,
    ).toBe(0);
    // Once more: there is nothing left.
    expect(await world.push(commit)).toMatchObject({ exitCode: 0, outputs: { outcome: "clean" } });
  });

  it("says apart what it does not explain, and --fail-on makes the job red for it", async () => {
    await world.cli.run(["apply", "--set", "shop", "--yes", "-"], { stdin: () => Promise.resolve(changed("two")) });
    await world.propose(7, { "apps/one.yaml": changed("one") });
    const result = await world.pull(7, { flags: ["--fail-on", "unexplained"] });
    expect(result).toMatchObject({ exitCode: 2, outputs: { unexplained: "1" } });
    const [body = ""] = world.said(7);
    const section = body.slice(body.indexOf("does not explain"), body.indexOf("### Changes\n"));
    expect(section).toContain("~ App/two");
    expect(section).not.toContain("App/one");
  });

  it("whose change was not shown because the server moved has it held, and --accept lets it through", async () => {
    await world.propose(7, { "apps/one.yaml": changed("one") });
    await world.pull(7);
    // After the review somebody changes another app, and the one that is to change.
    await world.cli.run(["apply", "--set", "shop", "--yes", "-"], {
      stdin: () => Promise.resolve(appYaml("two", ["description: by hand"])),
    });
    const commit = await world.merge(7);
    const held = await world.push(commit, { flags: ["--plan-out", "after.json"] });
    expect(held).toMatchObject({ exitCode: 7, outputs: { outcome: "held", unreviewed: "1" } });
    expect(held.log).toContain("not reviewed: no merged pull request has shown this update of App/two.");
    const after = JSON.parse(await readFile(world.cli.path("after.json"), "utf8")) as {
      readonly counts: object;
    };
    expect(after.counts).toMatchObject({ update: 2 });
    const [body = ""] = world.said(7);
    expect(body).toContain("1 updated");
    expect(body).toContain("no pull request has shown");
    const id = /accepting `([0-9a-f]{12})`/u.exec(body)?.[1] ?? "";
    const accepted = await world.job(
      "workflow_dispatch",
      { ref: "refs/heads/main", inputs: {} },
      { flags: ["--mode", "apply", "--accept", id, "--pull-request", "7"] },
    );
    expect(accepted).toMatchObject({ exitCode: 0, outputs: { outcome: "applied" } });
    expect(world.said(7)).toEqual([expect.stringContaining("Started by hand by `ada`")]);
  });

  it("with --on-unreviewed fail applies nothing of it", async () => {
    await world.propose(7, { "apps/one.yaml": changed("one") });
    const commit = await world.merge(7);
    const requests = world.server.journal().length;
    expect(await world.push(commit, { flags: ["--on-unreviewed", "fail"] })).toMatchObject({ exitCode: 7 });
    expect(
      world.server
        .journal()
        .slice(requests)
        .filter(({ committed }) => committed),
    ).toEqual([]);
    expect(world.said(7)).toEqual([expect.stringContaining("Nothing of this was applied")]);
  });

  it("is made up for by a later run where its own was skipped", async () => {
    await world.propose(7, { "apps/one.yaml": changed("one") });
    await world.pull(7);
    await world.merge(7);
    await world.propose(8, { "apps/two.yaml": changed("two") });
    // Its plan shows what the other one left undone, too.
    await world.pull(8);
    const commit = await world.merge(8);
    expect(await world.push(commit)).toMatchObject({ exitCode: 0, outputs: { outcome: "applied", update: "2" } });
    expect(world.said(7)).toEqual([expect.stringContaining("## Applied")]);
    expect(world.said(8)).toEqual([expect.stringContaining("## Applied")]);
  });

  it("closed unmerged says that nothing of it is applied", async () => {
    await world.propose(7, { "apps/one.yaml": changed("one") });
    await world.pull(7);
    expect((await world.pull(7, { action: "closed", over: { merged: false } })).exitCode).toBe(0);
    expect(world.said(7)).toEqual([expect.stringContaining("## Superseded")]);
  });

  it("that is not valid is told so with the place, in annotations, files and the comment", async () => {
    await world.propose(7, { "apps/one.yaml": one.replace("type_slug", "type_slugg") });
    const flags = ["--sarif", "p.sarif", "--codequality", "q.json", "--report", "r.json"];
    const result = await world.pull(7, { flags });
    expect(result).toMatchObject({ exitCode: 3, outputs: { outcome: "invalid", "report-path": "r.json" } });
    expect(result.commands.find(({ name }) => name === "error")?.properties).toMatchObject({
      file: "apps/one.yaml",
    });
    expect(world.said(7)).toEqual([expect.stringContaining("## The manifests have")]);
    expect(result.summary).toContain("## The manifests have");
    expect(result.log).toMatch(/apps\/one\.yaml:\d+:\d+: error: /u);
    const sarif = JSON.parse(await readFile(world.path("p.sarif"), "utf8")) as { runs: { results: unknown[] }[] };
    expect(sarif.runs[0]?.results.length).toBeGreaterThan(0);
  });

  it("whose head has moved while it was planned is left to the newer run", async () => {
    await world.propose(7, { "apps/one.yaml": changed("one") });
    const result = await world.pull(7, {
      over: { head: { sha: await world.origin.git("rev-parse", "main"), repo: { full_name: "acme/bots" } } },
    });
    expect(result.exitCode).toBe(0);
    expect(world.said(7)).toEqual([]);
    expect(result.log).toContain("has moved");
  });
});
