import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { documentedMetrics, isOfOperator } from "../support/documented-metrics.ts";
import { byHand } from "../support/llmstack-by-hand.ts";
import { appDocument, isReadyNow, type OperatorWorld, startOperatorWorld } from "../support/operator-world.ts";

let world: OperatorWorld;
let url: string;

beforeAll(async () => {
  world = await startOperatorWorld();
  const operator = await world.startOperator("--metrics-listen", "127.0.0.1:0");
  const said = await operator.until(/"what":"metrics","url":"[^"]+"/u);
  url = /"what":"metrics","url":"([^"]+)"/u.exec(said)?.[1] ?? "";
});

afterAll(() => world.close());

async function scrape(): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

/** The sum of the series whose line begins so. */
function sumOf(text: string, metric: string, labels: string): number {
  const lines = text.split("\n").filter((line) => line.startsWith(`${metric}{`) && line.includes(labels));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}

it("an operator measures what the documentation says, and nothing else", async () => {
  const measured = [...(await scrape()).matchAll(/^# TYPE (\S+) /gmu)].map(([, name = ""]) => name);
  expect(measured.filter(isOfOperator).toSorted()).toEqual((await documentedMetrics()).toSorted());
});

it("every request to a server is counted, the last success is dated, and all goes with the server", async () => {
  const hand = byHand(world.llmstackUrl);
  const space = await world.namespace("measured");
  const before = Date.now() / 1000;
  await space.apply(appDocument("measured-bot"));
  const { uuid } = await space.until("App/measured-bot", isReadyNow);
  await hand.tune(uuid, { welcome_message: "By hand" });
  await space.annotate("App/measured-bot", "llmstack.ai/reconcile-requested-at", "one");
  await space.until("App/measured-bot", (now) => now.status["lastHandledReconcileAt"] === "one");
  const text = await scrape();
  const total = "llmstack_sync_server_requests_total";
  const creates = world.writes().filter(({ method }) => method === "POST");
  expect(sumOf(text, total, 'server="measured/default",method="POST",route="/api/apps",code="201"')).toBe(
    creates.length,
  );
  expect(text).toContain(`${total}{server="measured/default",method="PATCH",route="/api/apps/{id}",code="200"} 1`);
  expect(text).not.toContain(uuid);
  const counted = sumOf(text, "llmstack_sync_server_request_duration_seconds_count", 'server="measured/default"');
  expect(counted).toBe(sumOf(text, total, 'server="measured/default"'));
  const last = sumOf(text, "llmstack_sync_last_successful_sync_timestamp_seconds", 'server="measured/default"');
  expect(last).toBeGreaterThan(before);
  expect(text).toContain('llmstack_sync_drift_detected_total{kind="App",mode="correct"} 1');
  await space.delete("App/measured-bot");
  await space.gone("App/measured-bot");
  await space.delete("Server/default");
  await space.gone("Server/default");
  while ((await scrape()).includes("measured/default")) await setTimeout(50);
});
