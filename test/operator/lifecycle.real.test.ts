import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createServer } from "../../src/server/create-server.ts";
import { listen } from "../../src/server/listen.ts";
import { type ByHand, byHand } from "../support/llmstack-by-hand.ts";
import {
  appDocument,
  isReadyNow,
  type OperatorWorld,
  reasonIs,
  serverDocument,
  startOperatorWorld,
  textsDocument,
} from "../support/operator-world.ts";
import { TOKEN } from "../support/server-requests.ts";

let world: OperatorWorld;
let hand: ByHand;

beforeAll(async () => {
  world = await startOperatorWorld();
  hand = byHand(world.llmstackUrl);
  await world.startOperator();
});

afterAll(() => world.close());

describe("a deleted resource", () => {
  it("leaves its object with deletionPolicy Orphan", async () => {
    const space = await world.namespace("del-orphan");
    await space.apply(appDocument("orphan", {}, { deletionPolicy: "Orphan" }));
    await space.until("App/orphan", isReadyNow);
    await space.delete("App/orphan");
    await space.gone("App/orphan");
    expect(await hand.names("apps")).toContain("orphan");
    expect(await space.heard("orphan", "Orphaned: ")).toBeDefined();
  });

  it("stays while it is protected, and goes when it no longer is", async () => {
    const space = await world.namespace("del-protect");
    await space.apply({
      ...appDocument("guarded"),
      metadata: { name: "guarded", annotations: { "llmstack.ai/protect": "true" } },
    });
    await space.until("App/guarded", isReadyNow);
    await space.delete("App/guarded");
    await space.until("App/guarded", reasonIs("Protected"));
    expect(await hand.names("apps")).toContain("guarded");
    await space.annotate("App/guarded", "llmstack.ai/protect", "false");
    await space.gone("App/guarded");
    expect(await hand.names("apps")).not.toContain("guarded");
  });

  it("stays while somebody else's entries are in it", async () => {
    const space = await world.namespace("del-foreign");
    await space.apply(textsDocument("shared-docs", [{ name: "a", content: "One." }]));
    const { uuid } = await space.until("Datasource/shared-docs", isReadyNow);
    await hand.send("POST", `datasources/${uuid}/entries`, { entry_data: { name: "b", content: "Two." } });
    await space.delete("Datasource/shared-docs");
    await space.until("Datasource/shared-docs", reasonIs("ForeignEntries"));
    expect(await hand.names("datasources")).toContain("shared-docs");
  });

  it("that has no mark and no entries is deleted where the operator made it, and left where it did not", async () => {
    await hand.send("POST", "datasources", { name: "found-docs", type: "text" });
    const space = await world.namespace("del-markless");
    await space.apply(textsDocument("own-docs", []), textsDocument("found-docs", []));
    expect((await space.until("Datasource/own-docs", isReadyNow)).status["created"]).toBe(true);
    expect((await space.until("Datasource/found-docs", isReadyNow)).status["created"]).toBeUndefined();
    await space.delete("Datasource/own-docs", "Datasource/found-docs");
    await space.gone("Datasource/own-docs");
    await space.gone("Datasource/found-docs");
    expect(await hand.names("datasources")).not.toContain("own-docs");
    expect(await hand.names("datasources")).toContain("found-docs");
  });

  it("goes together with what refers to it", async () => {
    const space = await world.namespace("del-refs");
    const processors = [
      {
        id: "_inputs1",
        provider_slug: "promptly",
        processor_slug: "text_chat",
        input: {},
        config: { datasource: [{ $ref: "Datasource/ref-docs" }] },
      },
    ];
    const definition = { name: "ref-bot", type_slug: "web", processors };
    // The app first: it waits for what it refers to.
    await space.apply(appDocument("ref-bot", {}, { definition }), textsDocument("ref-docs", []));
    await space.until("App/ref-bot", isReadyNow);
    await space.delete("Datasource/ref-docs");
    await space.until("Datasource/ref-docs", reasonIs("Referenced"));
    await space.delete("App/ref-bot");
    await space.gone("App/ref-bot");
    await space.gone("Datasource/ref-docs");
    expect(await hand.names("datasources")).not.toContain("ref-docs");
  });

  it("goes with a namespace and everything in it, the token too", async () => {
    const space = await world.namespace("del-space");
    await space.apply(appDocument("space-bot"), textsDocument("space-docs", [{ name: "a", content: "One." }]));
    await space.until("App/space-bot", isReadyNow);
    await space.until("Datasource/space-docs", isReadyNow);
    await world.plane.kubectl(["delete", "namespace", "del-space", "--timeout=90s"]);
    expect(await hand.names("apps")).not.toContain("space-bot");
    expect(await hand.names("datasources")).not.toContain("space-docs");
  });
});

describe("a server that is away", () => {
  it("says so on everything, keeps deletions waiting, and goes on when it is back", async () => {
    const away = createServer({ dialect: "doc", token: TOKEN });
    const first = await listen(away, { host: "127.0.0.1", port: 0 });
    const port = Number(new URL(first.url).port);
    const space = await world.namespace("server-away", serverDocument(first.url));
    await space.apply(appDocument("away-bot"), appDocument("away-other"));
    await space.until("App/away-bot", isReadyNow);
    await space.until("App/away-other", isReadyNow);
    await first.close();
    await space.apply(appDocument("away-bot", { welcome_message: "Anybody?" }));
    await space.until("App/away-bot", reasonIs("ServerUnavailable"));
    await space.until("App/away-other", reasonIs("ServerUnavailable"));
    await space.until("Server/default", reasonIs("Unreachable"));
    await space.delete("App/away-other");
    await space.until("App/away-other", reasonIs("DeletionBlocked"));
    const again = await listen(away, { host: "127.0.0.1", port });
    await space.annotate("Server/default", "llmstack.ai/reconcile-requested-at", "now");
    await space.until("App/away-bot", isReadyNow);
    await space.gone("App/away-other");
    expect(away.journal().filter(({ method }) => method === "DELETE")).toHaveLength(1);
    await again.close();
    away.close();
  });

  it("lets a resource go by force, and says what it leaves", async () => {
    const lost = createServer({ dialect: "doc", token: TOKEN });
    const listening = await listen(lost, { host: "127.0.0.1", port: 0 });
    const space = await world.namespace("server-lost", serverDocument(listening.url));
    await space.apply(appDocument("lost-bot"));
    const { uuid } = await space.until("App/lost-bot", isReadyNow);
    await listening.close();
    lost.close();
    await space.delete("App/lost-bot");
    await space.until("App/lost-bot", reasonIs("DeletionBlocked"));
    await space.annotate("App/lost-bot", "llmstack.ai/force-delete", "true");
    await space.gone("App/lost-bot");
    expect(await space.heard("lost-bot", `${uuid} stays on ${listening.url}`)).toBeDefined();
  });

  it("is kept while it is in use, and goes with its last user", async () => {
    const space = await world.namespace("server-used");
    await space.apply(appDocument("used-bot"));
    await space.until("App/used-bot", isReadyNow);
    await space.delete("Server/default");
    await space.until("Server/default", reasonIs("InUse"));
    await space.delete("App/used-bot");
    await space.gone("App/used-bot");
    await space.gone("Server/default");
    expect(await hand.names("apps")).not.toContain("used-bot");
  });

  it("is told apart from one that replaces it, until somebody agrees", async () => {
    const other = createServer({ dialect: "doc", token: TOKEN });
    const listening = await listen(other, { host: "127.0.0.1", port: 0 });
    const space = await world.namespace("server-moves");
    await space.apply(appDocument("moving-bot"));
    await space.until("App/moving-bot", isReadyNow);
    const { object } = (await space.get("Server/default")) ?? { object: undefined };
    await space.apply(serverDocument(listening.url));
    const now = await space.until("App/moving-bot", reasonIs("ServerChanged"));
    expect(now.condition("Stalled").status).toBe("True");
    expect(other.journal().filter(({ method }) => method === "POST")).toEqual([]);
    await space.annotate("App/moving-bot", "llmstack.ai/accept-server", object?.metadata.uid ?? "");
    const moved = await space.until("App/moving-bot", isReadyNow);
    expect(moved.status["server"]).toMatchObject({ url: listening.url });
    expect(await hand.names("apps")).toContain("moving-bot");
    expect(JSON.stringify(moved.object.metadata)).not.toContain('"llmstack.ai/accept-server":');
    await space.delete("App/moving-bot");
    await space.gone("App/moving-bot");
    await listening.close();
    other.close();
  });
});
