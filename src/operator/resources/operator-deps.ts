import type { KubeObject } from "../../kube/kube-object.ts";
import type { Cluster } from "../cluster.ts";
import type { Runtime } from "../runtime.ts";
import type { ServerMetrics } from "../servers/server-metrics.ts";
import type { ServerRegistry } from "../servers/server-registry.ts";
import type { Claims } from "./claims.ts";
import type { DriftMetrics } from "./drift-metrics.ts";
import type { Runs } from "./runs.ts";

/** What reconcilers of resources share. */
export interface Deps {
  readonly runtime: Runtime;
  readonly cluster: Cluster;
  readonly registry: ServerRegistry;
  readonly runs: Runs;
  readonly claims: Claims;
  readonly drifts: DriftMetrics;
  readonly serverMetrics: ServerMetrics;
  /** Has resources, or servers, looked at soon. */
  enqueue(object: KubeObject, priority: number): void;
}
