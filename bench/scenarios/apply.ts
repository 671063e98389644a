import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { baseline } from "../baseline.ts";
import { writeApps } from "../manifests.ts";
import { bestOfEach, expectCode, runNode } from "../measure.ts";
import type { Row } from "../report.ts";
import { type BenchServer, startServer } from "../server.ts";

const LATENCY_MS = 20;
const PARALLELISM = 10;
const TURNS = 7;

/** Writes of one kind, as they are measured. */
interface Writes {
  readonly task: "create" | "update";
  readonly count: number;
  /** What must be there before each turn. */
  readonly before: string | undefined;
  readonly manifests: string;
  /** Requests of the apply itself, by the promise that is asserted. */
  readonly requests: number;
  /** What a client without any cost of its own needs. */
  readonly idealMs: number;
}

/** Creates against N/P x L plus one list; updates (read, write, read) against 3N/P x L. */
export async function applyWrites(bin: string, folder: string, count: number): Promise<readonly Row[]> {
  const [first, second] = [join(folder, `apply-${count}`), join(folder, `apply-${count}-changed`)];
  await writeApps(first, count);
  await writeApps(second, count, "Good day");
  const rounds = (count / PARALLELISM) * LATENCY_MS;
  const server = await startServer(bin, ["--latency", String(LATENCY_MS)]);
  try {
    const creates: Writes = {
      task: "create",
      count,
      before: undefined,
      manifests: first,
      requests: count + 1,
      idealMs: rounds + LATENCY_MS,
    };
    const updates: Writes = {
      task: "update",
      count,
      before: first,
      manifests: second,
      requests: 3 * count,
      idealMs: 3 * rounds,
    };
    const run = { bin, folder, server };
    return [await measureWrites(creates, run), await measureWrites(updates, run)];
  } finally {
    await server.stop();
  }
}

interface Bench {
  readonly bin: string;
  readonly folder: string;
  readonly server: BenchServer;
}

async function measureWrites(writes: Writes, bench: Bench): Promise<Row> {
  const { task, count, idealMs } = writes;
  const best = await bestOfEach(
    TURNS,
    () => ours(writes, bench),
    () => bare(writes, bench),
  );
  return {
    name: `apply, ${count} ${task}s at ${LATENCY_MS} ms, ${PARALLELISM} at a time`,
    oursMs: best.ours.wallMs,
    baselineMs: idealMs,
    ratio: best.ours.wallMs / idealMs,
    budget: 1.15,
    peakMiB: best.ours.peakMiB,
    requests: writes.requests,
    baseline: task === "create" ? "N/P x L + one list" : "3N/P x L",
    bareMs: best.baseline.wallMs,
  };
}

/** What the apply says of itself: from the first request of its plan's first wave to the last one's answer. */
async function ours({ before, manifests, requests }: Writes, bench: Bench): Promise<Measured> {
  await bench.server.clear();
  if (before !== undefined) await apply(before, bench);
  const measured = await apply(manifests, bench);
  if (measured.requests === requests) return measured;
  throw new Error(`the apply made ${measured.requests} requests, not ${requests}`);
}

async function bare({ task, count, before }: Writes, bench: Bench): Promise<Pick<Measured, "wallMs">> {
  const { server } = bench;
  await server.clear();
  if (before !== undefined) await apply(before, bench);
  const args = [baseline("writes"), task, server.url, server.token, String(count), String(PARALLELISM)];
  return { wallMs: Number(expectCode(await runNode(args), 0).stdout) };
}

interface Measured {
  readonly wallMs: number;
  readonly peakMiB: number;
  readonly requests: number;
}

async function apply(manifests: string, { bin, folder, server }: Bench): Promise<Measured> {
  const report = join(folder, "report.json");
  const env = { LLMSTACK_SERVER: server.url, LLMSTACK_TOKEN: server.token };
  const args = [bin, "apply", manifests, "-q", "--parallelism", String(PARALLELISM), "--report", report];
  const { peakMiB } = expectCode(await runNode(args, env), 0);
  const { durationMs, requests } = JSON.parse(await readFile(report, "utf8")) as {
    readonly durationMs: number;
    readonly requests: number;
  };
  return { wallMs: durationMs, peakMiB, requests };
}
