import { Counter, Gauge, type Registry } from "prom-client";
import { namespaceOf } from "../../kube/kube-object.ts";
import type { Cluster } from "../cluster.ts";
import { specOf } from "../cluster.ts";
import { conditionIn, statusIn } from "../status/conditions.ts";
import { factsIn } from "../status/facts.ts";
import { type DriftMode, settingsOf } from "./settings.ts";

/** What resources count for themselves. */
export interface ResourceMetrics {
  drifted(kind: string, mode: DriftMode): void;
}

/** One series for each resource, made from the cache when it is asked for, so that it goes with the resource. */
export function resourceMetrics(registry: Registry, cluster: Cluster): ResourceMetrics {
  const info = new Gauge({
    name: "llmstack_sync_resource_info",
    help: "1 for each App and Datasource, with how it stands.",
    labelNames: ["kind", "namespace", "name", "ready", "reason", "suspended", "server"],
    registers: [],
    collect() {
      this.reset();
      for (const object of cluster.all()) {
        const ready = conditionIn(object["status"], "Ready");
        const reason = ready?.["reason"];
        const labels = {
          kind: object.kind,
          namespace: namespaceOf(object),
          name: object.metadata.name,
          ready: statusIn(ready) ?? "Unknown",
          reason: typeof reason === "string" ? reason : "",
          suspended: String(settingsOf(specOf(object)).isSuspended),
          server: factsIn(object["status"]).server?.name ?? "",
        };
        this.set(labels, 1);
      }
    },
  });
  registry.registerMetric(info);
  const drifted = new Counter({
    name: "llmstack_sync_drift_detected_total",
    help: "Times a live object was found changed by somebody else.",
    labelNames: ["kind", "mode"],
    registers: [registry],
  });
  return { drifted: (kind, mode) => drifted.inc({ kind, mode }) };
}
