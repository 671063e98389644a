import { expect, it } from "vitest";
import { isJsonObject, type JsonObject } from "../../src/model/json.ts";
import type { LiveResource } from "../../src/model/live.ts";
import { type Resource, resourceKey } from "../../src/model/resource.ts";
import { Reference, type TemplateObject } from "../../src/model/template.ts";
import {
  type ContractWorld,
  liveOf,
  onEveryReferenceServer,
  onEveryServer,
  withDocument,
} from "../support/contract.ts";
import { leftIn, troubleIn } from "../support/dialect-world.ts";

function callingApp(world: ContractWorld, name: string, callee: string): Resource {
  const key = resourceKey("App", callee);
  const processor: TemplateObject = {
    id: "_inputs1",
    provider_slug: "promptly",
    processor_slug: "promptly_app",
    input: { input: {} },
    config: { promptly_app: new Reference(key, "app") },
  };
  const app = world.app(name);
  return { ...app, document: { ...app.document, processors: [processor] }, dependsOn: [key] };
}

/** What a caller says of its callee on the wire. */
function calleeIn({ document }: LiveResource): JsonObject {
  const [processor] = document["processors"] as readonly { readonly config: { readonly promptly_app: string } }[];
  const said: unknown = JSON.parse(processor?.config.promptly_app ?? "{}");
  if (!isJsonObject(said)) throw new Error("names no callee");
  return said;
}

async function settle(world: ContractWorld, wanted: readonly Resource[]): Promise<void> {
  expect(troubleIn(await world.sync(wanted))).toEqual([]);
  expect(leftIn(await world.plan(wanted))).toEqual([]);
}

/** The number of what runs, where there are numbers. */
async function versionOf({ client }: ContractWorld, uuid: string): Promise<number | undefined> {
  if (!client.rules.capabilities.versions) return undefined;
  return (await client.versions(uuid, new AbortController().signal)).live?.version;
}

onEveryServer((open) => {
  it("an app calls what runs of another, and is renewed in the plan that changes that", async () => {
    const world = await open();
    const inputs = { input_fields: [{ name: "question", title: "Question", type: "string" }] };
    const callee = withDocument(world.app("callee"), inputs);
    const wanted = (greeting: string): readonly Resource[] => [
      callingApp(world, "outer", "caller"),
      callingApp(world, "caller", "callee"),
      withDocument(callee, { config: { welcome_message: greeting } }),
    ];
    for (const greeting of ["Hello", "Hey", "Hi"]) {
      await settle(world, wanted(greeting));
      const [live, caller] = [await liveOf(world, "App/callee"), await liveOf(world, "App/caller")];
      expect(calleeIn(caller)).toMatchObject({ promptly_app_uuid: live.uuid });
      expect(calleeIn(caller)["promptly_app_version"]).toBe(await versionOf(world, live.uuid));
      expect(calleeIn(await liveOf(world, "App/outer"))["promptly_app_version"]).toBe(
        await versionOf(world, caller.uuid),
      );
    }
  });

  it("an app is renewed where somebody published what it calls", async ({ skip }) => {
    const world = await open();
    skip(!world.client.rules.capabilities.mintsVersions, "has no number to go stale");
    const wanted = [callingApp(world, "caller", "callee"), withDocument(world.app("callee"), { description: "ours" })];
    await settle(world, wanted);
    const { uuid } = await liveOf(world, "App/callee");
    const { json } = await world.byHand("GET", `/api/apps/${uuid}`);
    await world.byHand("PATCH", `/api/apps/${uuid}`, { ...(json as { readonly data: object }).data, draft: false });
    expect(leftIn(await world.plan(wanted))).toEqual([expect.stringMatching(/^update App\/caller/u)]);
    await settle(world, wanted);
    expect(calleeIn(await liveOf(world, "App/caller"))["promptly_app_version"]).toBe(await versionOf(world, uuid));
  });

  it("a replaced app takes its callers with it", async ({ skip }) => {
    const world = await open();
    const { fixed = [] } = world.client.rules.capabilities.kinds["App"] ?? {};
    skip(!fixed.includes("/type_slug"), "replaces no app");
    const caller = callingApp(world, "caller", "callee");
    await settle(world, [caller, world.app("callee")]);
    const old = await liveOf(world, "App/callee");
    const web = withDocument({ ...world.app("callee"), type: "web" }, { type_slug: "web" });
    expect(troubleIn(await world.sync([caller, web], { allowReplace: true }))).toEqual([]);
    expect(leftIn(await world.plan([caller, web]))).toEqual([]);
    const now = await liveOf(world, "App/callee");
    expect(now.uuid).not.toBe(old.uuid);
    expect(calleeIn(await liveOf(world, "App/caller"))).toMatchObject({ promptly_app_uuid: now.uuid });
  });

  it("a connection is found by its name, and by nothing else that the server says of it", async ({ skip }) => {
    const world = await open();
    const uses = (name: string): Resource => {
      const app = world.app("bot");
      const id = new Reference(resourceKey("Connection", world.named(name)), "connection");
      return { ...app, document: { ...app.document, config: { connection_id: id } } };
    };
    const body = {
      name: world.named("mail"),
      connection_type_slug: "web_login",
      provider_slug: "promptly",
      configuration: {},
    };
    const made = await world.byHand("POST", "/api/connections", { ...body, base_connection_type: "browser_login" });
    skip(made.status >= 300, "has no connections");
    const { id } = made.json as { readonly id: string };
    expect(leftIn(await world.plan([uses("post")]))).toEqual([
      expect.stringMatching(/^hold connection App\/bot: No connection is named ".*post"\. There are: .*mail/u),
    ]);
    await settle(world, [uses("mail")]);
    expect((await liveOf(world, "App/bot")).document["config"]).toEqual({ connection_id: id });
    await world.byHand("DELETE", `/api/connections/${id}`);
  });
});

onEveryReferenceServer((open) => {
  it("a caller waits where its callee failed", async () => {
    const world = await open();
    await settle(world, [callingApp(world, "caller", "callee"), world.app("callee")]);
    const { uuid } = await liveOf(world, "App/callee");
    const wanted = [
      withDocument(callingApp(world, "caller", "callee"), { description: "newer" }),
      world.app("callee", { greeting: "Hey" }),
    ];
    const plan = await world.plan(wanted);
    world.reference.intercept(({ method, url }) =>
      method === "PATCH" && url.endsWith(uuid) ? Response.json({ detail: "no" }, { status: 400 }) : undefined,
    );
    expect(troubleIn(await world.apply(plan))).toEqual([
      expect.stringMatching(/^update App\/callee: failed/u),
      expect.stringMatching(/^update App\/caller: blocked/u),
    ]);
  });
});
