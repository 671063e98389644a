import { describe, expect, it } from "vitest";
import { changesIn, createWorld, outcomeOf, statuses, wantApp, wantDatasource } from "../support/apply-world.ts";

async function anAppToUpdate(...faults: readonly string[]) {
  const world = await createWorld();
  const before = await world.start();
  await before.sync([wantApp("bot")]);
  const site = await world.start(...faults);
  const [app] = await site.apps();
  const uuid = app?.uuid ?? "";
  const plan = await site.plan([wantApp("bot", { greeting: "Good day" })]);
  site.requests();
  return { world, site, plan, uuid };
}

describe("an update of something that moved since the plan", () => {
  it("is stale, and nothing is sent", async () => {
    const { site, plan, uuid } = await anAppToUpdate();
    await site.editByHand(uuid, { description: "by hand" });
    site.requests();
    const report = await site.apply(plan);
    expect(outcomeOf(report, "App/bot")).toMatchObject({ status: "stale", failure: { class: "stale_plan" } });
    expect(site.requests()).toEqual(["GET /api/apps/*"]);
    expect((await site.apps())[0]?.document["description"]).toBe("by hand");
  });

  it("is stale when the object is gone", async () => {
    const { site, plan, uuid } = await anAppToUpdate();
    await site.deleteByHand(`/api/apps/${uuid}`);
    const report = await site.apply(plan);
    expect(outcomeOf(report, "App/bot").status).toBe("stale");
    expect(await site.apps()).toEqual([]);
  });

  it("is stale when only the mark is another", async () => {
    const { site, plan, uuid } = await anAppToUpdate();
    await site.editByHand(uuid, { config: { welcome_message: "Hello" } });
    const report = await site.apply(plan);
    expect(outcomeOf(report, "App/bot")).toMatchObject({ status: "stale" });
    expect(outcomeOf(report, "App/bot").failure?.message).toContain("mark");
  });

  it("is no reason to stop when the server only touched a date", async () => {
    const { site, plan, uuid } = await anAppToUpdate();
    await site.editByHand(uuid, { name: "bot" });
    expect(statuses(await site.apply(plan))).toEqual(["update App/bot: done"]);
  });

  it("blocks what needs it", async () => {
    const world = await createWorld();
    const site = await world.start();
    const callee = wantApp("callee");
    await site.sync([callee, wantApp("caller", { uses: [callee.key] })]);
    const plan = await site.plan([
      wantApp("callee", { greeting: "Hi" }),
      wantApp("caller", { greeting: "Hi", uses: [callee.key] }),
    ]);
    const live = (await site.apps()).find(({ name }) => name === "callee");
    await site.editByHand(live?.uuid ?? "", { description: "by hand" });
    expect(statuses(await site.apply(plan))).toEqual(["update App/callee: stale", "update App/caller: blocked"]);
  });
});

describe("an update whose answer did not arrive", () => {
  it.each(["lost=after", "status=504,body=html,when=after", "truncated=clean"])(
    "is done when it landed, and is sent once (%s)",
    async (fault) => {
      const { site, plan } = await anAppToUpdate(`${fault},method=PATCH`);
      const report = await site.apply(plan);
      expect(statuses(report)).toEqual(["update App/bot: done"]);
      expect(site.requests()).toEqual(["GET /api/apps/*", "PATCH /api/apps/*", "GET /api/apps/*"]);
    },
  );

  it.each(["lost=before", "status=502,body=html", "status=500,body=json"])(
    "is sent again when the object is still what it was (%s)",
    async (fault) => {
      const { site, plan } = await anAppToUpdate(`${fault},method=PATCH,nth=1`);
      expect(statuses(await site.apply(plan))).toEqual(["update App/bot: done"]);
      expect(changesIn(await site.plan([wantApp("bot", { greeting: "Good day" })]))).toEqual([]);
    },
  );

  it("fails in the end when it never lands", async () => {
    const { site, plan } = await anAppToUpdate("status=502,body=html,method=PATCH");
    const report = await site.apply(plan);
    expect(outcomeOf(report, "App/bot")).toMatchObject({ status: "failed", failure: { class: "server_error" } });
  });

  it("is stale when somebody else wrote in between", async () => {
    const { world, site, plan, uuid } = await anAppToUpdate("lost=before,method=PATCH,nth=1");
    const rival = await world.start();
    site.intercept(async (request) => {
      if (request.method === "PATCH") await rival.editByHand(uuid, { description: "by hand" });
    });
    const report = await site.apply(plan);
    expect(outcomeOf(report, "App/bot").status).toBe("stale");
    expect((await site.apps())[0]?.document["description"]).toBe("by hand");
  });

  it("is unknown when the object cannot be read either", async () => {
    const { site, plan } = await anAppToUpdate(
      "lost=after,method=PATCH",
      "status=500,method=GET,path=/api/apps/*,nth=2",
    );
    let reads = 0;
    site.intercept((request) => {
      if (request.method === "GET" && (reads += 1) > 1) throw new TypeError("fetch failed");
    });
    const report = await site.apply(plan);
    expect(outcomeOf(report, "App/bot")).toMatchObject({ status: "unknown", failure: { class: "ambiguous_write" } });
  });
});

describe("an update that the server puts off (429)", () => {
  it("is sent again after another look", async () => {
    const { site, plan } = await anAppToUpdate("status=429,retry-after=0,method=PATCH,nth=1");
    expect(statuses(await site.apply(plan))).toEqual(["update App/bot: done"]);
    expect(site.requests()).toEqual([
      "GET /api/apps/*",
      "PATCH /api/apps/*",
      "GET /api/apps/*",
      "PATCH /api/apps/*",
      "GET /api/apps/*",
    ]);
  });
});

describe("after an update", () => {
  it("an edit by somebody else right behind it is reported, and not written down as the server's doing", async () => {
    const { site, plan, uuid } = await anAppToUpdate();
    let reads = 0;
    site.intercept(async (request) => {
      if (request.method === "GET" && (reads += 1) === 2) await site.editByHand(uuid, { description: "by hand" });
    });
    const report = await site.apply(plan);
    expect(outcomeOf(report, "App/bot").status).toBe("stale");
    expect((await site.apps())[0]?.mark?.kept).toBeUndefined();
  });

  it("what cannot be read back is a failure that says it was written", async () => {
    const { site, plan } = await anAppToUpdate();
    let reads = 0;
    site.intercept((request) => {
      if (request.method === "GET" && (reads += 1) > 1) throw new TypeError("fetch failed");
    });
    const { status, failure } = outcomeOf(await site.apply(plan), "App/bot");
    expect(status).toBe("failed");
    expect(failure?.message).toContain("was written");
  });

  it("a datasource has its new name", async () => {
    const world = await createWorld();
    const site = await world.start();
    const uuid = await site.createByHand(wantDatasource("docs", { name: "Old" }));
    const report = await site.sync([wantDatasource("docs", { name: "New", uuid })], { adopt: true });
    expect(outcomeOf(report, "Datasource/docs").failure).toBeUndefined();
    expect((await site.datasources()).map(({ name }) => name)).toEqual(["New"]);
  });
});
