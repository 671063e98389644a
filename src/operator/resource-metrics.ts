import { Gauge, type Registry } from "prom-client";
import type { Informer } from "../kube/informer.ts";
import { type KubeObject, namespaceOf } from "../kube/kube-object.ts";
import { isObject } from "../model/json.ts";
import { CLUSTER_SERVER } from "./resources/resource-kinds.ts";
import { serverLabel } from "./servers/server-metrics.ts";

const LABELS = ["kind", "namespace", "name", "ready", "reason", "stalled", "drifted", "suspended", "server"] as const;

/** One series a resource, as its status says at the moment it is asked for; gone with the resource. */
export function resourceMetrics(registry: Registry, informers: readonly Pick<Informer, "list">[]): void {
  const gauge = new Gauge({
    name: "llmstack_sync_resource_info",
    help: "1 for each resource; its labels say how it is.",
    labelNames: [...LABELS],
    registers: [registry],
    collect: () => {
      gauge.reset();
      for (const object of informers.flatMap((informer) => informer.list())) gauge.set(labelsOf(object), 1);
    },
  });
}

function labelsOf(object: KubeObject): Readonly<Record<(typeof LABELS)[number], string>> {
  const status = part(object["status"]);
  const ready = conditionOf(status, "Ready");
  return {
    kind: object.kind,
    namespace: namespaceOf(object),
    name: object.metadata.name,
    ready: textOf(ready["status"], "Unknown"),
    reason: textOf(ready["reason"], ""),
    stalled: textOf(conditionOf(status, "Stalled")["status"], "Unknown"),
    drifted: textOf(conditionOf(status, "Drifted")["status"], "Unknown"),
    suspended: textOf(conditionOf(status, "Suspended")["status"], "Unknown"),
    server: serverOf(namespaceOf(object), part(status["server"])),
  };
}

/** The one that it is bound to. */
function serverOf(namespace: string, { kind, name }: Part): string {
  return typeof name === "string" ? serverLabel(kind === CLUSTER_SERVER.kind ? "" : namespace, name) : "";
}

function conditionOf({ conditions }: Part, type: string): Part {
  const all: unknown = conditions;
  return part(Array.isArray(all) ? all.find((one: unknown) => isObject(one) && one["type"] === type) : undefined);
}

type Part = { readonly [key: string]: unknown };

function part(value: unknown): Part {
  return isObject(value) ? value : {};
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}
