/**
 * Measures how long an operator takes until N custom resources are Ready, against what the LLMStack server's own
 * latency and the concurrency allow (N / P x L, and one list a kind), and against the same writes made by a loop that
 * does nothing else: what this machine takes for them. Needs the programs of a Kubernetes API, as the real tests do.
 * Prints a table and then the same as JSON.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import pLimit from "p-limit";
import { bareWrites } from "./operator-baseline.ts";
import { createInformer } from "../src/kube/informer.ts";
import { loadKubeConfig } from "../src/kube/kube-config.ts";
import { createTransport } from "../src/kube/transport.ts";
import { resourceTypes } from "../src/operator/resources/resource-kinds.ts";
import { isReady } from "../src/operator/status/conditions.ts";
import { startCli } from "../test/support/cli-process.ts";
import { appDocument, type OperatorWorld, startOperatorWorld } from "../test/support/operator-world.ts";

interface Measured {
  readonly apps: number;
  readonly latencyMs: number;
  readonly limitMs: number;
  readonly readyMs: number;
  readonly ratio: number;
  /** The same writes to both APIs by a loop that does nothing else. */
  readonly bareMs: number;
  readonly toBare: number;
  readonly requests: number;
  readonly lists: number;
  readonly kubeRequests: number;
  /** What the operator itself computed until then: the one figure that a busy machine does not change. */
  readonly cpuMs: number;
  readonly peakMiB: number;
  readonly idleCpuPercent: number;
}

/** Where the server takes 200 ms the latency is what limits; where it takes 20 ms the API server is. */
const LOADS = [
  { apps: 100, latencyMs: 20 },
  { apps: 500, latencyMs: 20 },
  { apps: 1000, latencyMs: 20 },
  { apps: 1000, latencyMs: 200 },
];
const PARALLELISM = 10;
const IDLE_MS = 20_000;
const bin = join(import.meta.dirname, "../dist/bin.js");

const rows: Measured[] = [];
for (const load of LOADS) {
  rows.push(await measure(load));
  process.stderr.write(`${JSON.stringify(rows.at(-1))}\n`);
}
process.stdout.write(
  `| apps | latency ms | limit ms | ready ms | ratio | bare ms | to bare | requests | lists | API server | CPU ms | peak MiB | idle CPU % |\n`,
);
process.stdout.write(`| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n`);
for (const row of rows) process.stdout.write(`| ${Object.values(row).join(" | ")} |\n`);
process.stdout.write(`\n${JSON.stringify({ schemaVersion: 1, node: process.version, rows }, null, 2)}\n`);

type Load = Pick<Measured, "apps" | "latencyMs">;

async function measure(load: Load): Promise<Measured> {
  const world = await startOperatorWorld();
  try {
    return await measureIn(world, load);
  } finally {
    await world.close();
  }
}

async function measureIn(world: OperatorWorld, { apps, latencyMs }: Load): Promise<Measured> {
  const space = await world.namespace("bench");
  const limit = pLimit(20);
  await limit.map([...Array(apps).keys()], (index) => space.apply(appDocument(`app-${index}`)));
  const counts = { requests: 0, lists: 0 };
  world.intercept(async ({ method, url }, handle) => {
    counts.requests += 1;
    if (method === "GET" && /\/api\/(?:apps|datasources)$/u.test(url)) counts.lists += 1;
    await setTimeout(latencyMs);
    return handle();
  });
  const ready = allReady(world, apps);
  const operator = startCli(["operator", "--kubeconfig", world.plane.kubeconfigs.admin, "--no-leader-elect"], {
    cwd: world.plane.folder,
    command: [process.execPath, bin],
  });
  await operator.until(/"started/u);
  const startedAt = performance.now();
  await ready;
  const readyMs = performance.now() - startedAt;
  const kubeRequests = (await world.plane.auditLog()).filter(({ at }) => Date.parse(at) >= Date.now() - readyMs).length;
  const { requests, lists } = counts;
  const pid = operator.child.pid ?? 0;
  const spentMs = await cpuMs(pid);
  await setTimeout(5_000);
  const before = await cpuMs(pid);
  await setTimeout(IDLE_MS);
  const idle = (await cpuMs(pid)) - before;
  const peakMiB = await peakOf(pid);
  operator.child.kill("SIGKILL");
  await operator.ended;
  const bareMs = await bareWrites(world, apps, PARALLELISM);
  const limitMs = (apps / PARALLELISM) * latencyMs + 2 * latencyMs;
  return {
    apps,
    latencyMs,
    limitMs,
    readyMs: Math.round(readyMs),
    ratio: rounded(readyMs / limitMs),
    bareMs: Math.round(bareMs),
    toBare: rounded(readyMs / bareMs),
    requests,
    lists,
    kubeRequests,
    cpuMs: spentMs,
    peakMiB,
    idleCpuPercent: Math.round((idle / IDLE_MS) * 10_000) / 100,
  };
}

function rounded(ratio: number): number {
  return Math.round(ratio * 100) / 100;
}

/** Resolves when so many apps are Ready. */
async function allReady(world: OperatorWorld, apps: number): Promise<void> {
  const loadConfig = (): ReturnType<typeof loadKubeConfig> =>
    loadKubeConfig({ file: world.plane.kubeconfigs.admin, env: {} });
  const transport = createTransport({ loadConfig, userAgent: "bench" });
  const done = Promise.withResolvers<void>();
  const seen = new Set<string>();
  const type = resourceTypes.find(({ kind }) => kind === "App");
  if (type === undefined) throw new Error("there is no kind App");
  const informer = createInformer({ type, content: "whole" }, { transport, onProblem: () => undefined });
  informer.onChange(({ object }) => {
    if (isReady(object["status"])) seen.add(object.metadata.name);
    if (seen.size === apps) done.resolve();
  });
  informer.start();
  await done.promise;
  await informer.stop();
  await transport.close();
}

/** Clock ticks of Linux are hundredths of a second. */
async function cpuMs(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/VmHWM:\s+(\d+)/u.exec(status)?.[1] ?? 0) / 1024);
}
