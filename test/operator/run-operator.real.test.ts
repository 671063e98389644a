import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type CliProcess, startCli } from "../support/cli-process.ts";
import { type ControlPlane, startControlPlane } from "../support/kube/control-plane.ts";
import { cutProxy } from "../support/kube/cut-proxy.ts";
import { type OutsideWorld, outsideWorld, type Write } from "../support/kube/outside-world.ts";
import { withServer } from "../support/kube/real-transport.ts";

const OPERATOR = new URL("../support/kube/test-operator.ts", import.meta.url).pathname;
const FOREVER = "1000000";

interface Replica extends CliProcess {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** The answer of a probe: status and text. */
  probe(path: string): Promise<readonly [number, string]>;
}

let plane: ControlPlane;
let world: OutsideWorld;

beforeAll(async () => {
  plane = await startControlPlane();
});

afterAll(async () => plane.stop());

beforeEach(async () => {
  world = await outsideWorld();
  return async () => {
    await plane.kubectl(["delete", "configmaps", "--selector=write=yes", "--namespace=default"]);
    await plane.kubectl(["delete", "leases", "--all", "--namespace=default"]);
    await world.close();
  };
});

async function replica(...more: readonly string[]): Promise<Replica> {
  return replicaAt(plane.kubeconfigs.admin, ...more);
}

async function replicaAt(kubeconfig: string, ...more: readonly string[]): Promise<Replica> {
  const command = [process.execPath, OPERATOR] as const;
  const started = startCli([kubeconfig, world.url, ...more], { cwd: plane.folder, command: [...command] });
  const { child } = started;
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await started.ended;
  });
  const text = await started.until(/"what":"metrics"/u);
  const urls = [...text.matchAll(/"what":"(\w+)","url":"([^"]+)"/gu)].map(([, what, url]) => [what, url] as const);
  return {
    ...started,
    pid: child.pid ?? 0,
    kill: (signal) => void child.kill(signal),
    probe: async (path) => {
      const [, base] = urls.find(([what]) => what === (path === "/metrics" ? "metrics" : "health")) ?? [];
      const answer = await fetch(`${base}${path}`);
      return [answer.status, await answer.text()];
    },
  };
}

/** One that leads by now. */
async function leading(): Promise<Replica> {
  const started = await replica();
  await started.until(/started as the leader/u);
  return started;
}

async function write(name: string, times: string): Promise<void> {
  const metadata = { name, namespace: "default", labels: { write: "yes" } };
  await plane.apply({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { times } });
}

async function lease(): Promise<Readonly<Record<string, string>>> {
  const listed = await plane.kubectl(["get", "leases", "--namespace=default", "-o", "json"]);
  const { items } = JSON.parse(listed) as { items: { spec: Record<string, string> }[] };
  return items[0]?.spec ?? {};
}

function by(writes: readonly Write[], { pid }: Replica): readonly Write[] {
  return writes.filter((one) => one.by === pid);
}

describe("an operator on a real Kubernetes API", () => {
  it("does what is asked, and says that it is alive, ready and leading", async () => {
    const operator = await leading();
    await write("one", "2");
    await world.until((writes) => writes.length === 2);
    expect(await operator.probe("/healthz")).toEqual([200, "ok\n"]);
    expect((await operator.probe("/readyz?verbose"))[1]).toBe("ok   cache configmaps\nok   lease\nok\n");
    const [, metrics] = await operator.probe("/metrics");
    for (const line of [
      /^leader_election_master_status\{name="llmstack-sync-[0-9a-f]{10}"\} 1$/mu,
      /^workqueue_adds_total\{name="writer",controller="writer"\} \d+$/mu,
      /^controller_runtime_max_concurrent_reconciles\{controller="writer"\} 4$/mu,
      /^rest_client_requests_total\{method="GET",host="127.0.0.1:\d+",code="200"\} \d+$/mu,
      /^llmstack_sync_watch_stalls_total\{kind="ConfigMap"\} 0$/mu,
      /^nodejs_eventloop_lag_seconds /mu,
    ]) {
      expect(metrics).toMatch(line);
    }
  });

  it("stands by, warm and ready, until the leader stops, and then goes on", async () => {
    const first = await leading();
    const second = await replica();
    while ((await second.probe("/readyz"))[0] !== 200) await sleep(50);
    await write("one", "1");
    await world.until((writes) => writes.length === 1);
    first.kill("SIGTERM");
    await expect(first.ended).resolves.toMatchObject({ code: 0 });
    await second.until(/started as the leader/u);
    expect((await lease())["leaseTransitions"]).toBe(1);
    await write("two", "1");
    await world.until((writes) => by(writes, second).some(({ name }) => name === "two"));
    expect(by(world.writes, second).filter(({ name }) => name === "two")).toHaveLength(1);
  });

  it("takes over from a leader that was killed", async () => {
    const first = await leading();
    const second = await replica();
    await write("one", FOREVER);
    await world.until((writes) => by(writes, first).length > 2);
    first.kill("SIGKILL");
    await world.until((writes) => by(writes, second).length > 2);
    const last = by(world.writes, first).at(-1)?.at ?? 0;
    const begun = by(world.writes, second)[0]?.at ?? 0;
    expect(begun).toBeGreaterThan(last);
  });

  it("ends what is under way before it stops, and gives its lease up only then", async () => {
    const operator = await leading();
    await write("one", "3");
    await world.until((writes) => writes.length === 1);
    world.hold();
    await world.until((writes) => writes.length === 2);
    operator.kill("SIGTERM");
    await operator.until(/"message":"stopping"/u);
    await write("too-late", "1");
    expect((await lease())["holderIdentity"]).not.toBe("");
    world.answer();
    const { code, stderr } = await operator.ended;
    expect(code).toBe(0);
    expect(stderr).toContain('"message":"written"');
    expect(world.writes.map(({ name }) => name)).toEqual(["one", "one", "one"]);
    expect((await lease())["holderIdentity"]).toBe("");
  });

  it("writes nothing after it was frozen for longer than its lease, and ends", async () => {
    const frozen = await leading();
    const other = await replica();
    await write("one", FOREVER);
    await world.until((writes) => by(writes, frozen).length > 2);
    // It is frozen while it waits for an answer, so that its next step is the next write.
    world.hold();
    const soFar = world.writes.length;
    await world.until((writes) => writes.length > soFar);
    frozen.kill("SIGSTOP");
    const written = by(world.writes, frozen).length;
    world.answer();
    await world.until((writes) => by(writes, other).length > 0);
    frozen.kill("SIGCONT");
    const { code, stderr } = await frozen.ended;
    expect(code).toBe(1);
    expect(stderr).toContain("the lease is lost");
    expect(by(world.writes, frozen)).toHaveLength(written);
  });

  it("writes nothing any more, before another one does, when it is cut off from Kubernetes", async () => {
    const cable = await cutProxy(Number(new URL(plane.url).port));
    onTestFinished(() => cable.close());
    const first = await replicaAt(await withServer(plane, `https://127.0.0.1:${cable.port}`));
    await first.until(/started as the leader/u);
    const second = await replica();
    await write("one", FOREVER);
    await world.until((writes) => by(writes, first).length > 2);
    cable.cut();
    await expect(first.ended).resolves.toMatchObject({ code: 1 });
    await world.until((writes) => by(writes, second).length > 2);
    const last = by(world.writes, first).at(-1)?.at ?? Infinity;
    expect(by(world.writes, second)[0]?.at).toBeGreaterThan(last);
  });

  it("stops at once and exits 1 when somebody else has its lease", async () => {
    const operator = await leading();
    await write("one", FOREVER);
    await world.until((writes) => writes.length > 2);
    const patch = { spec: { holderIdentity: "usurper", renewTime: new Date().toISOString().replace("Z", "000Z") } };
    const [name = ""] = (await plane.kubectl(["get", "leases", "-o", "name", "--namespace=default"])).split("\n");
    await plane.kubectl(["patch", name, "--namespace=default", "--type=merge", `--patch=${JSON.stringify(patch)}`]);
    await expect(operator.ended).resolves.toMatchObject({ code: 1 });
    expect((await lease())["holderIdentity"]).toBe("usurper");
  });

  it("outlives an API server that is restarted, and still does what is asked", async () => {
    // With a lease it may end, and rightly: nobody knows for how long the API server is away.
    const operator = await replica("alone");
    await operator.until(/"message":"started"/u);
    await plane.apiServer.kill();
    await plane.apiServer.restart();
    await write("after", "1");
    await world.until((writes) => writes.some(({ name }) => name === "after"));
    expect((await operator.probe("/healthz"))[0]).toBe(200);
  });
});
