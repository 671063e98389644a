import { expect, it } from "vitest";
import { type ContractWorld, liveOf, onEveryReferenceServer, withDocument } from "../support/contract.ts";
import { leftIn, type ReferenceWorld, troubleIn } from "../support/dialect-world.ts";

type World = ContractWorld & { readonly reference: ReferenceWorld };

/** The next request of that kind reaches the server, and its answer is lost on the way. */
function loseAnswer({ reference }: World, method: string): void {
  reference.intercept(async (request) => {
    if (request.method !== method) return undefined;
    reference.intercept(() => undefined);
    await reference.server.handle(request);
    throw new TypeError("connection lost");
  });
}

onEveryReferenceServer((open) => {
  it.each(["POST", "PATCH"])("a %s whose answer is lost is found, and not sent again", async (method) => {
    const world = await open();
    await world.sync([world.app("bot")]);
    const wanted = [world.app("bot", { greeting: "Hey" }), world.app("new")];
    loseAnswer(world, method);
    world.reference.requests();
    expect(troubleIn(await world.sync(wanted))).toEqual([]);
    expect(world.reference.requests().filter((request) => request === "POST /api/apps")).toHaveLength(1);
    expect(leftIn(await world.plan(wanted))).toEqual([]);
    expect(await world.ownApps()).toHaveLength(2);
  });

  it("a datasource whose answer is lost is found too, or is said to be unknown", async () => {
    const world = await open();
    loseAnswer(world, "POST");
    expect(troubleIn(await world.sync([world.datasource("docs")]))).toEqual([]);
    expect(await world.datasources()).toHaveLength(1);
    expect(leftIn(await world.plan([world.datasource("docs")]))).toEqual([]);
  });

  it("half of an app that a failing server stored is done away with", async ({ skip }) => {
    const world = await open();
    await world.appByHand("stranger");
    // What no client of ours would send: the row is stored, then the server fails over the rest.
    world.reference.intercept(async (request) => {
      if (request.method !== "POST") return undefined;
      const body = { ...((await request.clone().json()) as object), comment: null };
      const headers = { authorization: request.headers.get("authorization") ?? "", "content-type": "application/json" };
      return world.reference.server.handle(
        new Request(request.url, { method: "POST", headers, body: JSON.stringify(body) }),
      );
    });
    const report = await world.sync([world.app("bot")]);
    skip(troubleIn(report).length === 0, "stores no halves");
    expect(troubleIn(report)).toEqual([
      expect.stringMatching(/^create App\/bot: failed .*stored half of App\/bot .*deleted again/u),
    ]);
    world.reference.intercept(() => undefined);
    expect((await world.apps()).map(({ name }) => name)).toEqual(["stranger"]);
    expect(troubleIn(await world.sync([world.app("bot")]))).toEqual([]);
  });

  it("an account whose list somebody poisoned is still synced", async ({ skip }) => {
    const world = await open();
    await world.sync([world.app("bot")]);
    const poison = { name: "poison", type_slug: "text-chat", config: {}, comment: null, draft: false };
    const { status } = await world.byHand("POST", "/api/apps", poison);
    skip(status !== 500, "stores no poison");
    expect((await world.byHand("GET", "/api/apps")).status).toBe(500);
    const wanted = [world.app("bot", { greeting: "Hey" }), world.app("new")];
    expect(troubleIn(await world.sync(wanted))).toEqual([]);
    expect(leftIn(await world.plan(wanted))).toEqual([]);
  });

  it("two runs at once leave one app, and the next one has nothing to do", async () => {
    const world = await open();
    const plans = await Promise.all([world.plan([world.app("bot")]), world.plan([world.app("bot")])]);
    await Promise.all(plans.map((plan) => world.apply(plan)));
    expect(await world.ownApps()).toHaveLength(1);
    expect(leftIn(await world.plan([world.app("bot")]))).toEqual([]);
  });

  it("a run that was killed before it looked leaves a double, which a later run does away with", async ({ skip }) => {
    const world = await open();
    skip(!world.client.rules.capabilities.versions, "cannot tell a double from what somebody wants");
    const bot = world.app("bot");
    const [first, second] = [await world.plan([bot]), await world.plan([bot])];
    await world.apply(first);
    const stop = new AbortController();
    world.reference.intercept((request) => {
      if (request.method === "GET" && stop.signal.aborted) throw new TypeError("killed");
      if (request.method === "POST") stop.abort();
      return undefined;
    });
    await world.apply(second, { patience: { lookForMs: 0, attempts: 1, graceMs: 0 } });
    world.reference.intercept(() => undefined);
    expect(await world.ownApps()).toHaveLength(2);
    expect(leftIn(await world.plan([bot]))).toEqual([expect.stringMatching(/^prune App\/bot/u)]);
    expect(troubleIn(await world.sync([bot]))).toEqual([]);
    expect(await world.ownApps()).toHaveLength(1);
    expect(leftIn(await world.plan([bot]))).toEqual([]);
  });

  it("what moved since the plan is not written over", async () => {
    const world = await open();
    const bot = withDocument(world.app("bot"), { description: "ours" });
    await world.sync([bot]);
    const plan = await world.plan([withDocument(bot, { description: "newer" })]);
    const { uuid } = await liveOf(world, "App/bot");
    const { json } = await world.byHand("GET", `/api/apps/${uuid}`);
    const { data } = json as { readonly data: object };
    await world.byHand("PATCH", `/api/apps/${uuid}`, { ...data, description: "by hand", draft: false });
    expect(troubleIn(await world.apply(plan))).toEqual([expect.stringMatching(/^update App\/bot: stale/u)]);
    expect((await liveOf(world, "App/bot")).document).toMatchObject({ description: "by hand" });
  });
});
