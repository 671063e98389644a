import { expect, it } from "vitest";
import type { Publish } from "../../src/model/resource.ts";
import { type ContractWorld, liveOf, onEveryReferenceServer, onEveryServer } from "../support/contract.ts";
import { leftIn, troubleIn } from "../support/dialect-world.ts";

function canPublish({ client }: ContractWorld): boolean {
  return client.rules.capabilities.kinds["App"]?.unsupported.includes("/publish") !== true;
}

async function shows(world: ContractWorld, publish: Publish, greeting = "Hello"): Promise<Publish | undefined> {
  const wanted = [world.app("bot", { publish, greeting })];
  expect(troubleIn(await world.sync(wanted))).toEqual([]);
  expect(leftIn(await world.plan(wanted))).toEqual([]);
  return (await liveOf(world, "App/bot")).publish;
}

onEveryServer((open) => {
  it("publishes only where the server knows what that is", async ({ skip }) => {
    const world = await open();
    skip(canPublish(world), "publishes");
    const plan = await world.plan([world.app("bot", { publish: { state: "Published" } })]);
    expect(leftIn(plan)).toEqual([expect.stringMatching(/^hold unsupported App\/bot/u)]);
  });

  it("shows an app to whom the manifest says, and hides it again", async ({ skip }) => {
    const world = await open();
    skip(!canPublish(world), "publishes nothing");
    expect(await shows(world, { state: "Published", visibility: "private" })).toMatchObject({
      state: "Published",
      visibility: "private",
    });
    expect(await shows(world, { state: "Published", visibility: "public" })).toMatchObject({ visibility: "public" });
    expect(await shows(world, { state: "Published", visibility: "unlisted" }, "Hey")).toMatchObject({
      visibility: "unlisted",
    });
    expect(await shows(world, { state: "Unpublished" })).toMatchObject({ state: "Unpublished" });
  });

  it("lets in exactly the people that the manifest names", async ({ skip }) => {
    const world = await open();
    skip(!canPublish(world), "publishes nothing");
    const state = "Published";
    const people = (readers: readonly string[]): Publish => ({ state, visibility: "private", readers, writers: [] });
    expect(await shows(world, people(["a@example.org", "b@example.org"]))).toMatchObject({
      readers: expect.arrayContaining(["a@example.org", "b@example.org"]) as unknown,
    });
    expect(await shows(world, people(["b@example.org", "c@example.org"]))).toMatchObject({
      readers: expect.arrayContaining(["b@example.org", "c@example.org"]) as unknown,
    });
    expect(await shows(world, people([]))).toMatchObject({ readers: [] });
  });

  it("never publishes what no manifest says to publish, and leaves what a person published as it is", async ({
    skip,
  }) => {
    const world = await open();
    skip(!canPublish(world), "publishes nothing");
    const wanted = [world.app("bot")];
    await world.sync(wanted);
    expect((await liveOf(world, "App/bot")).publish).toMatchObject({ state: "Unpublished" });
    const { uuid } = await liveOf(world, "App/bot");
    await world.byHand("POST", `/api/apps/${uuid}/publish`, { visibility: 2 });
    expect(leftIn(await world.plan(wanted))).toEqual([]);
    expect(troubleIn(await world.sync([world.app("bot", { greeting: "Hey" })]))).toEqual([]);
    expect((await liveOf(world, "App/bot")).publish).toMatchObject({ state: "Published", visibility: "unlisted" });
  });

  it("hides first and shows last, around the change of what is shown", async ({ skip }) => {
    const world = await open();
    skip(!canPublish(world), "publishes nothing");
    await shows(world, { state: "Published", visibility: "public" });
    const narrow = await world.plan([world.app("bot", { publish: { visibility: "private" }, greeting: "Secret" })]);
    expect(narrow.waves.map(({ stage }) => stage)).toEqual(["narrow", "write"]);
    expect(troubleIn(await world.apply(narrow))).toEqual([]);
    const widen = await world.plan([world.app("bot", { publish: { visibility: "unlisted" }, greeting: "Known" })]);
    expect(widen.waves.map(({ stage }) => stage)).toEqual(["write", "widen"]);
    expect(troubleIn(await world.apply(widen))).toEqual([]);
    expect((await liveOf(world, "App/bot")).publish).toMatchObject({ visibility: "unlisted" });
  });

  it("deletes a published app, and replaces one by another that the same people see", async ({ skip }) => {
    const world = await open();
    skip(!canPublish(world), "publishes nothing");
    const publish: Publish = { state: "Published", visibility: "unlisted" };
    await world.sync([world.app("bot", { publish }), world.app("other"), world.app("third")]);
    const web = { ...world.app("bot"), type: "web" };
    const wanted = { ...web, document: { ...web.document, type_slug: "web" } };
    expect(
      troubleIn(await world.sync([wanted, world.app("other"), world.app("third")], { allowReplace: true })),
    ).toEqual([]);
    expect(await liveOf(world, "App/bot")).toMatchObject({ type: "web", publish });
    expect(troubleIn(await world.sync([world.app("other"), world.app("third")], { prune: true }))).toEqual([]);
    expect((await world.ownApps()).map(({ name }) => name).toSorted()).toEqual([
      world.named("other"),
      world.named("third"),
    ]);
  });
});

onEveryReferenceServer((open) => {
  it("a server that shows more than it was asked for is told to hide it at once, and the change has failed", async ({
    skip,
  }) => {
    const world = await open();
    skip(!canPublish(world), "publishes nothing");
    await world.sync([world.app("bot")]);
    world.reference.intercept(async (request) => {
      if (!request.url.endsWith("/publish")) return undefined;
      const { visibility: _, ...body } = (await request.clone().json()) as { readonly visibility: number };
      return world.reference.server.handle(
        new Request(request.url, { method: "POST", headers: jsonHeaders(request), body: JSON.stringify(body) }),
      );
    });
    const asked: Publish = { state: "Published", visibility: "private" };
    const report = await world.sync([world.app("bot", { publish: asked })]);
    expect(troubleIn(report)).toEqual([
      expect.stringMatching(
        /^update App\/bot: failed .*more open than asked for: visibility public.*unpublished at once/u,
      ),
    ]);
    expect((await liveOf(world, "App/bot")).publish).toMatchObject({ state: "Unpublished" });
  });

  it("a visibility that the account may not use is no success", async ({ skip }) => {
    const world = await open();
    skip(!canPublish(world), "publishes nothing");
    const report = await world.sync([world.app("bot", { publish: { state: "Published", visibility: "private" } })]);
    expect(troubleIn(report)).toEqual([]);
    const wide: Publish = { state: "Published", visibility: "organization" };
    expect(troubleIn(await world.sync([world.app("bot", { publish: wide })]))).toEqual([
      expect.stringMatching(
        /^update App\/bot: failed .*did not take visibility organization; it is visibility private/u,
      ),
    ]);
  });

  it("what somebody published since the plan is not overruled", async ({ skip }) => {
    const world = await open();
    skip(!canPublish(world), "publishes nothing");
    await world.sync([world.app("bot")]);
    const { uuid } = await liveOf(world, "App/bot");
    const plan = await world.plan([world.app("bot", { publish: { state: "Published", visibility: "private" } })]);
    await world.byHand("POST", `/api/apps/${uuid}/publish`, { visibility: 2 });
    expect(troubleIn(await world.apply(plan))).toEqual([
      expect.stringMatching(/^update App\/bot: stale .*who may see it changed/u),
    ]);
  });

  it("publishing whose answer is lost is looked at before anything is said", async ({ skip }) => {
    const world = await open();
    skip(!canPublish(world), "publishes nothing");
    world.reference.intercept(async (request) => {
      if (!request.url.endsWith("/publish")) return undefined;
      await world.reference.server.handle(request);
      throw new TypeError("connection lost");
    });
    expect(await shows(world, { state: "Published", visibility: "private" })).toMatchObject({ visibility: "private" });
  });
});

function jsonHeaders({ headers }: Request): Record<string, string> {
  return { authorization: headers.get("authorization") ?? "", "content-type": "application/json" };
}
