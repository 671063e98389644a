import { describe, expect, it } from "vitest";
import { createMetrics } from "../../src/operator/metrics.ts";
import { resourceMetrics } from "../../src/operator/resource-metrics.ts";
import { driftMetrics } from "../../src/operator/resources/drift-metrics.ts";
import { serverMetrics } from "../../src/operator/servers/server-metrics.ts";
import { documentedMetrics, isOfOperator } from "../support/documented-metrics.ts";

const idle = { depthByPriority: new Map([[100, 3]]), waiting: 0, working: [2, 5] };
const stats = { reconnects: 4, relists: 3, gone: 2, stalls: 1 };

const app = {
  apiVersion: "llmstack.ai/v1alpha1",
  kind: "App",
  metadata: { namespace: "shop", name: "bot", uid: "u", resourceVersion: "1" },
  status: {
    conditions: [
      { type: "Ready", status: "False", reason: "ServerNotFound" },
      { type: "Suspended", status: "True", reason: "SpecSuspend" },
    ],
    server: { kind: "Server", name: "default" },
  },
};

function whole(): ReturnType<typeof createMetrics> {
  const metrics = createMetrics();
  metrics.controller("apps", { workers: 8, stats: () => idle });
  metrics.watches("App", () => stats);
  metrics.leading("the-lease", () => true);
  metrics.recorded({ kind: "App", type: "Normal", reason: "DriftCorrected" });
  resourceMetrics(metrics.registry, [{ list: () => [app] }]);
  driftMetrics(metrics.registry);
  serverMetrics(metrics.registry, () => []);
  return metrics;
}

describe("the operator's metrics", () => {
  it("are all documented, and no others", async () => {
    const names = whole()
      .registry.getMetricsAsArray()
      .map(({ name }) => name)
      .filter(isOfOperator);
    expect(names.length).toBeGreaterThan(20);
    expect((await documentedMetrics()).toSorted()).toEqual(names.toSorted());
  });

  it("say at the moment they are asked what the queue, the watches and the election say", async () => {
    const text = await whole().registry.metrics();
    for (const line of [
      'workqueue_depth{name="apps",controller="apps",priority="100"} 3',
      'workqueue_unfinished_work_seconds{name="apps",controller="apps"} 7',
      'workqueue_longest_running_processor_seconds{name="apps",controller="apps"} 5',
      'leader_election_master_status{name="the-lease"} 1',
      'llmstack_sync_events_total{kind="App",type="Normal",reason="DriftCorrected"} 1',
      'llmstack_sync_resource_info{kind="App",namespace="shop",name="bot",ready="False",reason="ServerNotFound",stalled="Unknown",drifted="Unknown",suspended="True",server="shop/default"} 1',
      'llmstack_sync_watch_reconnects_total{kind="App"} 4',
      'llmstack_sync_watch_410_total{kind="App"} 2',
    ]) {
      expect(text).toContain(line);
    }
    expect(text).toContain("# TYPE llmstack_sync_watch_stalls_total counter");
  });

  it("do not count twice what is read twice", async () => {
    const { registry } = whole();
    await registry.metrics();
    expect(await registry.metrics()).toContain('llmstack_sync_watch_relists_total{kind="App"} 3');
  });
});
