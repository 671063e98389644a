import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { type ByHand, byHand } from "../support/llmstack-by-hand.ts";
import {
  appDocument,
  isReadyNow,
  type OperatorWorld,
  reasonIs,
  startOperatorWorld,
  textsDocument,
} from "../support/operator-world.ts";

let world: OperatorWorld;
let hand: ByHand;

beforeAll(async () => {
  world = await startOperatorWorld();
  hand = byHand(world.llmstackUrl);
  await world.startOperator();
});

afterAll(() => world.close());

function asking(name: string, datasource: string): JsonObject {
  const processors = [
    {
      id: "_inputs1",
      provider_slug: "promptly",
      processor_slug: "text_chat",
      input: {},
      config: { datasource: [{ $ref: `Datasource/${datasource}` }] },
    },
  ];
  return appDocument(name, {}, { definition: { name, type_slug: "web", processors } });
}

describe("policies", () => {
  it("leave an unmarked object alone until adopt says otherwise", async () => {
    await hand.send("POST", "apps", { name: "found-bot", type_slug: "web", config: { welcome_message: "By hand" } });
    const space = await world.namespace("policy-adopt");
    await space.apply(appDocument("found-bot"));
    const held = await space.until("App/found-bot", reasonIs("Unmanaged"));
    expect(held.condition("Ready").message).toContain("policies: { adopt: Match }");
    expect(held.condition("Ready").message).not.toContain("--adopt");
    await space.apply(appDocument("found-bot", {}, { policies: { adopt: "Match" } }));
    const { uuid } = await space.until("App/found-bot", isReadyNow);
    expect((await hand.configOf(uuid))["welcome_message"]).toBe("Hello");
    expect((await hand.names("apps")).filter((name) => name === "found-bot")).toHaveLength(1);
    expect(await space.heard("found-bot", "Adopted: ")).toBeDefined();
  });

  it("replace what cannot change only where that is allowed, and follow with what refers to it", async () => {
    const space = await world.namespace("policy-replace");
    await space.apply(textsDocument("moved-docs", []), asking("moved-bot", "moved-docs"));
    const before = await space.until("Datasource/moved-docs", isReadyNow);
    await space.until("App/moved-bot", isReadyNow);
    await expect(space.apply(textsDocument("moved-docs", [], { type: "url" }))).rejects.toThrow("policies.replace");
    await space.apply(textsDocument("moved-docs", [], { type: "url", policies: { replace: "Allow" } }));
    const after = await space.until("Datasource/moved-docs", isReadyNow);
    expect(after.uuid).not.toBe(before.uuid);
    expect((await hand.names("datasources")).filter((name) => name === "moved-docs")).toHaveLength(1);
    const { uuid } = await space.until("App/moved-bot", isReadyNow);
    const app = JSON.stringify(await (await hand.send("GET", `apps/${uuid}`)).json());
    expect(app).toContain(after.uuid);
    expect(app).not.toContain(before.uuid);
  });
});

it("what another namespace or cluster made is not touched, and can be taken over", async () => {
  const first = await world.namespace("owner-a");
  await first.apply(appDocument("owned-bot"));
  const { uuid, object } = await first.until("App/owned-bot", isReadyNow);
  const second = await world.namespace("owner-b");
  await second.apply(appDocument("owned-bot", { welcome_message: "Mine" }));
  const held = await second.until("App/owned-bot", reasonIs("OwnershipConflict"));
  expect((await hand.configOf(uuid))["welcome_message"]).toBe("Hello");
  expect(held.uuid).toBe("");
  // As somebody does who moves it: the old resource lets go first.
  const set = /k8s:[0-9a-f-]+/u.exec(held.condition("Ready").message)?.[0] ?? "";
  await first.apply(appDocument("owned-bot", {}, { deletionPolicy: "Orphan" }));
  await first.until("App/owned-bot", ({ status }) => status["observedGeneration"] !== object.metadata["generation"]);
  await first.delete("App/owned-bot");
  await first.gone("App/owned-bot");
  await second.annotate("App/owned-bot", "llmstack.ai/take-over", set);
  const taken = await second.until("App/owned-bot", isReadyNow);
  expect(taken.uuid).toBe(uuid);
  expect((await hand.configOf(uuid))["welcome_message"]).toBe("Mine");
});

it("an entry that a manifest drops is deleted, and one of somebody else stays", async () => {
  const space = await world.namespace("entries");
  const [a, b] = [
    { name: "a", content: "One." },
    { name: "b", content: "Two." },
  ];
  await space.apply(textsDocument("entry-docs", [a, b]));
  const { uuid } = await space.until("Datasource/entry-docs", isReadyNow);
  await hand.send("POST", `datasources/${uuid}/entries`, { entry_data: { name: "theirs", content: "Three." } });
  await space.apply(textsDocument("entry-docs", [a]));
  await space.heard("entry-docs", "1 deleted (b)");
  const entries = JSON.stringify(await (await hand.send("GET", `datasources/${uuid}/entries`)).json());
  expect(entries).toContain("theirs");
  expect(entries).not.toContain("Two.");
});
