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

describe("two runs at once", () => {
  it("that plan to create the same leave one of each, and an empty plan", async () => {
    const world = await createWorld();
    const [one, two] = [await world.start("latency=2"), await world.start("latency=3")];
    const docs = wantDatasource("docs", { entries: [wantEntry("a", "one"), wantEntry("b", "two")] });
    const wanted = [docs, ...["a", "b", "c", "d"].map((name) => wantApp(name, { uses: [docs.key] }))];
    const plans = [await one.plan(wanted), await two.plan(wanted)] as const;
    const reports = await Promise.all([one.apply(plans[0]), two.apply(plans[1])]);
    for (const report of reports) expect(report.outcomes.filter(({ status }) => status === "failed")).toEqual([]);
    await one.sync(wanted);
    expect(changesIn(await one.plan(wanted))).toEqual([]);
    expect((await one.apps()).map(({ name }) => name).toSorted()).toEqual(["a", "b", "c", "d"]);
    const [live, ...more] = await one.datasources();
    expect(more).toEqual([]);
    expect(await one.entries(live?.uuid ?? "")).toHaveLength(2);
  });

  it("the run whose object is younger deletes it, and goes on with the older one", async () => {
    const world = await createWorld();
    const [first, second] = [await world.start(), await world.start()];
    const wanted = [wantApp("bot")];
    const plans = [await first.plan(wanted), await second.plan(wanted)] as const;
    const winner = await first.apply(plans[0]);
    const loser = await second.apply(plans[1]);
    const [app, ...more] = await first.apps();
    expect(more).toEqual([]);
    expect(outcomeOf(winner, "App/bot")).toMatchObject({ status: "done", uuid: app?.uuid, warnings: [] });
    expect(outcomeOf(loser, "App/bot")).toMatchObject({ status: "done", uuid: app?.uuid });
    expect(outcomeOf(loser, "App/bot").warnings.join()).toContain("another run");
  });

  it("with other content: the older one stays, and the other run says so", async () => {
    const world = await createWorld();
    const [first, second] = [await world.start(), await world.start()];
    const plans = [
      await first.plan([wantApp("bot")]),
      await second.plan([wantApp("bot", { greeting: "Hi" })]),
    ] as const;
    await first.apply(plans[0]);
    expect(statuses(await second.apply(plans[1]))).toEqual(["create App/bot: stale"]);
    expect(await first.apps()).toHaveLength(1);
  });

  it("without marks the same holds, by name and type", async () => {
    const world = await createWorld();
    const [first, second] = [await world.start(), await world.start()];
    const wanted = [wantDatasource("docs", { entries: [wantEntry("a", "one")] })];
    const plans = [await first.plan(wanted), await second.plan(wanted)] as const;
    await first.apply(plans[0]);
    const report = await second.apply(plans[1]);
    expect(report.outcomes.map(({ status }) => status)).toEqual(["done", "done"]);
    const [live, ...more] = await first.datasources();
    expect(more).toEqual([]);
    expect(await first.entries(live?.uuid ?? "")).toHaveLength(1);
  });

  it("a plan that is applied a second time makes no second object", async () => {
    const world = await createWorld();
    const site = await world.start();
    const plan = await site.plan([wantApp("bot")]);
    const first = await site.apply(plan);
    const second = await site.apply(plan);
    expect(await site.apps()).toHaveLength(1);
    expect(outcomeOf(second, "App/bot").uuid).toBe(outcomeOf(first, "App/bot").uuid);
  });
});

describe("a copy", () => {
  it("that somebody makes in the editor during the run is never deleted", async () => {
    const world = await createWorld();
    const site = await world.start();
    const rival = await world.start();
    const plan = await site.plan([wantApp("bot")]);
    site.intercept(async (request) => {
      if (request.method !== "GET") return;
      site.intercept(() => undefined);
      const [app] = await rival.apps();
      await rival.copyByHand(app?.uuid ?? "");
    });
    const report = await site.apply(plan);
    expect(await site.apps()).toHaveLength(2);
    expect(outcomeOf(report, "App/bot").status).toBe("failed");
    for (const { uuid } of await site.apps()) expect(outcomeOf(report, "App/bot").failure?.message).toContain(uuid);
  });
});
