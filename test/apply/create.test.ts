import { describe, expect, it } from "vitest";
import {
  changesIn,
  createWorld,
  outcomeOf,
  planFor,
  statuses,
  wantApp,
  wantDatasource,
} from "../support/apply-world.ts";

describe("a create whose answer did not arrive", () => {
  it.each(["lost=after", "status=504,body=html,when=after", "truncated=broken", "truncated=clean"])(
    "is done when the object is there (%s)",
    async (fault) => {
      const world = await createWorld();
      const site = await world.start(`${fault},method=POST`);
      const docs = wantDatasource("docs");
      const report = await site.sync([docs, wantApp("bot", { uses: [docs.key] })]);
      expect(statuses(report)).toEqual(["create App/bot: done", "create Datasource/docs: done"]);
      expect(await site.apps()).toHaveLength(1);
      expect(await site.datasources()).toHaveLength(1);
    },
  );

  it.each(["lost=before", "status=502,body=html", "status=500,body=json", "html"])(
    "is unknown when the object is not there, and the next run makes it (%s)",
    async (fault) => {
      const world = await createWorld();
      const site = await world.start(`${fault},method=POST,nth=1`);
      const report = await site.sync([wantApp("bot")]);
      expect(outcomeOf(report, "App/bot")).toMatchObject({ status: "unknown", failure: { class: "ambiguous_write" } });
      expect(outcomeOf(report, "App/bot").failure?.remedy).toContain("again");
      expect(site.requests().filter((request) => request.startsWith("POST"))).toHaveLength(1);
      const again = await world.start();
      await again.sync([wantApp("bot")]);
      expect(await again.apps()).toHaveLength(1);
    },
  );

  it("is looked for together with all others that are looked for", async () => {
    const world = await createWorld();
    const site = await world.start("lost=after,method=POST");
    const plan = await site.plan(Array.from({ length: 10 }, (_, index) => wantApp(`app-${index}`)));
    site.requests();
    const report = await site.apply(plan);
    expect(report.outcomes.every(({ status }) => status === "done")).toBe(true);
    const requests = site.requests();
    expect(requests.filter((request) => request === "POST /api/apps")).toHaveLength(10);
    expect(requests.length).toBeLessThan(20);
  });

  it("is unknown where there are no marks and several new ones of that name are there", async () => {
    const world = await createWorld();
    const site = await world.start("lost=after,method=POST,path=/api/datasources,nth=1");
    const plan = await site.plan([wantDatasource("docs")]);
    let isFirst = true;
    site.intercept(async (request) => {
      if (request.method !== "POST" || !isFirst) return;
      isFirst = false;
      const rival = await world.start();
      await rival.createByHand(wantDatasource("docs"));
    });
    const report = await site.apply(plan);
    expect(outcomeOf(report, "Datasource/docs")).toMatchObject({ status: "unknown" });
    expect(await site.datasources()).toHaveLength(2);
  });
});

describe("a create that the server puts off (429)", () => {
  it("is sent again after the wait", async () => {
    const world = await createWorld();
    const site = await world.start("status=429,retry-after=0,method=POST,nth=1");
    const report = await site.sync([wantApp("bot")]);
    expect(statuses(report)).toEqual(["create App/bot: done"]);
    expect(await site.apps()).toHaveLength(1);
  });

  it("is not sent again when it is there all the same", async () => {
    const world = await createWorld();
    const site = await world.start("status=429,retry-after=0,when=after,method=POST,nth=1");
    const report = await site.sync([wantApp("bot")]);
    expect(statuses(report)).toEqual(["create App/bot: done"]);
    expect(await site.apps()).toHaveLength(1);
  });

  it("fails in the end when it is always put off", async () => {
    const world = await createWorld();
    const site = await world.start("status=429,retry-after=0,method=POST");
    const report = await site.sync([wantApp("bot")]);
    expect(outcomeOf(report, "App/bot")).toMatchObject({ status: "failed", failure: { class: "rate_limited" } });
  });
});

describe("a create for which no connection is made", () => {
  it("is sent again, because nothing was sent", async () => {
    const world = await createWorld();
    const site = await world.start();
    let refusals = 2;
    site.intercept((request) => {
      if (request.method !== "POST" || refusals === 0) return;
      refusals -= 1;
      throw new TypeError("fetch failed", {
        cause: Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED", syscall: "connect" }),
      });
    });
    const report = await site.sync([wantApp("bot")]);
    expect(statuses(report)).toEqual(["create App/bot: done"]);
  });
});

describe("a server that fails one create after the other", () => {
  it("is not asked for more after a few", async () => {
    const world = await createWorld();
    const site = await world.start("status=503,body=html,method=POST");
    const plan = await site.plan(Array.from({ length: 30 }, (_, index) => wantApp(`app-${index}`)));
    site.requests();
    const report = await site.apply(plan, { parallelism: 4 });
    expect(site.requests().filter((request) => request.startsWith("POST")).length).toBeLessThan(12);
    expect(report.outcomes.every(({ status }) => status === "unknown" || status === "failed")).toBe(true);
  });
});

describe("after a wave of creates", () => {
  it("something that the list does not show is unknown, and nothing is built on it", async () => {
    const world = await createWorld();
    const site = await world.start();
    const docs = wantDatasource("docs");
    const plan = await site.plan([docs, wantApp("bot", { uses: [docs.key] })]);
    site.intercept(async (request) => {
      if (request.method !== "GET" || !request.url.endsWith("/api/datasources")) return;
      site.intercept(() => undefined);
      const [made] = await site.datasources();
      await site.deleteByHand(`/api/datasources/${made?.uuid ?? ""}`);
    });
    const report = await site.apply(plan);
    expect(statuses(report)).toEqual(["create App/bot: blocked", "create Datasource/docs: unknown"]);
  });

  it("a list that cannot be read makes them failures that say what was created", async () => {
    const world = await createWorld();
    const site = await world.start();
    const plan = await site.plan([wantApp("bot")]);
    const broken = await world.start("status=500,method=GET,path=/api/apps");
    const report = await broken.apply(plan);
    const { status, failure, uuid } = outcomeOf(report, "App/bot");
    expect(status).toBe("failed");
    expect(failure?.message).toContain(uuid);
    const again = await world.start();
    expect(changesIn(await planFor(again.client, [wantApp("bot")]))).toEqual([]);
  });
});
