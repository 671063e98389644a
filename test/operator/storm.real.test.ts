import pLimit from "p-limit";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { KubeObject } from "../../src/kube/kube-object.ts";
import { resourceTypes } from "../../src/operator/resources/resource-kinds.ts";
import { isReady } from "../../src/operator/status/conditions.ts";
import type { CliProcess } from "../support/cli-process.ts";
import { type HookedServer, startHookedServer } from "../support/hooked-server.ts";
import { untilObjects } from "../support/kube/until-objects.ts";
import { appDocument, type OperatorWorld, serverDocument, startOperatorWorld } from "../support/operator-world.ts";

let world: OperatorWorld;

beforeAll(async () => {
  world = await startOperatorWorld();
});

afterAll(() => world.close());

const COUNT = 1_000;
const NAMES = [...Array(COUNT).keys()].map((index) => `app-${String(index).padStart(3, "0")}`);

describe("a thousand resources", () => {
  it("that were there before the operator are made once each, with a few lists", async () => {
    const server = await thousandIn("cold");
    const operator = await startIn("cold");
    await untilAll("cold", areReady);
    expect(committed(server, "POST")).toHaveLength(COUNT);
    expect(await namesOn(server)).toEqual(NAMES);
    const asked = server.server.journal().map(({ method, path }) => `${method} ${path}`);
    expect(asked.filter((request) => request.startsWith("GET ")).length).toBeLessThan(COUNT / 5);
    await kill(operator);
  });

  it("are there once, and then no more, where the operator is killed as it makes them and as it deletes them", async () => {
    const server = await thousandIn("killed");
    await dieAt(server, await startIn("killed"), "POST");
    const second = await startIn("killed");
    await untilAll("killed", areReady);
    expect(committed(server, "POST")).toHaveLength(COUNT);
    expect(committed(server, "DELETE")).toEqual([]);
    expect(await namesOn(server)).toEqual(NAMES);
    const dead = dieAt(server, second, "DELETE");
    const { code } = await world.plane.ask("/apis/llmstack.ai/v1alpha1/namespaces/killed/apps", { method: "DELETE" });
    expect(code).toBe(200);
    await dead;
    const third = await startIn("killed");
    await untilAll("killed", (objects) => objects.length === 0);
    expect(await namesOn(server)).toEqual([]);
    expect(committed(server, "DELETE")).toHaveLength(COUNT);
    await kill(third);
  });
});

async function thousandIn(namespace: string): Promise<HookedServer> {
  const server = await startHookedServer({ dialect: "doc" });
  onTestFinished(() => server.close());
  const space = await world.namespace(namespace, serverDocument(server.url));
  await pLimit(20).map(NAMES, (name) => space.apply(appDocument(name)));
  return server;
}

function startIn(namespace: string): Promise<CliProcess> {
  return world.startOperator("--no-leader-elect", "--namespaces", namespace);
}

async function untilAll(namespace: string, isSo: (objects: readonly KubeObject[]) => boolean): Promise<void> {
  const type = resourceTypes.find(({ kind }) => kind === "App");
  if (type !== undefined) await untilObjects(world.plane, { type, namespace }, isSo);
}

function areReady(objects: readonly KubeObject[]): boolean {
  return objects.length === COUNT && objects.every(({ status }) => isReady(status));
}

/** When a third of what it does by this method is done: the server has done it, and the answer is lost. */
async function dieAt(server: HookedServer, operator: CliProcess, method: string): Promise<void> {
  const dead = Promise.withResolvers<void>();
  let left = COUNT / 3;
  server.intercept(async (request, handle) => {
    const answer = await handle();
    if (request.method !== method || (left -= 1) > 0) return answer;
    await kill(operator);
    dead.resolve();
    throw new Error("nobody is there to hear the answer");
  });
  await dead.promise;
  server.intercept((_, handle) => handle());
}

async function kill({ child, ended }: CliProcess): Promise<void> {
  child.kill("SIGKILL");
  await ended;
}

function committed(server: HookedServer, method: string): readonly string[] {
  return server.writes().flatMap((entry) => (entry.committed && entry.method === method ? [entry.path] : []));
}

async function namesOn(server: HookedServer): Promise<readonly string[]> {
  const apps = await server.list("apps");
  return apps.flatMap(({ name }) => (typeof name === "string" ? [name] : [])).toSorted();
}
