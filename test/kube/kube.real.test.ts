import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createEventRecorder } from "../../src/kube/event-recorder.ts";
import { createKube } from "../../src/kube/kube.ts";
import { finalizersOf } from "../../src/kube/kube-object.ts";
import { CONFIG_MAP, LEASE, type ResourceType } from "../../src/kube/resource-type.ts";
import { createTransport } from "../../src/kube/transport.ts";
import { type ControlPlane, startControlPlane } from "../support/kube/control-plane.ts";
import { createMaps, followed, NEVER, transportOf } from "../support/kube/real-transport.ts";
import { rejection } from "../support/wire-server.ts";

const APP: ResourceType = {
  group: "llmstack.ai",
  version: "v1alpha1",
  plural: "apps",
  kind: "App",
  namespaced: true,
};

let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane({ with: ["crds"] });
});

afterAll(async () => plane.stop());

describe("requests to a real Kubernetes API", () => {
  it("own what they apply to a status, and nothing else of the object", async () => {
    const kube = createKube(transportOf(plane.kubeconfigs.admin), "tester");
    const definition = { name: "Bot", type_slug: "text-chat", processors: [] };
    await plane.apply({
      apiVersion: "llmstack.ai/v1alpha1",
      kind: "App",
      metadata: { name: "bot", namespace: "default" },
      spec: { definition },
    });
    const ref = { namespace: "default", name: "bot" };
    const app = await kube.get(APP, ref, NEVER);
    if (app === undefined) throw new Error("it is not there");
    const status = { observedGeneration: 1, conditions: [] };
    await kube.applyStatus(APP, { ...app, status: { ...status, uuid: "the-uuid" } }, NEVER);
    const applied = await kube.applyStatus(APP, { ...app, status }, NEVER);
    expect(applied["status"]).toMatchObject({ observedGeneration: 1 });
    expect(applied["status"]).not.toHaveProperty("uuid");
    expect(applied["spec"]).toEqual(app["spec"]);
    expect(applied.metadata["generation"]).toBe(1);
  });

  it("add a finalizer and take it away without touching those of others", async () => {
    const kube = createKube(transportOf(plane.kubeconfigs.admin), "tester");
    const ref = { namespace: "default", name: "finalized" };
    const finalizers = ["example.com/theirs"];
    await plane.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { ...ref, finalizers } });
    const test = { op: "test", path: "/metadata/finalizers", value: finalizers } as const;
    const add = { op: "add", path: "/metadata/finalizers/-", value: "example.com/ours" } as const;
    const added = await kube.patchJson(CONFIG_MAP, ref, [test, add], NEVER);
    expect(finalizersOf(added)).toEqual(["example.com/theirs", "example.com/ours"]);
    const wrong = [
      { op: "test", path: "/metadata/finalizers/0", value: "example.com/ours" },
      { op: "remove", path: "/metadata/finalizers/0" },
    ] as const;
    await expect(rejection(kube.patchJson(CONFIG_MAP, ref, wrong, NEVER))).resolves.toMatchObject({ kind: "invalid" });
    await plane.kubectl([
      "patch",
      "configmap",
      "finalized",
      "--type=json",
      '-p=[{"op":"remove","path":"/metadata/finalizers"}]',
    ]);
  });

  it("say who was faster", async () => {
    const kube = createKube(transportOf(plane.kubeconfigs.admin), "tester");
    const lease = { metadata: { namespace: "default", name: "contested" }, spec: {} };
    const created = await kube.create(LEASE, lease, NEVER);
    await expect(rejection(kube.create(LEASE, lease, NEVER))).resolves.toMatchObject({
      kind: "conflict",
      reason: "AlreadyExists",
    });
    await kube.replace(LEASE, { ...created, spec: { holderIdentity: "one" } }, NEVER);
    await expect(
      rejection(kube.replace(LEASE, { ...created, spec: { holderIdentity: "two" } }, NEVER)),
    ).resolves.toMatchObject({ kind: "conflict", reason: "Conflict" });
  });

  it("leave events that kubectl shows, with how often they happened", async () => {
    const kube = createKube(transportOf(plane.kubeconfigs.admin), "tester");
    await createMaps(plane, "eventful");
    const regarding = await kube.get(CONFIG_MAP, { namespace: "default", name: "eventful" }, NEVER);
    if (regarding === undefined) throw new Error("it is not there");
    let now = Date.now();
    const problems: unknown[] = [];
    const recorder = createEventRecorder({
      kube,
      controller: "llmstack.ai/llmstack-sync",
      instance: "tester",
      onProblem: (_, error) => problems.push(error),
      signal: NEVER,
      now: () => now,
    });
    const event = { regarding, type: "Warning", reason: "TestReason", message: "it happened", action: "Test" } as const;
    for (let count = 0; count < 3; count += 1) {
      recorder.record(event);
      now += 61_000;
    }
    await recorder.flush();
    expect(problems).toEqual([]);
    const listed = await plane.kubectl(["get", "events.events.k8s.io", "-o", "json"]);
    expect((JSON.parse(listed) as { items: unknown[] }).items).toMatchObject([
      { reason: "TestReason", note: "it happened", type: "Warning", series: { count: 3 } },
    ]);
    expect(await plane.kubectl(["describe", "configmap", "eventful"])).toContain("it happened");
  });

  it("go on with the next token when the one they had is no longer good", async () => {
    await plane.kubectl(["create", "serviceaccount", "rotating"]);
    await plane.kubectl([
      "create",
      "clusterrolebinding",
      "rotating",
      "--clusterrole=cluster-admin",
      "--serviceaccount=default:rotating",
    ]);
    await plane.kubectl(["create", "secret", "generic", "first-token"]);
    const tokenFile = join(plane.folder, "rotating-token");
    const bound = ["--bound-object-kind=Secret", "--bound-object-name=first-token"];
    await writeFile(tokenFile, await plane.kubectl(["create", "token", "rotating", ...bound]), { mode: 0o600 });
    const codes: string[] = [];
    const transport = createTransport({
      loadConfig: () => withTokenFile(tokenFile),
      userAgent: "test",
      onRequest: ({ code }) => codes.push(code),
    });
    onTestFinished(() => transport.close());
    const { untilKnown } = await followed(transport);
    await writeFile(tokenFile, await plane.kubectl(["create", "token", "rotating"]), { mode: 0o600 });
    await plane.kubectl(["delete", "secret", "first-token"]);
    const kube = createKube(transport, "tester");
    // The API server believes a token for some seconds more.
    while (!codes.includes("401")) {
      await kube.get(CONFIG_MAP, { namespace: "default", name: "any" }, NEVER);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await createMaps(plane, "after-rotation");
    await untilKnown("after-rotation");
    expect(codes).toContain("401");
  });

  it("wait as long as a busy API server says, and come through", async () => {
    const { namespace, name } = { namespace: "llmstack-sync", name: "llmstack-sync" };
    await plane.kubectl(["create", "role", "reader", "--verb=get,list,watch", "--resource=configmaps"]);
    await plane.kubectl(["create", "rolebinding", "reader", "--role=reader", `--serviceaccount=${namespace}:${name}`]);
    await plane.apiServer.restart(["--enable-priority-and-fairness=false", "--max-requests-inflight=1"]);
    onTestFinished(() => plane.apiServer.restart([]));
    const codes: string[] = [];
    const transport = transportOf(plane.kubeconfigs.operator, ({ code }) => codes.push(code));
    const kube = createKube(transport, "tester");
    for (let round = 0; round < 20 && !codes.includes("429"); round += 1) {
      const all = Array.from({ length: 40 }, () => kube.list(CONFIG_MAP, { namespace: "default" }, NEVER));
      const lists = await Promise.allSettled(all);
      expect(lists.filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(0);
    }
    expect(codes).toContain("429");
  });
});

function withTokenFile(tokenFile: string): KubeConfig {
  const config = new KubeConfig();
  const cluster = { name: "test", server: plane.url, caFile: plane.caFile, skipTLSVerify: false };
  config.loadFromClusterAndUser(cluster, { name: "pod", authProvider: { name: "file", config: { tokenFile } } });
  return config;
}
