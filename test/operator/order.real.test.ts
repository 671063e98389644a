import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { type HeldServer, heldServer } from "../support/held-server.ts";
import { byHand } from "../support/llmstack-by-hand.ts";
import {
  appDocument,
  isReadyNow,
  type Namespace,
  type OperatorWorld,
  serverDocument,
  startOperatorWorld,
  textsDocument,
} from "../support/operator-world.ts";

let world: OperatorWorld;

beforeAll(async () => {
  world = await startOperatorWorld();
  await world.startOperator();
});

afterAll(() => world.close());

async function spaceWith(
  name: string,
  options: Parameters<typeof heldServer>[0] = {},
): Promise<[Namespace, HeldServer]> {
  const server = await heldServer(options);
  onTestFinished(() => server.close());
  return [await world.namespace(name, serverDocument(server.url)), server];
}

function saying(message: string): JsonObject {
  return appDocument("bot", { welcome_message: message });
}

describe("a storm on one resource", () => {
  it("has one request about it at a time, ends with the last word, and leaves nothing when that is delete", async () => {
    const [space, server] = await spaceWith("storm", { latencyMs: 15 });
    const hand = byHand(server.url);
    for (let round = 0; round < 8; round += 1) {
      await space.apply(saying(`first of ${round}`));
      if (round % 2 === 1) await space.until("App/bot", isReadyNow);
      for (let edit = 0; edit < 5; edit += 1) await space.apply(saying(`edit ${edit} of ${round}`));
      if (round % 3 === 2) await space.until("App/bot", isReadyNow);
      await space.delete("App/bot");
      await space.gone("App/bot");
      expect(await hand.names("apps")).toEqual([]);
    }
    await space.apply(saying("almost"));
    for (const word of ["nearly", "last"]) await space.apply(saying(word));
    const { uuid } = await space.until("App/bot", isReadyNow);
    expect((await hand.configOf(uuid))["welcome_message"]).toBe("last");
    expect(await hand.names("apps")).toEqual(["bot"]);
    await space.delete("App/bot");
    await space.gone("App/bot");
    expect(await hand.names("apps")).toEqual([]);
    expect(server.most()).toBe(1);
  });
});

describe("a resource that is changed while the server takes its time", () => {
  it.each([
    {
      says: "with a mark",
      name: "slow-app",
      what: "App/bot",
      older: saying("one"),
      newer: saying("two"),
      first: ["POST", /\/apps$/u],
      second: ["PATCH", /\/apps\//u],
    },
    {
      // Before it is made that is written into its status, and the answer to that brings the newer one.
      says: "without a mark",
      name: "slow-docs",
      what: "Datasource/docs",
      older: textsDocument("docs", []),
      newer: textsDocument("docs", [{ name: "a", content: "One." }]),
      first: ["GET", /\/datasources$/u],
      second: ["POST", /\/entries$/u],
    },
  ] as const)("$says comes true in order, and nothing is said of the newer one before", async (one) => {
    const [space, server] = await spaceWith(one.name);
    await space.until("Server/default", ({ condition }) => condition("Ready").status === "True");
    const first = server.hold(one.first[0], one.first[1]);
    const second = server.hold(one.second[0], one.second[1]);
    await space.apply(one.older);
    await first.reached;
    await space.apply(one.newer);
    expect((await space.get(one.what))?.condition("Ready").status).not.toBe("True");
    first.release();
    await second.reached;
    const between = await space.get(one.what);
    expect(between?.object.metadata["generation"]).toBe(2);
    expect(between?.status["observedGeneration"]).toBe(1);
    expect(between?.condition("Ready")).toMatchObject({ status: "True", reason: "Synced" });
    second.release();
    const now = await space.until(one.what, isReadyNow);
    expect(now.status["observedGeneration"]).toBe(2);
    expect(server.most()).toBe(1);
  });

  it("is deleted when what was under way has ended, and nothing is left", async () => {
    const [space, server] = await spaceWith("slow-delete");
    const held = server.hold("POST", /\/apps$/u);
    await space.apply(saying("too late"));
    await held.reached;
    await space.delete("App/bot");
    held.release();
    await space.gone("App/bot");
    expect(await byHand(server.url).names("apps")).toEqual([]);
    expect(server.most()).toBe(1);
  });
});
