import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { FollowStats } from "../kube/follow.ts";
import type { OnRequest } from "../kube/connection.ts";
import type { QueueObserver, QueueStats } from "../kube/work-queue.ts";

export type ReconcileResult = "success" | "error" | "requeue" | "requeue_after";

/** What one controller measures. */
export interface ControllerMetrics {
  readonly queue: QueueObserver;
  /** A reconcile ended. */
  ended(result: ReconcileResult, seconds: number): void;
  failedForGood(): void;
  timedOut(): void;
  /** Something was thrown that nobody expected. */
  panicked(): void;
  working(workers: number): void;
}

/** Everything the operator measures, under the names dashboards for controllers know, and our own `llmstack_sync_*`. */
export interface Metrics {
  readonly registry: Registry;
  controller(name: string, source: { readonly workers: number; readonly stats: () => QueueStats }): ControllerMetrics;
  readonly onRequest: OnRequest;
  /** An event was recorded: what was done, and what went wrong, counted. */
  recorded(event: { readonly kind: string; readonly type: string; readonly reason: string }): void;
  watches(kind: string, stats: () => FollowStats): void;
  leading(name: string, isLeading: () => boolean): void;
}

const SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
const QUEUE_SECONDS = [0.001, 0.01, 0.1, 1, 10, 60, 300];

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const request = {
    total: new Counter({
      name: "rest_client_requests_total",
      help: "Requests to the API server by answer.",
      labelNames: ["code", "method", "host"],
      registers: [registry],
    }),
    seconds: new Histogram({
      name: "rest_client_request_duration_seconds",
      help: "Time to the API server's answer.",
      labelNames: ["method", "host"],
      buckets: SECONDS,
      registers: [registry],
    }),
  };
  const events = new Counter({
    name: "llmstack_sync_events_total",
    help: "Events recorded, repeated ones included.",
    labelNames: ["kind", "type", "reason"],
    registers: [registry],
  });
  return {
    registry,
    recorded: (labels) => events.inc({ ...labels }),
    controller: controllerMetrics(registry),
    onRequest: ({ method, host, code, seconds }) => {
      request.total.inc({ method, host, code });
      request.seconds.observe({ method, host }, seconds);
    },
    watches: watchMetrics(registry),
    leading: (name, isLeading) => {
      const gauge = readGauge(registry, "leader_election_master_status", "1 where this process leads.", ["name"]);
      gauge((set) => set({ name }, isLeading() ? 1 : 0));
    },
  };
}

function controllerMetrics(registry: Registry): Metrics["controller"] {
  const registers = [registry];
  const counter = (name: string, help: string, labels: readonly string[] = ["controller"]): Counter =>
    new Counter({ name, help, labelNames: [...labels], registers });
  const histogram = (name: string, help: string, buckets: number[], labels: readonly string[]): Histogram =>
    new Histogram({ name, help, buckets, labelNames: [...labels], registers });
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, labelNames: ["controller"], registers });
  const queueLabels = ["name", "controller"];

  const total = counter("controller_runtime_reconcile_total", "Reconciles by result.", ["controller", "result"]);
  const errors = counter("controller_runtime_reconcile_errors_total", "Reconciles that failed.");
  const terminal = counter("controller_runtime_terminal_reconcile_errors_total", "Failures that wait for a change.");
  const panics = counter("controller_runtime_reconcile_panics_total", "Reconciles that threw what nobody expected.");
  const timeouts = counter("controller_runtime_reconcile_timeouts_total", "Reconciles that took too long.");
  const time = histogram("controller_runtime_reconcile_time_seconds", "Time of a reconcile.", SECONDS, ["controller"]);
  const most = gauge("controller_runtime_max_concurrent_reconciles", "Workers.");
  const active = gauge("controller_runtime_active_workers", "Workers at work.");
  const adds = counter("workqueue_adds_total", "Keys added.", queueLabels);
  const retries = counter("workqueue_retries_total", "Keys added again after a failure.", queueLabels);
  const waited = histogram("workqueue_queue_duration_seconds", "Time in the queue.", QUEUE_SECONDS, queueLabels);
  const worked = histogram("workqueue_work_duration_seconds", "Time at work.", QUEUE_SECONDS, queueLabels);
  const sources = new Map<string, () => QueueStats>();
  queueGauges(registry, sources);

  return (name, { workers, stats }) => {
    const labels = { controller: name };
    const queue = { name, controller: name };
    sources.set(name, stats);
    most.set(labels, workers);
    return {
      queue: {
        added: () => adds.inc(queue),
        retried: () => retries.inc(queue),
        taken: (seconds) => waited.observe(queue, seconds),
        finished: (seconds) => worked.observe(queue, seconds),
      },
      ended: (result, seconds) => {
        total.inc({ ...labels, result });
        if (result === "error") errors.inc(labels);
        time.observe(labels, seconds);
      },
      failedForGood: () => terminal.inc(labels),
      timedOut: () => timeouts.inc(labels),
      panicked: () => panics.inc(labels),
      working: (count) => active.set(labels, count),
    };
  };
}

type SetValue = (labels: Record<string, string>, value: number) => void;

/** A gauge whose values are read when somebody asks for them. */
function readGauge(
  registry: Registry,
  name: string,
  help: string,
  labelNames: string[],
): (read: (set: SetValue) => void) => void {
  const reads: ((set: SetValue) => void)[] = [];
  const gauge = new Gauge({
    name,
    help,
    labelNames,
    registers: [registry],
    collect: () => {
      gauge.reset();
      for (const read of reads) read((labels, value) => gauge.set(labels, value));
    },
  });
  return (read) => void reads.push(read);
}

function queueGauges(registry: Registry, sources: ReadonlyMap<string, () => QueueStats>): void {
  const labels = ["name", "controller"];
  const depth = readGauge(registry, "workqueue_depth", "Keys in the queue.", [...labels, "priority"]);
  depth((set) => {
    for (const [name, stats] of sources) {
      for (const [priority, keys] of stats().depthByPriority) {
        set({ name, controller: name, priority: String(priority) }, keys);
      }
    }
  });
  const perQueue = (name: string, help: string, of: (working: readonly number[]) => number): void => {
    readGauge(
      registry,
      name,
      help,
      labels,
    )((set) => {
      for (const [queue, stats] of sources) set({ name: queue, controller: queue }, of(stats().working));
    });
  };
  perQueue("workqueue_unfinished_work_seconds", "Seconds at work that has not ended.", (working) =>
    working.reduce((sum, seconds) => sum + seconds, 0),
  );
  perQueue("workqueue_longest_running_processor_seconds", "The longest work that has not ended.", (working) =>
    Math.max(0, ...working),
  );
}

const WATCH_COUNTERS: readonly (readonly [string, keyof FollowStats, string])[] = [
  ["reconnects", "reconnects", "Watches that were opened again."],
  ["relists", "relists", "Lists made again because a watch could not go on."],
  ["410", "gone", "Times the API server had forgotten where a watch was."],
  ["stalls", "stalls", "Watches that were silent for too long."],
];

/** A counter that is counted elsewhere, for each kind. */
function readCounter(registry: Registry, name: string, help: string): (kind: string, count: () => number) => void {
  const reads: (readonly [string, () => number])[] = [];
  const counter = new Counter({
    name,
    help,
    labelNames: ["kind"],
    registers: [registry],
    collect: () => {
      counter.reset();
      for (const [kind, count] of reads) counter.inc({ kind }, count());
    },
  });
  return (kind, count) => void reads.push([kind, count]);
}

/** Their sources count for themselves; a scrape reads them. */
function watchMetrics(registry: Registry): Metrics["watches"] {
  const counters = WATCH_COUNTERS.map(
    ([name, field, help]) => [field, readCounter(registry, `llmstack_sync_watch_${name}_total`, help)] as const,
  );
  return (kind, stats) => {
    for (const [field, read] of counters) read(kind, () => stats()[field]);
  };
}
