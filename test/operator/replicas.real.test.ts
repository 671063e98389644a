import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { finalizersOf } from "../../src/kube/kube-object.ts";
import type { JournalEntry } from "../../src/server/journal.ts";
import type { CliProcess } from "../support/cli-process.ts";
import { type HeldServer, heldServer } from "../support/held-server.ts";
import { isWrite } from "../support/kube/audit-log.ts";
import { OPERATOR_ACCOUNT } from "../support/kube/credentials.ts";
import { cutProxy } from "../support/kube/cut-proxy.ts";
import { withServer } from "../support/kube/real-transport.ts";
import { byHand } from "../support/llmstack-by-hand.ts";
import {
  appDocument,
  isReadyNow,
  type Namespace,
  type OperatorWorld,
  serverDocument,
  startOperatorWorld,
} from "../support/operator-world.ts";

let world: OperatorWorld;

beforeAll(async () => {
  world = await startOperatorWorld();
});

afterAll(() => world.close());

const NAMES = [...Array(20).keys()].map((index) => `bot-${index}`);

function launch(kubeconfig: string): CliProcess {
  const operator = world.launchOperator(kubeconfig);
  onTestFinished(async () => {
    operator.child.kill("SIGKILL");
    await operator.ended;
  });
  return operator;
}

/** Twenty apps that are made one after the other. */
async function manyApps(name: string): Promise<[Namespace, HeldServer]> {
  const server = await heldServer();
  onTestFinished(() => server.close());
  const space = await world.namespace(name, serverDocument(server.url, { parallelism: 1 }));
  return [space, server];
}

function creates({ server }: HeldServer): readonly JournalEntry[] {
  return server.journal().filter(({ method }) => method === "POST");
}

function writes({ server }: HeldServer): readonly JournalEntry[] {
  return server.journal().filter(({ method }) => method !== "GET" && method !== "OPTIONS");
}

async function allReady(space: Namespace): Promise<void> {
  for (const name of NAMES) await space.until(`App/${name}`, isReadyNow);
}

async function ended({ child, ended: end }: CliProcess): Promise<{ readonly code: number | string }> {
  child.kill("SIGTERM");
  return end;
}

describe("of two replicas", () => {
  it("one that was frozen for longer than its lease writes nothing any more, and the other one does the rest once", async () => {
    const [space, server] = await manyApps("frozen");
    const frozen = launch(world.plane.kubeconfigs.operator);
    await frozen.until(/started as the leader/u);
    const other = launch(world.plane.kubeconfigs.operator);
    const held = server.hold("POST", /\/apps$/u);
    for (const name of NAMES) await space.apply(appDocument(name));
    await held.reached;
    // With a create under way, and the others right behind it.
    frozen.child.kill("SIGSTOP");
    held.release();
    await other.until(/started as the leader/u);
    await allReady(space);
    const before = writes(server).length;
    const resumedAt = new Date().toISOString();
    frozen.child.kill("SIGCONT");
    const { code, stderr } = await frozen.ended;
    expect(code).toBe(1);
    expect(stderr).toContain("the lease is lost");
    expect(writes(server)).toHaveLength(before);
    expect(creates(server)).toHaveLength(NAMES.length);
    const late = (await world.plane.auditLog()).filter(
      (event) =>
        event.at > resumedAt &&
        isWrite(event) &&
        event.user.endsWith(`:${OPERATOR_ACCOUNT.name}`) &&
        // The other one renews its lease, and tells behind what it has done.
        !["leases", "events"].includes(event.resource),
    );
    expect(late.map(({ verb, resource, name }) => `${verb} ${resource} ${name}`)).toEqual([]);
    expect(await ended(other)).toMatchObject({ code: 0 });
  });

  it("one that is cut off from Kubernetes ends before the other one begins, and everything is made once", async () => {
    const [space, server] = await manyApps("cut-off");
    const cable = await cutProxy(Number(new URL(world.plane.url).port));
    onTestFinished(() => cable.close());
    const way = await withServer(world.plane, `https://127.0.0.1:${cable.port}`, "operator");
    const first = launch(way);
    await first.until(/started as the leader/u);
    const second = launch(world.plane.kubeconfigs.operator);
    await space.until("Server/default", ({ condition }) => condition("Ready").status === "True");
    const [one, others] = [server.hold("POST", /\/apps$/u), server.hold("POST", /\/apps$/u)];
    for (const name of NAMES) await space.apply(appDocument(name));
    for (const name of NAMES) await space.until(`App/${name}`, ({ object }) => finalizersOf(object).length > 0);
    await one.reached;
    one.release();
    await others.reached;
    // It has all it needs for the other nineteen.
    server.pace(400);
    cable.cut();
    others.release();
    const firstEnds = first.ended.then(({ code }) => ({ code, at: performance.now(), sent: writes(server).length }));
    const secondBegins = second.until(/started as the leader/u).then(() => performance.now());
    const end = await firstEnds;
    expect(end.code).toBe(1);
    expect(end.sent).toBeGreaterThan(2);
    expect(end.at).toBeLessThan(await secondBegins);
    server.pace(0);
    await allReady(space);
    expect(await byHand(server.url).names("apps")).toHaveLength(NAMES.length);
    expect(creates(server)).toHaveLength(NAMES.length);
    expect(await ended(second)).toMatchObject({ code: 0 });
  });
});
