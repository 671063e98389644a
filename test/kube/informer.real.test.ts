import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { KubeError } from "../../src/kube/kube-error.ts";
import { SECRET } from "../../src/kube/resource-type.ts";
import { type ControlPlane, startControlPlane } from "../support/kube/control-plane.ts";
import { cutProxy } from "../support/kube/cut-proxy.ts";
import { createMaps, followed, NEVER, transportOf, withServer } from "../support/kube/real-transport.ts";

const CANARY = "canary-0123456789";

let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane();
});

afterAll(async () => plane.stop());

describe("informers on a real Kubernetes API", () => {
  it("have nothing of a Secret but its metadata", async () => {
    await plane.kubectl(["create", "secret", "generic", "hidden", `--from-literal=token=${CANARY}`]);
    const { informer, untilKnown } = await followed(transportOf(plane.kubeconfigs.admin), {
      type: SECRET,
      content: "metadata",
    });
    await untilKnown("hidden");
    await plane.kubectl(["create", "secret", "generic", "later", `--from-literal=token=${CANARY}`]);
    await untilKnown("later");
    const none = await followed(transportOf(plane.kubeconfigs.admin), {
      type: SECRET,
      content: "metadata",
      labelSelector: "no=such",
    });
    expect(none.informer.list()).toEqual([]);
    const known = JSON.stringify(informer.list());
    expect(known).toContain('"resourceVersion"');
    for (const held of [CANARY, btoa(CANARY), '"data"', "managedFields", "last-applied"]) {
      expect(known).not.toContain(held);
    }
  });

  it("go on when the API server is killed and comes back", async () => {
    const { informer, untilKnown } = await followed(transportOf(plane.kubeconfigs.admin));
    await createMaps(plane, "before-kill");
    await untilKnown("before-kill");
    await plane.apiServer.kill();
    await plane.apiServer.restart();
    await createMaps(plane, "after-kill");
    await untilKnown("after-kill");
    expect(informer.stats().reconnects).toBeGreaterThan(0);
  });

  it("notice that the API server is frozen, and go on when it is not", async () => {
    const { informer, untilKnown } = await followed(transportOf(plane.kubeconfigs.admin));
    await createMaps(plane, "before-freeze");
    await untilKnown("before-freeze");
    const stalls = informer.stats().stalls;
    plane.apiServer.pause();
    while (informer.stats().stalls === stalls) await new Promise((resolve) => setTimeout(resolve, 50));
    plane.apiServer.resume();
    await createMaps(plane, "after-freeze");
    await untilKnown("after-freeze");
    expect(informer.stats().relists).toBe(0);
  });

  it.each([
    ["the API server began anew", [], async () => undefined],
    ["etcd was compacted", ["--watch-cache=false", "--etcd-compaction-interval=1s"], untilCompacted],
  ] as const)("list again when %s while they were away, and miss no delete", async (_, flags, passed) => {
    await plane.apiServer.restart(flags);
    onTestFinished(() => plane.apiServer.restart([]));
    await createMaps(plane, "to-go");
    const cable = await cutProxy(Number(new URL(plane.url).port));
    onTestFinished(() => cable.close());
    const file = await withServer(plane, `https://127.0.0.1:${cable.port}`);
    const { informer, untilKnown } = await followed(transportOf(file));
    const seen = informer.get("default", "to-go")?.metadata.resourceVersion ?? "";
    expect(seen).not.toBe("");
    cable.cut();
    await plane.kubectl(["delete", "configmap", "to-go"]);
    await plane.apiServer.restart();
    await createMaps(plane, "while-away");
    await passed(seen);
    cable.mend();
    await untilKnown("while-away");
    expect(informer.get("default", "to-go")).toBeUndefined();
    expect(informer.stats()).toMatchObject({ gone: 1, relists: 1 });
    await plane.kubectl(["delete", "configmap", "while-away"]);
  });

  it("see what carries a label, and what no longer does as deleted", async () => {
    await plane.kubectl(["create", "configmap", "labelled"]);
    await plane.kubectl(["label", "configmap", "labelled", "share=one"]);
    const { informer } = await followed(transportOf(plane.kubeconfigs.admin), { labelSelector: "share=one" });
    expect(informer.list().map(({ metadata }) => metadata.name)).toEqual(["labelled"]);
    const gone = Promise.withResolvers<string>();
    informer.onChange(({ type }) => gone.resolve(type));
    await plane.kubectl(["label", "configmap", "labelled", "share-"]);
    await expect(gone.promise).resolves.toBe("deleted");
  });
});

/** What was true at that version can no longer be asked for. */
async function untilCompacted(version: string): Promise<void> {
  const kube = transportOf(plane.kubeconfigs.admin);
  const path = `/api/v1/namespaces/default/configmaps?resourceVersion=${version}&resourceVersionMatch=Exact`;
  const exchange = { method: "GET", path, what: "list configmaps of then", timeoutMs: 10_000 } as const;
  const isThere = (): Promise<boolean> =>
    kube
      .send(exchange, NEVER, async ({ body }) => body.dump())
      .then(
        () => true,
        (error: unknown) => !(error instanceof KubeError && error.kind === "gone"),
      );
  while (await isThere()) await new Promise((resolve) => setTimeout(resolve, 200));
}
