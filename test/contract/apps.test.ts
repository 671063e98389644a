import { expect, it } from "vitest";
import { leftIn, troubleIn } from "../support/dialect-world.ts";
import { type ContractWorld, liveOf, objectAt, onEveryServer, withDocument, withoutKeys } from "../support/contract.ts";
import { statuses } from "../support/apply-world.ts";
import type { Resource } from "../../src/model/resource.ts";

/** Applies, expects no trouble, and that nothing is left to do. */
async function settles(world: ContractWorld, resources: readonly Resource[]): Promise<readonly string[]> {
  const report = await world.sync(resources);
  expect(troubleIn(report)).toEqual([]);
  expect(leftIn(await world.plan(resources))).toEqual([]);
  return statuses(report);
}

onEveryServer((open) => {
  it("makes what is asked for; a second run finds nothing to do and writes nothing", async () => {
    const world = await open();
    const docs = world.datasource("docs");
    const wanted = [docs, world.app("bot", { uses: [docs.key] })];
    expect(await settles(world, wanted)).toEqual(["create App/bot: done", "create Datasource/docs: done"]);
    world.reference?.requests();
    const again = await world.sync(wanted);
    expect(statuses(again)).toEqual(["keep App/bot: kept", "keep Datasource/docs: kept"]);
    expect(world.reference?.requests().filter((request) => !request.startsWith("GET")) ?? []).toEqual([]);
  });

  it("changes one value and leaves the rest", async () => {
    const world = await open();
    await settles(world, [world.app("bot", { greeting: "Hello" })]);
    const before = await liveOf(world, "App/bot");
    expect(await settles(world, [world.app("bot", { greeting: "Hey" })])).toEqual(["update App/bot: done"]);
    const after = await liveOf(world, "App/bot");
    expect(after.uuid).toBe(before.uuid);
    expect(objectAt(after.document, "config")).toMatchObject({ welcome_message: "Hey" });
  });

  it("renames an app in place", async () => {
    const world = await open();
    await settles(world, [world.app("bot")]);
    const { uuid } = await liveOf(world, "App/bot");
    expect(await settles(world, [world.app("bot", { name: "renamed" })])).toEqual(["update App/bot: done"]);
    expect(await liveOf(world, "App/bot")).toMatchObject({ uuid, name: world.named("renamed") });
  });

  it("keeps an app whose manifest got another name, where it says so with movedFrom", async () => {
    const world = await open();
    await settles(world, [world.app("bot")]);
    const { uuid } = await liveOf(world, "App/bot");
    const moved = { ...world.app("robot", { name: "bot" }), movedFrom: [world.app("bot").key] };
    expect(await settles(world, [moved])).toEqual(["update App/robot: done"]);
    expect(await liveOf(world, "App/robot")).toMatchObject({ uuid });
  });

  it.each(["description", "config", "input_fields", "output_template"])("clears %s", async (key) => {
    const world = await open();
    const filled = {
      description: "Helps",
      config: { welcome_message: "Hello" },
      input_fields: [{ name: "question", title: "Question", type: "string" }],
      output_template: { markdown: "{{_inputs1.answer}}" },
    };
    const bot = withDocument(world.app("bot"), filled);
    await settles(world, [bot]);
    expect(await settles(world, [withoutKeys(bot, key)])).toEqual(["update App/bot: done"]);
  });

  it("clears the processors, or says that the server cannot", async () => {
    const world = await open();
    await settles(world, [world.app("bot")]);
    const cleared = withoutKeys(world.app("bot"), "processors");
    const { unclearable = [] } = world.client.rules.capabilities.kinds["App"] ?? {};
    const isStuck = unclearable.includes("/processors");
    const left = leftIn(await world.plan([cleared])).map((line) => line.split(":", 1)[0]);
    expect(left).toEqual([isStuck ? "hold unclearable App/bot" : "update App/bot"]);
    expect(statuses(await world.sync([cleared]))).toEqual([isStuck ? "hold App/bot: held" : "update App/bot: done"]);
  });

  it("changes the type of an app in place, or replaces the app where that is allowed", async () => {
    const world = await open();
    await settles(world, [world.app("bot")]);
    const { uuid } = await liveOf(world, "App/bot");
    const web = withDocument({ ...world.app("bot"), type: "web" }, { type_slug: "web" });
    const { fixed = [] } = world.client.rules.capabilities.kinds["App"] ?? {};
    const isReplaced = fixed.includes("/type_slug");
    const first = isReplaced ? /^hold replace App\/bot/u : /^update App\/bot/u;
    expect(leftIn(await world.plan([web]))).toEqual([expect.stringMatching(first)]);
    expect(troubleIn(await world.sync([web], { allowReplace: true }))).toEqual([]);
    expect(leftIn(await world.plan([web]))).toEqual([]);
    const [now, ...others] = await world.ownApps();
    expect(others).toEqual([]);
    expect(now).toMatchObject({ type: "web", name: world.named("bot") });
    expect(now?.uuid === uuid).toBe(!isReplaced);
  });

  it("corrects what somebody changed by hand", async () => {
    const world = await open();
    const bot = withDocument(world.app("bot"), { description: "Helps" });
    await settles(world, [bot]);
    const { uuid, document } = await liveOf(world, "App/bot");
    const body = { ...document, description: "by hand", draft: false };
    await world.byHand("PATCH", `/api/apps/${uuid}`, { ...body, config: await rawConfig(world, uuid) });
    expect(leftIn(await world.plan([bot]))).toEqual([expect.stringContaining("by hand")]);
    expect(await settles(world, [bot])).toEqual(["update App/bot: done"]);
  });

  it("touches nothing that is not its own", async () => {
    const world = await open();
    const byHand = await world.appByHand("bot");
    expect(leftIn(await world.plan([world.app("bot")]))).toEqual([expect.stringMatching(/^hold unmanaged App\/bot/u)]);
    expect(troubleIn(await world.sync([world.app("bot", { greeting: "Hey" })], { adopt: true }))).toEqual([]);
    expect(await liveOf(world, "App/bot")).toMatchObject({ uuid: byHand });
    const foreign = await world.plan([world.app("bot")], { set: `${world.set}-other` });
    expect(leftIn(foreign)).toEqual([expect.stringMatching(/^hold owned App\/bot/u)]);
    const pruned = await world.plan([world.app("other")], { set: `${world.set}-other`, prune: true });
    expect(pruned.changes.filter(({ op }) => op === "prune")).toEqual([]);
  });

  it("prunes what no manifest names any more, and only that", async () => {
    const world = await open();
    const stranger = await world.appByHand("stranger");
    await settles(world, [world.app("one"), world.app("two"), world.app("three"), world.app("four")]);
    const left = [world.app("one"), world.app("two"), world.app("three")];
    expect(troubleIn(await world.sync(left, { prune: true }))).toEqual([]);
    const names = (await world.ownApps()).map(({ name }) => name).toSorted();
    expect(names).toEqual(["one", "stranger", "three", "two"].map((name) => world.named(name)));
    expect((await world.apps()).map(({ uuid }) => uuid)).toContain(stranger);
  });
});

/** The config as it is stored, with the mark, as an editor sends it back. */
async function rawConfig(world: ContractWorld, uuid: string): Promise<unknown> {
  const { json } = await world.byHand("GET", `/api/apps/${uuid}`);
  return (json as { readonly data: { readonly config: unknown } }).data.config;
}
