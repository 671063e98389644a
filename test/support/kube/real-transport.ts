import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { onTestFinished } from "vitest";
import type { OnRequest } from "../../../src/kube/connection.ts";
import { createInformer, type Informer, type InformerOptions } from "../../../src/kube/informer.ts";
import { loadKubeConfig } from "../../../src/kube/kube-config.ts";
import { CONFIG_MAP } from "../../../src/kube/resource-type.ts";
import { createTransport, type Transport } from "../../../src/kube/transport.ts";
import type { ControlPlane } from "./control-plane.ts";
import type { KubeUser } from "./credentials.ts";

export const NEVER = new AbortController().signal;

const PACE = { backoff: { firstMs: 50, longestMs: 500 }, healthyMs: 10_000, silenceMs: 3_000, watchSeconds: 240 };

/** The way to a real API server, until the test ends. */
export function transportOf(file: string, onRequest?: OnRequest): Transport {
  const transport = createTransport({
    loadConfig: () => loadKubeConfig({ file, env: {} }),
    userAgent: "test",
    ...(onRequest !== undefined && { onRequest }),
  });
  onTestFinished(() => transport.close());
  return transport;
}

export interface Followed {
  readonly informer: Informer;
  /** Resolves when the informer has an object of this name in the namespace `default`. */
  readonly untilKnown: (name: string) => Promise<void>;
}

/** An informer that has synced; of the ConfigMaps in `default` unless told. */
export async function followed(transport: Transport, options: Partial<InformerOptions> = {}): Promise<Followed> {
  const informer = createInformer(
    { type: CONFIG_MAP, namespaces: ["default"], content: "whole", ...options },
    { transport, pace: PACE, onProblem: () => undefined },
  );
  onTestFinished(() => informer.stop());
  const waiting: (() => void)[] = [];
  informer.onChange(() => {
    for (const resolve of waiting.splice(0)) resolve();
  });
  informer.start();
  await informer.synced(NEVER);
  const untilKnown = async (name: string): Promise<void> => {
    while (informer.get("default", name) === undefined) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      await promise;
    }
  };
  return { informer, untilKnown };
}

export async function createMaps(plane: ControlPlane, ...names: readonly string[]): Promise<void> {
  await plane.apply(
    ...names.map((name) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace: "default" },
      data: { name },
    })),
  );
}

/** The kubeconfig of somebody, but for the address. */
export async function withServer(plane: ControlPlane, server: string, user: KubeUser = "admin"): Promise<string> {
  const config = new KubeConfig();
  config.loadFromFile(plane.kubeconfigs[user]);
  const exported = JSON.parse(config.exportConfig()) as { clusters: { cluster: { server: string } }[] };
  const [first] = exported.clusters;
  if (first !== undefined) first.cluster.server = server;
  const file = join(plane.folder, `through-${new URL(server).port}.kubeconfig`);
  await writeFile(file, JSON.stringify(exported), { mode: 0o600 });
  return file;
}
