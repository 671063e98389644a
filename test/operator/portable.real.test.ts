import { afterEach, describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { isReadyNow, type Namespace, type OperatorWorld, startOperatorWorld } from "../support/operator-world.ts";

let world: OperatorWorld;

afterEach(() => world.close());

const PORTABLE = new URL("../../examples/portable", import.meta.url).pathname;

async function kubectl(...args: readonly string[]): Promise<string> {
  return world.plane.kubectl(["--namespace", "tours", ...args, "--timeout=120s"]);
}

async function allReady(): Promise<void> {
  await kubectl("wait", "--for=condition=Ready", "apps.llmstack.ai,datasources.llmstack.ai", "--all");
}

describe.each(["doc", "versioned", "classic"] as const)("on a server of the dialect %s", (dialect) => {
  it("what kubectl applies becomes true on the server, and what it deletes goes from there", async () => {
    world = await startOperatorWorld({ dialect });
    await world.namespace("tours");
    await kubectl("apply", "-f", PORTABLE);
    await world.startOperator();
    await allReady();
    expect(await world.onServer("apps")).toHaveLength(2);
    expect(await world.onServer("datasources")).toHaveLength(1);
    await kubectl("delete", "-f", PORTABLE);
    expect(await world.onServer("apps")).toEqual([]);
    expect(await world.onServer("datasources")).toEqual([]);
  });
});

it("an app follows each new version of one that it calls, which is no drift", async () => {
  world = await startOperatorWorld({ dialect: "versioned" });
  const space = await world.namespace("tours");
  await kubectl("apply", "-f", PORTABLE);
  await world.startOperator();
  await allReady();
  await kubectlPatch("packing-list", { drift: "warn" });
  const { uuid: caller } = await space.until("App/packing-list", isReadyNow);
  for (const welcome of ["One", "Two", "Three", "Four"]) {
    const before = await reference(caller);
    await setWelcome(space, welcome);
    await expect.poll(() => reference(caller), { timeout: 20_000 }).not.toBe(before);
  }
  expect((await space.until("App/packing-list", isReadyNow)).condition("Ready").reason).toBe("Synced");
  expect((await space.events("packing-list")).filter((event) => /drift/iu.test(event))).toEqual([]);
});

async function setWelcome(space: Namespace, text: string): Promise<void> {
  await kubectlPatch("tour-guide", { definition: { config: { welcome_message: text } } });
  await space.until("App/tour-guide", isReadyNow);
}

async function kubectlPatch(app: string, spec: JsonObject): Promise<void> {
  const patch = JSON.stringify({ spec });
  await world.plane.kubectl(["--namespace", "tours", "patch", "llmapp", app, "--type=merge", "-p", patch]);
}

/** What the calling app says of the called one: its uuid, and which version of it runs. */
async function reference(caller: string): Promise<string> {
  const apps = await world.onServer("apps");
  const text = JSON.stringify(apps.find(({ uuid }) => uuid === caller));
  return /"promptly_app":("(?:[^"\\]|\\.)*")/u.exec(text)?.[1] ?? "";
}
