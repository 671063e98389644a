import { describe, expect, it } from "vitest";
import {
  changesIn,
  createWorld,
  outcomeOf,
  statuses,
  wantApp,
  wantDatasource,
  wantEntry,
} from "../support/apply-world.ts";

describe("one failure", () => {
  it("blocks only what needs it; the rest goes on, and running again does what is missing", async () => {
    const world = await createWorld();
    const docs = wantDatasource("docs", { entries: [wantEntry("a", "one")] });
    const wanted = [docs, wantApp("bot", { uses: [docs.key] }), wantApp("other")];
    const broken = await world.start("status=400,method=POST,path=/api/datasources");
    const report = await broken.sync(wanted);
    expect(statuses(report)).toEqual([
      "create App/bot: blocked",
      "create App/other: done",
      "create Datasource/docs: failed",
      "create Datasource/docs/entries/a: blocked",
    ]);
    expect(outcomeOf(report, "App/bot").failure).toMatchObject({
      class: "dependency_failed",
      message: "App/bot needs Datasource/docs, which did not succeed.",
    });
    const whole = await world.start();
    await whole.sync(wanted);
    expect(changesIn(await whole.plan(wanted))).toEqual([]);
  });

  it("of ten apps leaves nine done, and one change for the next run", async () => {
    const world = await createWorld();
    const wanted = Array.from({ length: 10 }, (_, index) => wantApp(`app-${index}`));
    const broken = await world.start("status=400,method=POST,path=/api/apps,nth=3");
    const report = await broken.sync(wanted);
    expect(report.outcomes.filter(({ status }) => status === "done")).toHaveLength(9);
    expect(report.outcomes.filter(({ status }) => status === "failed")).toHaveLength(1);
    expect(changesIn(await (await world.start()).plan(wanted))).toHaveLength(1);
  });

  it("is an outcome with what was tried, what answered and what to do", async () => {
    const world = await createWorld();
    const site = await world.start("status=403,body=empty,method=POST,path=/api/apps");
    const report = await site.sync([wantApp("a")]);
    const { failure } = outcomeOf(report, "App/a");
    expect(failure?.class).toBe("forbidden");
    expect(failure?.message).toContain("POST /api/apps");
    expect(failure?.remedy).not.toBe("");
  });
});

describe("a deletion", () => {
  it("does not happen when what refers to it could not be updated", async () => {
    const world = await createWorld();
    const site = await world.start();
    const [old, spare, more] = [
      wantDatasource("old", { entries: [wantEntry("a", "one")] }),
      wantDatasource("spare", { entries: [wantEntry("b", "two")] }),
      wantDatasource("more"),
    ];
    await site.sync([old, spare, more, wantApp("bot", { uses: [old.key] })]);
    const broken = await world.start("status=400,method=PATCH,path=/api/apps/**");
    const report = await broken.sync([more, wantApp("bot")], { prune: true });
    expect(statuses(report)).toEqual([
      "prune Datasource/old: blocked",
      "prune Datasource/spare: done",
      "update App/bot: failed",
      "keep Datasource/more: kept",
    ]);
    expect(outcomeOf(report, "Datasource/old").failure?.message).toContain("App/bot");
    expect((await broken.datasources()).map(({ name }) => name).toSorted()).toEqual(["more", "old"]);
  });

  it("does not happen when something of the same name could not be made: its manifest was renamed", async () => {
    const world = await createWorld();
    const site = await world.start();
    await site.sync([wantApp("before", { name: "Bot" }), wantApp("x"), wantApp("y")]);
    const broken = await world.start("status=400,method=POST,path=/api/apps");
    const report = await broken.sync([wantApp("after", { name: "Bot" }), wantApp("x"), wantApp("y")], { prune: true });
    expect(outcomeOf(report, "App/before").status).toBe("blocked");
    expect(await broken.apps()).toHaveLength(3);
  });

  it("of an entry does not happen when another entry of its datasource could not be added", async () => {
    const world = await createWorld();
    const site = await world.start();
    const before = [wantEntry("a", "one"), wantEntry("b", "two"), wantEntry("c", "three"), wantEntry("d", "four")];
    await site.sync([wantDatasource("docs", { entries: before })]);
    const broken = await world.start("status=400,method=POST,path=/api/datasources/**");
    const after = [...before.slice(1), wantEntry("renamed", "one")];
    const report = await broken.sync([wantDatasource("docs", { entries: after })], { prune: true });
    expect(outcomeOf(report, "Datasource/docs/entries/a").status).toBe("blocked");
    expect(outcomeOf(report, "Datasource/docs/entries/renamed").status).toBe("failed");
  });

  it("that finds nothing is done", async () => {
    const world = await createWorld();
    const site = await world.start();
    await site.sync([wantApp("a"), wantApp("b"), wantApp("c"), wantApp("gone")]);
    const plan = await site.plan([wantApp("a"), wantApp("b"), wantApp("c")], { prune: true });
    const gone = (await site.apps()).find(({ name }) => name === "gone");
    await site.deleteByHand(`/api/apps/${gone?.uuid ?? ""}`);
    const report = await site.apply(plan);
    expect(outcomeOf(report, "App/gone").status).toBe("done");
  });

  it("whose answer is lost is looked for, and is done when it happened", async () => {
    const world = await createWorld();
    const site = await world.start();
    await site.sync([wantApp("a"), wantApp("b"), wantApp("c"), wantApp("gone")]);
    const broken = await world.start("lost=after,method=DELETE");
    const report = await broken.sync([wantApp("a"), wantApp("b"), wantApp("c")], { prune: true });
    expect(outcomeOf(report, "App/gone").status).toBe("done");
    expect(await broken.apps()).toHaveLength(3);
  });

  it("that the server keeps refusing is a failure, not done", async () => {
    const world = await createWorld();
    const site = await world.start();
    await site.sync([wantApp("a"), wantApp("b"), wantApp("c"), wantApp("gone")]);
    const broken = await world.start("status=500,method=DELETE");
    const report = await broken.sync([wantApp("a"), wantApp("b"), wantApp("c")], { prune: true });
    expect(outcomeOf(report, "App/gone").status).toBe("failed");
    expect(await broken.apps()).toHaveLength(4);
  });
});
