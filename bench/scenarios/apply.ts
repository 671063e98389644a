import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeApps } from "../manifests.ts";
import { expectCode, runNode } from "../measure.ts";
import { baseline } from "../baseline.ts";
import type { Row } from "../report.ts";
import { startServer } from "../server.ts";

const LATENCY_MS = 20;
const PARALLELISM = 10;

/** Creates against N/P x L plus one list: what is left after the network has had its share. */
export async function applyCreates(bin: string, folder: string, count: number): Promise<Row> {
  const manifests = join(folder, `apply-${count}`);
  await writeApps(manifests, count);
  const server = await startServer(bin, ["--latency", String(LATENCY_MS)]);
  try {
    const raw = expectCode(
      await runNode([baseline("create"), server.url, server.token, String(count), String(PARALLELISM)]),
      0,
    );
    const rawMs = Number(raw.stdout);
    const report = join(folder, `apply-${count}.json`);
    const before = await server.requests();
    const env = { LLMSTACK_SERVER: server.url, LLMSTACK_TOKEN: server.token };
    const args = [bin, "apply", manifests, "-q", "--parallelism", String(PARALLELISM), "--report", report];
    const run = expectCode(await runNode(args, env), 0);
    const { durationMs } = JSON.parse(await readFile(report, "utf8")) as { readonly durationMs: number };
    return {
      name: `apply, ${count} creates at ${LATENCY_MS} ms (N/P x L + list = ${idealMs(count)} ms)`,
      oursMs: durationMs,
      baselineMs: rawMs,
      ratio: durationMs / rawMs,
      budget: 1.15,
      peakMiB: run.peakMiB,
      requests: (await server.requests()) - before,
      baseline: "bare fetch POSTs, the same number at a time, one list",
    };
  } finally {
    await server.stop();
  }
}

function idealMs(count: number): number {
  return (count / PARALLELISM) * LATENCY_MS + LATENCY_MS;
}
