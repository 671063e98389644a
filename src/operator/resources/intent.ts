import { randomUUID } from "node:crypto";
import { generationOf, type KubeObject } from "../../kube/kube-object.ts";
import type { Cluster } from "../cluster.ts";
import type { Runtime } from "../runtime.ts";
import { type Binding, factsIn } from "../status/facts.ts";
import { statusToJson } from "../status/resource-status.ts";
import { writeStatus } from "../status/status-writer.ts";
import { resourceTypes } from "./resource-kinds.ts";

/**
 * Writes down that an object is about to be made that can carry no mark: whoever comes after a crash knows then that
 * what is found in its place is ours.
 */
export async function recordIntent(
  object: KubeObject,
  binding: Binding,
  { cluster, runtime }: { readonly cluster: Cluster; readonly runtime: Runtime },
): Promise<void> {
  const type = resourceTypes.find(({ kind }) => kind === object.kind);
  if (type === undefined) return;
  const now = new Date().toISOString();
  const before = cluster.written.of(object)["status"];
  const status = statusToJson({
    facts: { ...factsIn(before), pendingCreate: { nonce: randomUUID(), at: now } },
    reason: "Reconciling",
    message: `It is being made on ${binding.url}.`,
    isSuspended: false,
    generation: generationOf(object),
    before,
    now,
  });
  await writeStatus({ kube: runtime.kube, written: cluster.written }, { type, object, status }, runtime.signal);
}
