import { Registry } from "prom-client";
import { expect, it } from "vitest";
import type { KubeObject } from "../../../src/kube/kube-object.ts";
import { serverMetrics } from "../../../src/operator/servers/server-metrics.ts";

const answered = { method: "GET", path: "/api/apps", status: 200, seconds: 0.3 } as const;

function server(name: string, namespace?: string): KubeObject {
  const metadata = { name, uid: name, resourceVersion: "1", ...(namespace !== undefined && { namespace }) };
  return { apiVersion: "llmstack.ai/v1alpha1", kind: namespace === undefined ? "ClusterServer" : "Server", metadata };
}

it("requests are counted by server, route and answer, not by object", async () => {
  const registry = new Registry();
  const own = server("default", "shop");
  const metrics = serverMetrics(registry, () => [own]);
  for (const id of ["1-a", "2-b"]) metrics.answered(own, { ...answered, path: `/api/apps/${id}` });
  metrics.answered(own, { ...answered, status: 0 });
  const text = await registry.metrics();
  const total = "llmstack_sync_server_requests_total";
  expect(text).toContain(`${total}{server="shop/default",method="GET",route="/api/apps/{id}",code="200"} 2`);
  expect(text).toContain(`${total}{server="shop/default",method="GET",route="/api/apps",code="<error>"} 1`);
  const buckets = "llmstack_sync_server_request_duration_seconds_bucket";
  expect(text).toContain(`${buckets}{le="0.25",server="shop/default",method="GET"} 0`);
  expect(text).toContain(`${buckets}{le="0.5",server="shop/default",method="GET"} 3`);
});

it("everything about a server goes when the server is gone, whoever still waited for an answer of it", async () => {
  const registry = new Registry();
  const [gone, kept] = [server("default", "shop"), server("default")];
  let present = [gone, kept];
  const metrics = serverMetrics(registry, () => present);
  for (const one of [gone, kept]) metrics.answered(one, answered);
  metrics.synced("App", "shop/default");
  expect(await registry.metrics()).toContain('timestamp_seconds{kind="App",server="shop/default"}');
  present = [kept];
  expect(await registry.metrics()).not.toContain("shop/default");
  metrics.answered(gone, answered);
  const text = await registry.metrics();
  expect(text).not.toContain("shop/default");
  expect(text).toContain('server="default"');
});
