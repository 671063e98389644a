import { afterAll, beforeAll, expect, it } from "vitest";
import { type OperatorWorld, startOperatorWorld } from "../support/operator-world.ts";

let world: OperatorWorld;

beforeAll(async () => {
  world = await startOperatorWorld();
});

afterAll(() => world.close());

const PORTABLE = new URL("../../examples/portable", import.meta.url).pathname;

it("what kubectl applies becomes true on the server, and what it deletes goes from there", async () => {
  await world.namespace("tours");
  const kubectl = (...args: readonly string[]): Promise<string> =>
    world.plane.kubectl(["--namespace", "tours", ...args, "--timeout=120s"]);
  await kubectl("apply", "-f", PORTABLE);
  await world.startOperator();
  await kubectl("wait", "--for=condition=Ready", "apps.llmstack.ai,datasources.llmstack.ai", "--all");
  expect(await world.onServer("apps")).toHaveLength(2);
  expect(await world.onServer("datasources")).toHaveLength(1);
  await kubectl("delete", "-f", PORTABLE);
  expect(await world.onServer("apps")).toEqual([]);
  expect(await world.onServer("datasources")).toEqual([]);
});
