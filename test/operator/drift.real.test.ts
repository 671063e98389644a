import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLUSTER_SERVER } from "../../src/operator/resources/resource-kinds.ts";
import { type ByHand, byHand } from "../support/llmstack-by-hand.ts";
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
import { TOKEN } from "../support/server-requests.ts";

const NEVER = new AbortController().signal;
let world: OperatorWorld;
let hand: ByHand;

beforeAll(async () => {
  world = await startOperatorWorld();
  hand = byHand(world.llmstackUrl);
  await world.startOperator();
});

afterAll(() => world.close());

describe("drift", () => {
  it("is corrected, with an event that shows it", async () => {
    const space = await world.namespace("drift-correct");
    await space.apply(appDocument("kept-bot"));
    const { uuid } = await space.until("App/kept-bot", isReadyNow);
    await hand.tune(uuid, { welcome_message: "By hand" });
    await space.annotate("App/kept-bot", "llmstack.ai/reconcile-requested-at", "one");
    await space.until("App/kept-bot", (now) => now.status["lastHandledReconcileAt"] === "one");
    expect((await hand.configOf(uuid))["welcome_message"]).toBe("Hello");
    expect(await space.heard("kept-bot", "DriftCorrected: ")).toMatch(/^DriftCorrected: .*"By hand" -> "Hello"/u);
  });

  it("is told once and left alone with drift: warn", async () => {
    const space = await world.namespace("drift-warn");
    await space.apply(appDocument("warned-bot", {}, { drift: "warn" }));
    const { uuid } = await space.until("App/warned-bot", isReadyNow);
    await hand.tune(uuid, { welcome_message: "By hand" });
    for (const look of ["one", "two"]) {
      await space.annotate("App/warned-bot", "llmstack.ai/reconcile-requested-at", look);
      await space.until("App/warned-bot", (now) => now.status["lastHandledReconcileAt"] === look);
    }
    const now = await space.until("App/warned-bot", (seen) => seen.condition("Drifted").status === "True");
    expect(now.status["drift"]).toMatchObject({ paths: ["/config/welcome_message"] });
    expect(now.condition("Ready").status).toBe("True");
    expect((await hand.configOf(uuid))["welcome_message"]).toBe("By hand");
    const told = (await space.events("warned-bot")).filter((event) => event.startsWith("DriftDetected: "));
    expect(told).toHaveLength(1);
    // A change of the manifest is carried out all the same.
    await space.apply(appDocument("warned-bot", { welcome_message: "New" }, { drift: "warn" }));
    await space.until("App/warned-bot", (seen) => seen.condition("Drifted").status === "False" && isReadyNow(seen));
    expect((await hand.configOf(uuid))["welcome_message"]).toBe("New");
  });

  it("is neither told nor corrected with drift: ignore", async () => {
    const space = await world.namespace("drift-left");
    await space.apply(appDocument("left-bot", {}, { drift: "ignore" }));
    const { uuid } = await space.until("App/left-bot", isReadyNow);
    await hand.tune(uuid, { welcome_message: "By hand" });
    const sent = world.writes().length;
    await space.annotate("App/left-bot", "llmstack.ai/reconcile-requested-at", "one");
    const now = await space.until("App/left-bot", (seen) => seen.status["lastHandledReconcileAt"] === "one");
    expect(now.condition("Ready").status).toBe("True");
    expect(now.condition("Drifted").status).toBe("False");
    expect(world.writes()).toHaveLength(sent);
    // A change of the manifest is carried out all the same, and the event of it comes behind what was not told.
    await space.apply(appDocument("left-bot", { welcome_message: "New" }, { drift: "ignore" }));
    expect(await space.heard("left-bot", "Updated: ")).toContain('-> "New"');
    expect((await hand.configOf(uuid))["welcome_message"]).toBe("New");
    expect((await space.events("left-bot")).join("\n")).not.toContain("Drift");
  });

  it("is nothing at places that the manifest leaves to people", async () => {
    const space = await world.namespace("drift-ignore");
    const spec = { driftIgnore: ["/config/theme"] };
    await space.apply(appDocument("tuned-bot", { theme: "light" }, spec));
    const { uuid } = await space.until("App/tuned-bot", isReadyNow);
    await hand.tune(uuid, { theme: "dark" });
    const sent = world.writes().length;
    await space.annotate("App/tuned-bot", "llmstack.ai/reconcile-requested-at", "one");
    await space.until("App/tuned-bot", (now) => now.status["lastHandledReconcileAt"] === "one");
    expect(world.writes()).toHaveLength(sent);
  });
});

describe("a secret", () => {
  it("that is rotated is written again, deleted it is missed, and it is in no output", async () => {
    const space = await world.namespace("secret-rotates");
    await space.apply(secretDocument("keys", { a: "canary-one-1111" }));
    await space.apply(appDocument("secret-bot", { greeting_key: { $secret: { name: "keys", key: "a" } } }));
    const { uuid } = await space.until("App/secret-bot", isReadyNow);
    const valueNow = async (): Promise<unknown> => (await hand.configOf(uuid))["greeting_key"];
    expect(await valueNow()).toBe("canary-one-1111");
    await space.apply(secretDocument("keys", { a: "canary-two-2222" }));
    while ((await valueNow()) !== "canary-two-2222") await setTimeout(50);
    await space.delete("Secret/keys");
    await space.until("App/secret-bot", reasonIs("SecretNotFound"));
    expect(await valueNow()).toBe("canary-two-2222");
    await space.apply(secretDocument("keys", { a: "canary-two-2222" }));
    const now = await space.until("App/secret-bot", isReadyNow);
    expect(JSON.stringify([now.object["status"], await space.events("secret-bot")])).not.toContain("canary");
  });

  it("that holds a server's token may be wrong, and is followed when it is right", async () => {
    const space = await world.namespace("secret-token");
    await space.apply(secretDocument("llmstack", { token: "wrong" }));
    await space.until("Server/default", reasonIs("AuthFailed"));
    await space.apply(appDocument("token-bot"));
    await space.until("App/token-bot", reasonIs("AuthFailed"));
    await space.apply(secretDocument("llmstack", { token: TOKEN }));
    await space.until("App/token-bot", isReadyNow);
    expect(await hand.names("apps")).toContain("token-bot");
  });
});

describe("a ClusterServer", () => {
  it("serves the namespaces that it names, and no others", async () => {
    const spec = {
      url: world.llmstackUrl,
      tokenSecretRef: { name: "llmstack", key: "token", namespace: "llmstack-sync" },
      allowedNamespaces: ["team-*"],
    };
    const own = {
      ...secretDocument("llmstack", { token: TOKEN }),
      metadata: { name: "llmstack", namespace: "llmstack-sync" },
    };
    await world.plane.apply(own);
    await world.kube.create(
      CLUSTER_SERVER,
      { apiVersion: "llmstack.ai/v1alpha1", kind: "ClusterServer", metadata: { name: "default" }, spec },
      NEVER,
    );
    const [team, others] = [
      await world.namespace("team-a", secretDocument("unused", { a: "b" })),
      await world.namespace("others-a", secretDocument("unused", { a: "b" })),
    ];
    await team.apply(appDocument("team-bot"));
    await others.apply(appDocument("others-bot"));
    expect((await team.until("App/team-bot", isReadyNow)).status["server"]).toMatchObject({ kind: "ClusterServer" });
    await others.until("App/others-bot", reasonIs("ServerNotAllowed"));
  });
});

describe("two that mean one object", () => {
  it("the older resource keeps it, and the younger touches nothing", async () => {
    const spec = { set: "shared" };
    const first = await world.namespace("claims-a", serverDocument(world.llmstackUrl, spec));
    await first.apply(appDocument("claimed-bot"));
    const { uuid } = await first.until("App/claimed-bot", isReadyNow);
    const second = await world.namespace("claims-b", serverDocument(world.llmstackUrl, spec));
    await second.apply(appDocument("claimed-bot", { welcome_message: "Mine" }));
    const now = await second.until("App/claimed-bot", reasonIs("OwnershipConflict"));
    expect(now.condition("Stalled").status).toBe("True");
    expect((await hand.configOf(uuid))["welcome_message"]).toBe("Hello");
    await second.delete("App/claimed-bot");
    await second.gone("App/claimed-bot");
    expect(await hand.names("apps")).toContain("claimed-bot");
  });

  it("the younger goes and leaves what the older one keeps, where no mark tells them apart", async () => {
    const first = await world.namespace("claims-docs-a");
    await first.apply(textsDocument("claimed-docs", []));
    const { uuid } = await first.until("Datasource/claimed-docs", isReadyNow);
    const second = await world.namespace("claims-docs-b");
    await second.apply(textsDocument("claimed-docs", []));
    await second.until("Datasource/claimed-docs", reasonIs("OwnershipConflict"));
    await second.delete("Datasource/claimed-docs");
    await second.gone("Datasource/claimed-docs");
    expect(await second.heard("claimed-docs", "LeftBehind: ")).toContain("older resource");
    expect(await world.onServer("datasources")).toContainEqual(expect.objectContaining({ uuid }));
  });
});
