import { expect, it } from "vitest";
import { kinds } from "../../src/kinds/index.ts";
import type { Resource } from "../../src/model/resource.ts";
import { classifyDrift } from "../../src/plan/drift.ts";
import {
  type ContractWorld,
  liveOf,
  onEveryReferenceServer,
  onEveryServer,
  withDocument,
} from "../support/contract.ts";
import { leftIn, troubleIn } from "../support/dialect-world.ts";

/** Saves as LLMStack's editor does: the whole app as a draft, with what somebody changed in it. */
async function saveDraft(world: ContractWorld, uuid: string, changes: object): Promise<void> {
  const { json } = await world.byHand("GET", `/api/apps/${uuid}`);
  const { data } = json as { readonly data: object };
  const { status, text } = await world.byHand("PATCH", `/api/apps/${uuid}`, { ...data, ...changes, draft: true });
  if (status !== 201) throw new Error(`${status} ${text}`);
}

async function withApp(
  open: () => Promise<ContractWorld>,
): Promise<{ readonly world: ContractWorld; readonly bot: Resource; readonly uuid: string }> {
  const world = await open();
  const bot = withDocument(world.app("bot"), { description: "ours" });
  expect(troubleIn(await world.sync([bot]))).toEqual([]);
  return { world, bot, uuid: (await liveOf(world, "App/bot")).uuid };
}

function keepsDrafts({ client }: ContractWorld): boolean {
  return client.rules.capabilities.versions;
}

onEveryServer((open) => {
  it("leaves somebody's draft alone, overwrites it with --discard-drafts, and plans nothing more then", async ({
    skip,
  }) => {
    const { world, bot, uuid } = await withApp(open);
    skip(!keepsDrafts(world), "keeps no drafts");
    await saveDraft(world, uuid, { description: "a draft" });
    const newer = withDocument(world.app("bot"), { description: "newer" });
    expect(leftIn(await world.plan([newer]))).toEqual([expect.stringMatching(/^hold draft App\/bot/u)]);
    await world.sync([newer]);
    expect((await liveOf(world, "App/bot")).document).toMatchObject({ description: "a draft" });
    expect(troubleIn(await world.sync([newer], { discardDrafts: true }))).toEqual([]);
    expect(leftIn(await world.plan([newer]))).toEqual([]);
    expect(await liveOf(world, "App/bot")).toMatchObject({ document: { description: "newer" }, hasLiveVersion: true });
    expect(troubleIn(await world.sync([bot]))).toEqual([]);
  });

  it("tells of a draft beside what is as it should be, where the server keeps both", async ({ skip }) => {
    const { world, bot, uuid } = await withApp(open);
    skip(!keepsDrafts(world), "keeps no drafts");
    await saveDraft(world, uuid, { description: "a draft" });
    const { hasLiveVersion } = await liveOf(world, "App/bot");
    skip(hasLiveVersion === false, "a draft takes the place of what runs");
    const plan = await world.plan([bot]);
    expect([leftIn(plan), plan.notes.map(({ code }) => code)]).toEqual([[], ["draft/waiting"]]);
  });

  it("waits where somebody's draft took down what ran", async ({ skip }) => {
    const { world, bot, uuid } = await withApp(open);
    skip(!keepsDrafts(world), "keeps no drafts");
    await saveDraft(world, uuid, { description: "a draft" });
    const { hasLiveVersion } = await liveOf(world, "App/bot");
    skip(hasLiveVersion !== false, "a draft stands beside what runs");
    expect(leftIn(await world.plan([bot]))).toEqual([expect.stringMatching(/^hold draft App\/bot.*nothing runs/u)]);
  });

  it("publishes again what a draft of the same took down", async ({ skip }) => {
    const { world, bot, uuid } = await withApp(open);
    skip(!keepsDrafts(world), "keeps no drafts");
    await saveDraft(world, uuid, {});
    expect(troubleIn(await world.sync([bot]))).toEqual([]);
    expect(leftIn(await world.plan([bot]))).toEqual([]);
    expect(await liveOf(world, "App/bot")).toMatchObject({ hasLiveVersion: true });
  });

  it("finds an edit that hides behind a draft which looks as wanted, where it is told to look", async ({ skip }) => {
    const { world, bot, uuid } = await withApp(open);
    skip(!keepsDrafts(world), "keeps no drafts");
    const { json } = await world.byHand("GET", `/api/apps/${uuid}`);
    const { data } = json as { readonly data: { readonly description: string } };
    await world.byHand("PATCH", `/api/apps/${uuid}`, { ...data, description: "by hand", draft: false });
    await saveDraft(world, uuid, { description: "ours" });
    const [plan, looking] = [await world.plan([bot]), await world.plan([bot], {}, { versionReads: "everywhere" })];
    const { hasLiveVersion } = await liveOf(world, "App/bot");
    skip(hasLiveVersion === false, "a draft takes the place of what runs");
    expect(leftIn(plan)).toEqual([]);
    expect(leftIn(looking)).toEqual([expect.stringContaining("by hand")]);
    expect(troubleIn(await world.apply(looking))).toEqual([]);
    expect(leftIn(await world.plan([bot], {}, { versionReads: "everywhere" }))).toEqual([]);
  });

  it("tells what somebody changed from what the manifests changed, by what it wrote last", async ({ skip }) => {
    const world = await open();
    skip(!world.client.rules.capabilities.mintsVersions, "keeps no history");
    const bot = withDocument(world.app("bot", { greeting: "Hello" }), { description: "ours" });
    await world.sync([bot]);
    const { uuid } = await liveOf(world, "App/bot");
    const { json } = await world.byHand("GET", `/api/apps/${uuid}`);
    const { data } = json as { readonly data: object };
    await world.byHand("PATCH", `/api/apps/${uuid}`, { ...data, description: "by hand", draft: false });
    const newer = withDocument(world.app("bot", { greeting: "Hey" }), { description: "ours" });
    const plan = await world.plan([newer], {}, { versionReads: "everywhere" });
    const [change] = classifyDrift(plan, kinds).changes;
    const classes = change?.fields.map(({ field, class: name }) => [field.pointer, name]) ?? [];
    expect(classes).toEqual([
      ["/config/welcome_message", "pending"],
      ["/description", "drift"],
      ["/x-llmstack-sync/sha256", "pending"],
    ]);
  });

  it("stands by the original where somebody duplicated an app", async ({ skip }) => {
    const { world, uuid } = await withApp(open);
    skip(!keepsDrafts(world), "keeps no history");
    const { json } = await world.byHand("GET", `/api/apps/${uuid}`);
    const { data } = json as { readonly data: object };
    const copy = await world.byHand("POST", "/api/apps", data);
    expect(copy.status).toBe(201);
    const newer = withDocument(world.app("bot"), { description: "newer" });
    const plan = await world.plan([newer]);
    expect(leftIn(plan)).toEqual([
      expect.stringMatching(/^update App\/bot/u),
      expect.stringMatching(new RegExp(`^hold copy App/bot.*${copy.uuid}`, "u")),
    ]);
    await world.apply(plan);
    const live = await world.ownApps();
    expect(live.find((app) => app.uuid === uuid)?.document).toMatchObject({ description: "newer" });
    expect(live.find((app) => app.uuid === copy.uuid)?.document).toMatchObject({ description: "ours" });
  });
});

onEveryReferenceServer((open) => {
  it("what somebody saved since the plan is not overwritten", async ({ skip }) => {
    const { world, uuid } = await withApp(open);
    skip(!keepsDrafts(world), "keeps no drafts");
    const plan = await world.plan([withDocument(world.app("bot"), { description: "newer" })]);
    await saveDraft(world, uuid, { description: "a draft" });
    world.reference?.requests();
    expect(troubleIn(await world.apply(plan))).toEqual([expect.stringMatching(/^update App\/bot: stale/u)]);
    expect(world.reference?.requests().filter((request) => !request.startsWith("GET"))).toEqual([]);
  });

  it("a draft that was to be overwritten and was published meanwhile is not", async ({ skip }) => {
    const { world, uuid } = await withApp(open);
    skip(!keepsDrafts(world), "keeps no drafts");
    await saveDraft(world, uuid, { description: "a draft" });
    const newer = withDocument(world.app("bot"), { description: "newer" });
    const plan = await world.plan([newer], { discardDrafts: true });
    const { json } = await world.byHand("GET", `/api/apps/${uuid}`);
    await world.byHand("PATCH", `/api/apps/${uuid}`, { ...(json as { readonly data: object }).data, draft: false });
    expect(troubleIn(await world.apply(plan))).toEqual([expect.stringMatching(/^update App\/bot: stale/u)]);
  });
});
