import { describe, expect, it } from "vitest";
import type { Client } from "../../src/client/client.ts";
import { completeList } from "../../src/model/live.ts";
import { createWorld, HASTE, outcomeOf, wantApp, wantDatasource } from "../support/apply-world.ts";

const patience = { ...HASTE, lookForMs: 30 };

describe("a create that did not land, and whose answer was lost", () => {
  it("does not take what another run made of the same manifest for its own", async () => {
    const world = await createWorld();
    const [rival, site] = [await world.start(), await world.start("lost=before,method=POST")];
    const plan = await site.plan([wantApp("bot")]);
    await rival.sync([wantApp("bot", { greeting: "Hi" })]);
    expect(outcomeOf(await site.apply(plan, { patience }), "App/bot").status).toBe("unknown");
  });

  it("does not take what somebody else shares under the same name for its own", async () => {
    const world = await createWorld();
    const [rival, site] = [await world.start(), await world.start("lost=before,method=POST")];
    const plan = await site.plan([wantDatasource("docs")]);
    await rival.createByHand(wantDatasource("docs"));
    const client: Client = {
      ...site.client,
      list: async (kind, signal) => {
        const [shared] = (await site.client.list(kind, signal)).items;
        return completeList(shared === undefined ? [] : [{ ...shared, isOwned: false }]);
      },
    };
    expect(outcomeOf(await site.apply(plan, { patience, client }), "Datasource/docs").status).toBe("unknown");
  });
});

it("after the first create that the server fails on, no two are under way at once", async () => {
  const site = await (await createWorld()).start("status=500,body=html,method=POST,nth=1", "latency=5");
  const names = ["a", "b", "c", "d", "e", "f", "g"];
  const plan = await site.plan(names.map((name) => wantApp(name)));
  const handle = site.server.handle.bind(site.server);
  let underWay = 0;
  const together: number[] = [];
  let hasFailed = false;
  Object.assign(site.server, {
    handle: async (request: Request) => {
      if (request.method !== "POST") return handle(request);
      underWay += 1;
      if (hasFailed) together.push(underWay);
      const response = await handle(request);
      underWay -= 1;
      hasFailed ||= response.status === 500;
      return response;
    },
  });
  await site.apply(plan, { patience, parallelism: 2 });
  // The one that was under way beside the failing one may still be.
  expect(together.length).toBeGreaterThan(2);
  expect(Math.max(...together.slice(1))).toBe(1);
});
