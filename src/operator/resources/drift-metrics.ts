import { Counter, type Registry } from "prom-client";
import type { DriftMode } from "./settings.ts";

export interface DriftMetrics {
  /** A live object was found changed by somebody else. */
  found(kind: string, mode: DriftMode): void;
}

export function driftMetrics(registry: Registry): DriftMetrics {
  const total = new Counter({
    name: "llmstack_sync_drift_detected_total",
    help: "Times a live object was found changed by somebody else.",
    labelNames: ["kind", "mode"],
    registers: [registry],
  });
  return { found: (kind, mode) => total.inc({ kind, mode }) };
}
