import { join } from "node:path";
import { writeApps } from "../manifests.ts";
import { bestOfEach, expectCode, runNode } from "../measure.ts";
import { baseline } from "../baseline.ts";
import type { Row } from "../report.ts";
import { startServer } from "../server.ts";

/** Recognising the server, and one list a kind, however many apps there are. */
const REQUESTS = 3;

/** A plan that finds nothing to do, against fetching, parsing and validating the same bytes and comparing nothing. */
export async function planNoOp(bin: string, folder: string, count: number): Promise<Row> {
  const manifests = join(folder, `plan-${count}`);
  await writeApps(manifests, count);
  const server = await startServer(bin);
  try {
    const env = { LLMSTACK_SERVER: server.url, LLMSTACK_TOKEN: server.token };
    expectCode(await runNode([bin, "apply", manifests, "-q"], env), 0);
    const before = await server.requests();
    const plan = async () => expectCode(await runNode([bin, "plan", manifests, "--detailed-exitcode", "-q"], env), 0);
    await plan();
    const requests = (await server.requests()) - before;
    if (requests !== REQUESTS) throw new Error(`the plan made ${requests} requests, not ${REQUESTS}`);
    const best = await bestOfEach(5, plan, async () =>
      expectCode(await runNode([baseline("plan"), server.url, server.token, manifests]), 0),
    );
    return {
      name: `plan, nothing to do, ${count} apps`,
      oursMs: best.ours.wallMs,
      baselineMs: best.baseline.wallMs,
      ratio: best.ours.wallMs / best.baseline.wallMs,
      budget: 1.5,
      peakMiB: best.ours.peakMiB,
      ...(count === 10_000 && { peakBudgetMiB: 400 }),
      requests,
      baseline: "fetch + JSON.parse + js-yaml + ajv of the same bytes",
    };
  } finally {
    await server.stop();
  }
}
