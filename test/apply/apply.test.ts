import { describe, expect, it } from "vitest";
import type { FailureClass } from "../../src/model/errors.ts";
import {
  changesIn,
  collectEvents,
  createWorld,
  outcomeOf,
  statuses,
  wantApp,
  wantDatasource,
  wantEntry,
} from "../support/apply-world.ts";

describe("an apply that goes well", () => {
  it("makes everything and leaves an empty plan behind", async () => {
    const site = await (await createWorld()).start();
    const docs = wantDatasource("docs", { entries: [wantEntry("a", "one"), wantEntry("b", "two")] });
    const wanted = [wantApp("bot", { uses: [docs.key] }), docs, wantApp("other")];
    const report = await site.sync(wanted);
    expect(statuses(report)).toEqual([
      "create App/bot: done",
      "create App/other: done",
      "create Datasource/docs: done",
      "create Datasource/docs/entries/a: done",
      "create Datasource/docs/entries/b: done",
    ]);
    expect(changesIn(await site.plan(wanted))).toEqual([]);
    expect(report.isInterrupted).toBe(false);
  });

  it("sends the uuid of what it has just made where an app refers to it", async () => {
    const site = await (await createWorld()).start();
    const docs = wantDatasource("docs");
    const report = await site.sync([wantApp("bot", { uses: [docs.key] }), docs]);
    const [app] = await site.apps();
    expect(JSON.stringify(app?.document)).toContain(outcomeOf(report, "Datasource/docs").uuid);
  });

  it("creates N objects with N requests and one list a wave", async () => {
    const site = await (await createWorld()).start();
    const plan = await site.plan(Array.from({ length: 20 }, (_, index) => wantApp(`app-${index}`)));
    site.requests();
    const report = await site.apply(plan);
    const requests = site.requests();
    expect(requests.filter((request) => request === "POST /api/apps")).toHaveLength(20);
    expect(requests.filter((request) => request === "GET /api/apps")).toHaveLength(1);
    expect(requests).toHaveLength(21);
    expect(report.requests).toBe(21);
  });

  it("updates N objects with a read, a write and a read each", async () => {
    const site = await (await createWorld()).start();
    const names = ["a", "b", "c", "d", "e"];
    await site.sync(names.map((name) => wantApp(name)));
    const plan = await site.plan(names.map((name) => wantApp(name, { greeting: "Good day" })));
    site.requests();
    await site.apply(plan);
    expect(site.requests().toSorted()).toEqual([
      ...Array.from({ length: 10 }, () => "GET /api/apps/*"),
      ...Array.from({ length: 5 }, () => "PATCH /api/apps/*"),
    ]);
  });

  it("sends nothing where nothing changed", async () => {
    const site = await (await createWorld()).start();
    const docs = wantDatasource("docs", { entries: [wantEntry("a", "one")] });
    await site.sync([wantApp("bot", { uses: [docs.key] }), docs]);
    const plan = await site.plan([wantApp("bot", { uses: [docs.key] }), docs]);
    site.requests();
    const report = await site.apply(plan);
    expect(site.requests()).toEqual([]);
    expect(report.outcomes.map(({ status }) => status)).toEqual(["kept", "kept", "kept"]);
  });

  it("has no more requests under way than it was told", async () => {
    const site = await (await createWorld()).start("latency=5");
    const plan = await site.plan(Array.from({ length: 12 }, (_, index) => wantApp(`app-${index}`)));
    let most = 0;
    site.intercept(() => {
      const underWay = site.server.journal().filter(({ status }) => status === 0).length;
      most = Math.max(most, underWay + 1);
    });
    await site.apply(plan, { parallelism: 3 });
    expect(most).toBe(3);
  });

  it("tells of every change when it starts and when it is finished", async () => {
    const site = await (await createWorld()).start();
    const { events, onEvent } = collectEvents();
    await site.apply(await site.plan([wantApp("a"), wantApp("b")]), { onEvent });
    expect(events.map(({ type, change, done, total }) => `${type} ${change.key} ${done}/${total}`)).toEqual([
      "started App/a 0/2",
      "started App/b 0/2",
      "finished App/a 2/2",
      "finished App/b 2/2",
    ]);
  });

  it("prunes what no manifest names and leaves what is not ours", async () => {
    const site = await (await createWorld()).start();
    await site.sync([wantApp("a"), wantApp("b"), wantApp("c"), wantApp("gone")]);
    await site.createByHand(wantApp("mine"));
    const report = await site.sync([wantApp("a", { greeting: "Hi" }), wantApp("b"), wantApp("c")], { prune: true });
    expect(statuses(report)).toEqual([
      "prune App/gone: done",
      "update App/a: done",
      "keep App/b: kept",
      "keep App/c: kept",
    ]);
    expect((await site.apps()).map(({ name }) => name).toSorted()).toEqual(["a", "b", "c", "mine"]);
  });

  it("adopts an unmarked object by writing its mark, under its old uuid", async () => {
    const site = await (await createWorld()).start();
    const uuid = await site.createByHand(wantApp("mine"));
    const report = await site.sync([wantApp("mine")], { adopt: true });
    expect(statuses(report)).toEqual(["adopt App/mine: done"]);
    const [app] = await site.apps();
    expect(app).toMatchObject({ uuid, mark: { set: "team", key: "App/mine" } });
    expect(changesIn(await site.plan([wantApp("mine")]))).toEqual([]);
  });
});

describe("an apply that may not start", () => {
  it("sends nothing when the plan is refused, and says all of why", async () => {
    const site = await (await createWorld()).start();
    await site.sync([wantApp("a")]);
    const plan = await site.plan([]);
    site.requests();
    expect(plan.refusals).not.toEqual([]);
    await expect(site.apply(plan)).rejects.toMatchObject({ class: "refused" satisfies FailureClass });
    expect(site.requests()).toEqual([]);
  });

  it("sends nothing for a plan with a stage that no dialect can reach yet", async () => {
    const site = await (await createWorld()).start();
    const plan = await site.plan([wantApp("a")]);
    const [wave] = plan.waves;
    const published = { ...plan, waves: [...plan.waves, { stage: "widen" as const, changes: wave?.changes ?? [] }] };
    await expect(site.apply(published)).rejects.toMatchObject({ class: "internal" satisfies FailureClass });
    expect(await site.apps()).toEqual([]);
  });

  it("reports a hold as held and does the rest", async () => {
    const site = await (await createWorld()).start();
    const published = wantApp("shown", { publish: { state: "Published" } });
    const report = await site.sync([published, wantApp("plain")]);
    expect(statuses(report)).toEqual(["create App/plain: done", "hold App/shown: held"]);
  });
});
