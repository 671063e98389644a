import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CliProcess } from "../support/cli-process.ts";
import { isWrite } from "../support/kube/audit-log.ts";
import {
  appDocument,
  isReadyNow,
  type OperatorWorld,
  reasonIs,
  secretDocument,
  serverDocument,
  startOperatorWorld,
  textsDocument,
} from "../support/operator-world.ts";

const NEVER = new AbortController().signal;
const APP = { group: "llmstack.ai", version: "v1alpha1", plural: "apps", kind: "App", namespaced: true };
import { page, wireServer } from "../support/wire-server.ts";

let world: OperatorWorld;
let operator: CliProcess;

beforeAll(async () => {
  world = await startOperatorWorld();
  operator = await world.startOperator();
});

afterAll(() => world.close());

describe("a status", () => {
  it("says from the first moment that nothing is known yet, and costs one write until all is true", async () => {
    const space = await world.namespace("status-first");
    const metadata = { name: "new-bot", namespace: space.name };
    const made = await world.kube.create(APP, { ...appDocument("new-bot"), metadata }, NEVER);
    expect(made["status"]).toMatchObject({
      observedGeneration: -1,
      conditions: [
        { type: "Ready", status: "Unknown", message: "No operator has looked at it yet." },
        { type: "Reconciling", status: "True" },
      ],
    });
    const { status } = await space.until("App/new-bot", isReadyNow);
    expect(JSON.stringify(status)).not.toContain("1970-01-01");
    const writes = (await world.plane.auditLog()).filter((event) => isWrite(event) && event.name === "new-bot");
    const patches = writes.flatMap(({ verb, resource }) => (verb === "patch" ? resource : []));
    expect(patches).toEqual(["apps", "apps/status"]);
  });

  it("says which object it is, where, and what was done", async () => {
    const shop = await world.namespace("status-shop");
    await shop.apply(appDocument("shop-bot"));
    const now = await shop.until("App/shop-bot", isReadyNow);
    expect(now.status).toMatchObject({
      observedGeneration: 1,
      created: true,
      server: { name: "default", kind: "Server" },
    });
    expect(now.condition("Stalled").status).toBe("False");
    expect(now.condition("Reconciling").status).toBe("False");
    expect(await shop.heard("shop-bot", "Created: ")).toBeDefined();
    await shop.apply(appDocument("shop-bot", { welcome_message: "Good day" }));
    const next = await shop.until("App/shop-bot", ({ status }) => status["observedGeneration"] === 2);
    expect(next.status["uuid"]).toBe(now.status["uuid"]);
    expect(next.status["history"]).toMatchObject([{ op: "update" }, { op: "create" }]);
    expect(await shop.heard("shop-bot", '"Hello" -> "Good day"')).toBeDefined();
  });

  it.each([
    {
      says: "an invalid spec, by pointer, and stalls",
      name: "status-invalid",
      spec: { definition: { name: "x", type_slug: "web", nmae: "y" } },
      reason: "InvalidSpec",
      message: "/spec/definition/nmae",
      stalled: "True",
    },
    {
      says: "a directive that has no meaning here",
      name: "status-env",
      spec: { definition: { name: "x", type_slug: "web", config: { a: { $env: "HOME" } } } },
      reason: "DirectiveNotInCluster",
      message: "$env",
      stalled: "True",
    },
    {
      says: "a Secret that is missing, and waits",
      name: "status-secret",
      spec: { definition: { name: "x", type_slug: "web", config: { a: { $secret: { name: "keys", key: "a" } } } } },
      reason: "SecretNotFound",
      message: "There is no Secret keys",
      stalled: "False",
    },
    {
      says: "a reference to what is not there, and waits",
      name: "status-ref",
      spec: {
        definition: {
          name: "x",
          type_slug: "web",
          processors: [
            {
              id: "_inputs1",
              provider_slug: "promptly",
              processor_slug: "text_chat",
              input: {},
              config: { datasource: [{ $ref: "Datasource/docs" }] },
            },
          ],
        },
      },
      reason: "DependencyNotReady",
      message: "Datasource/docs",
      stalled: "False",
    },
    {
      says: "a server that is not there, and waits",
      name: "status-server",
      spec: { serverRef: { name: "other" } },
      reason: "ServerNotFound",
      message: "There is no Server other",
      stalled: "False",
    },
  ])("names $says", async ({ name, spec, reason, message, stalled }) => {
    const space = await world.namespace(name);
    await space.apply(appDocument("bot", {}, spec));
    const now = await space.until("App/bot", reasonIs(reason));
    expect(now.condition("Ready").message).toContain(message);
    expect(now.condition("Stalled").status).toBe(stalled);
    expect(await space.heard("bot", `${reason}: `)).toBeDefined();
  });

  it("becomes ready by itself when what was missing comes", async () => {
    const space = await world.namespace("status-comes");
    const config = { a: { $secret: { name: "keys", key: "a" } } };
    await space.apply(appDocument("late-bot", config));
    await space.until("App/late-bot", reasonIs("SecretNotFound"));
    await space.apply(secretDocument("keys", { b: "none" }));
    await space.until("App/late-bot", (now) => now.condition("Ready").message.includes("no key a"));
    await space.apply(secretDocument("keys", { a: "one" }));
    const now = await space.until("App/late-bot", isReadyNow);
    expect(now.status["refs"]).toMatchObject([{ kind: "Secret", name: "keys" }]);
  });

  it("of what is not to be tried again waits for a change, and keeps nobody else waiting", async () => {
    const shop = await world.namespace("status-patient");
    await shop.apply(appDocument("patient-bot", {}, { serverRef: { name: "later" }, retryInterval: "0" }));
    await shop.until("App/patient-bot", reasonIs("ServerNotFound"));
    await operator.until(/"name":"patient-bot".*waits for a change/u);
    await shop.apply(appDocument("next-bot"));
    await shop.until("App/next-bot", isReadyNow);
    await shop.apply(serverDocument(world.llmstackUrl, {}, "later"));
    const now = await shop.until("App/patient-bot", isReadyNow);
    expect(now.status["server"]).toMatchObject({ name: "later" });
  });

  it("stays as it was while the resource is suspended, and deletion is honoured", async () => {
    const space = await world.namespace("status-suspend");
    await space.apply(appDocument("still-bot"));
    await space.until("App/still-bot", isReadyNow);
    await space.apply(appDocument("still-bot", { welcome_message: "Never sent" }, { suspend: true }));
    const now = await space.until("App/still-bot", (seen) => seen.condition("Suspended").status === "True");
    expect(now.condition("Ready").status).toBe("True");
    await space.delete("App/still-bot");
    await space.gone("App/still-bot");
  });
});

it("a Server is not ready because something answers at its address", async () => {
  const { url } = await wireServer((_, response) => page(response, 404));
  const space = await world.namespace("status-page", serverDocument(url));
  const now = await space.until("Server/default", (seen) => seen.condition("Ready").status === "False");
  expect(now.condition("Ready").reason).toBe("Unsupported");
  expect(now.condition("Ready").message).toContain("GET /api/datasources answered 404");
});

it("nothing is written to either side in 50 idle looks", async () => {
  const space = await world.namespace("status-idle");
  await space.apply(appDocument("idle-bot"), textsDocument("idle-docs", [{ name: "a", content: "One." }]));
  await space.until("App/idle-bot", isReadyNow);
  await space.until("Datasource/idle-docs", isReadyNow);
  // Events of the beginning are written behind.
  await setTimeout(2_000);
  const writesNow = async (): Promise<readonly string[]> =>
    (await world.plane.auditLog())
      .filter((event) => isWrite(event) && event.namespace === space.name)
      .map(({ verb, resource, name }) => `${verb} ${resource} ${name}`)
      .filter((write) => !/^patch (?:apps|datasources) /u.test(write));
  const before = await writesNow();
  const sentBefore = world.writes().length;
  const looked = (): number => world.llmstack.journal().filter(({ path }) => path.endsWith("/entries")).length;
  for (let look = 1; look <= 50; look += 1) {
    const seen = looked();
    await space.annotate("App/idle-bot", "test/look", `${look}`);
    await space.annotate("Datasource/idle-docs", "test/look", `${look}`);
    while (looked() === seen) await setTimeout(20);
  }
  await setTimeout(1_000);
  expect(world.writes()).toHaveLength(sentBefore);
  expect((await writesNow()).slice(before.length)).toEqual([]);
}, 300_000);
