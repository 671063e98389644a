import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CliProcess } from "../support/cli-process.ts";
import { type ByHand, byHand } from "../support/llmstack-by-hand.ts";
import {
  appDocument,
  isReadyNow,
  type Namespace,
  type OperatorWorld,
  reasonIs,
  type Seen,
  startOperatorWorld,
} from "../support/operator-world.ts";

let world: OperatorWorld;
let hand: ByHand;
let operator: CliProcess;

beforeAll(async () => {
  world = await startOperatorWorld();
  hand = byHand(world.llmstackUrl);
  operator = await world.startOperator();
});

afterAll(() => world.close());

let pokes = 0;

/** Has it looked at, without asking for anything, until it is so: lists of the last seconds are shared. */
async function poked(space: Namespace, what: string, isSo: (seen: Seen) => boolean): Promise<Seen> {
  for (;;) {
    await space.annotate(what, "example.com/poke", String((pokes += 1)));
    await setTimeout(500);
    const seen = await space.get(what);
    if (seen !== undefined && isSo(seen)) return seen;
  }
}

function isCorrected(times: number): (seen: Seen) => boolean {
  return ({ status }) => countIn(status["history"]) === times;
}

function countIn(history: unknown): unknown {
  const [newest] = Array.isArray(history) ? (history as readonly { readonly times?: number }[]) : [];
  return newest?.times;
}

it("an app that somebody changes after every correction is left, through restarts, until somebody asks for something else", async () => {
  const space = await world.namespace("flapping");
  await space.apply(appDocument("fought-bot"));
  const { uuid } = await space.until("App/fought-bot", isReadyNow);
  for (const times of [1, 2, 3]) {
    await hand.tune(uuid, { welcome_message: "By hand" });
    await poked(space, "App/fought-bot", isCorrected(times));
    expect((await hand.configOf(uuid))["welcome_message"]).toBe("Hello");
  }
  await hand.tune(uuid, { welcome_message: "By hand" });
  const left = await poked(space, "App/fought-bot", reasonIs("Flapping"));
  expect(left.condition("Ready").status).toBe("False");
  expect(left.condition("Stalled").status).toBe("True");
  expect(left.condition("Drifted").status).toBe("True");
  expect(left.condition("Ready").message).toMatch(
    /^Corrected 3 times in a row, and changed again each time: \/config\/welcome_message\. Left so until 20\S+Z\./u,
  );

  // Nothing of it is forgotten when the operator is killed.
  operator.child.kill("SIGKILL");
  await operator.ended;
  const [writes, reads] = [world.writes().length, world.llmstack.journal().length];
  operator = await world.startOperator();
  while (world.llmstack.journal().length < reads + 2) await setTimeout(50);
  // A look that is asked for by a change elsewhere in the spec, and so has an end that can be seen.
  await space.apply(appDocument("fought-bot", {}, { retryInterval: "5m" }));
  await space.until("App/fought-bot", (now) => now.status["observedGeneration"] === now.object.metadata["generation"]);
  expect(world.writes()).toHaveLength(writes);
  expect((await hand.configOf(uuid))["welcome_message"]).toBe("By hand");
  await space.heard("fought-bot", "Flapping: ");
  expect((await space.events("fought-bot")).filter((event) => event.startsWith("Flapping: "))).toHaveLength(1);

  // Whoever asks has it corrected at once.
  await space.annotate("App/fought-bot", "llmstack.ai/reconcile-requested-at", "one");
  await space.until("App/fought-bot", (now) => now.status["lastHandledReconcileAt"] === "one" && isReadyNow(now));
  expect((await hand.configOf(uuid))["welcome_message"]).toBe("Hello");

  // What the manifest asks for anew is no correction.
  await hand.tune(uuid, { welcome_message: "By hand" });
  await poked(space, "App/fought-bot", reasonIs("Flapping"));
  await space.apply(appDocument("fought-bot", { welcome_message: "Good day" }));
  await space.until("App/fought-bot", isReadyNow);
  expect((await hand.configOf(uuid))["welcome_message"]).toBe("Good day");
});

it("a fight is over when the other writer puts back what is asked for", async () => {
  const space = await world.namespace("flapping-calm");
  await space.apply(appDocument("calm-bot"));
  const { uuid } = await space.until("App/calm-bot", isReadyNow);
  for (const times of [1, 2, 3]) {
    await hand.tune(uuid, { welcome_message: `By hand ${times}` });
    await poked(space, "App/calm-bot", isCorrected(times));
  }
  await hand.tune(uuid, { welcome_message: "By hand" });
  await poked(space, "App/calm-bot", reasonIs("Flapping"));
  await hand.tune(uuid, { welcome_message: "Hello" });
  const { length } = world.writes();
  await poked(space, "App/calm-bot", reasonIs("Synced"));
  expect(world.writes()).toHaveLength(length);
});

it("an app that somebody deletes after every create is not made for ever", async () => {
  const space = await world.namespace("flapping-gone");
  await space.apply(appDocument("gone-bot"));
  let { uuid } = await space.until("App/gone-bot", isReadyNow);
  for (const times of [1, 2, 3]) {
    await hand.send("DELETE", `apps/${uuid}`);
    ({ uuid } = await poked(space, "App/gone-bot", isCorrected(times)));
  }
  await hand.send("DELETE", `apps/${uuid}`);
  const left = await poked(space, "App/gone-bot", reasonIs("Flapping"));
  expect(left.condition("Ready").message).toContain("the object itself, which was deleted each time");
  expect(await hand.names("apps")).not.toContain("gone-bot");
});
