import type { Registry } from "prom-client";
import { describe, expect, it, onTestFinished } from "vitest";
import { KubeError } from "../../src/kube/kube-error.ts";
import { SyncError } from "../../src/model/errors.ts";
import { type Controller, createController, type Next, type Reconciler } from "../../src/operator/controller.ts";
import { createLog } from "../../src/operator/log.ts";
import { createMetrics } from "../../src/operator/metrics.ts";

type Reconcile = Reconciler["reconcile"];

interface World {
  readonly controller: Controller;
  readonly lines: () => readonly Record<string, unknown>[];
  readonly stop: AbortController;
  /** The value of a metric, 0 where it was never set. */
  readonly metric: (name: string, labels?: Record<string, string>) => Promise<number>;
}

function world(reconcile: Reconcile, more: { readonly workers?: number; readonly timeoutMs?: number } = {}): World {
  const written: string[] = [];
  const metrics = createMetrics();
  const stop = new AbortController();
  const controller = createController({
    reconciler: {
      name: "things",
      reconcile,
      ...(more.timeoutMs !== undefined && { timeoutMs: more.timeoutMs }),
    },
    workers: more.workers ?? 2,
    log: createLog({ format: "json", level: "debug", write: (text) => written.push(text) }),
    metrics,
    signal: stop.signal,
  });
  onTestFinished(() => {
    void controller.drain();
    stop.abort();
  });
  return {
    controller,
    stop,
    lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
    metric: async (name, labels = {}) => valueOf(metrics.registry, name, { controller: "things", ...labels }),
  };
}

async function valueOf(registry: Registry, name: string, labels: Record<string, string>): Promise<number> {
  const metric = await registry.getSingleMetric(name)?.get();
  const value = metric?.values.find((one) => Object.entries(labels).every(([key, text]) => one.labels[key] === text));
  return value?.value ?? 0;
}

/** A reconciler that notes its calls and answers from a list; done where that is over. */
function scripted(...script: readonly (() => Next | Promise<Next>)[]): {
  readonly reconcile: Reconcile;
  readonly calls: string[];
  readonly until: (count: number) => Promise<void>;
} {
  const calls: string[] = [];
  const waiting: (() => void)[] = [];
  return {
    calls,
    reconcile: async ({ namespace, name }) => {
      const step = script[calls.length];
      calls.push(`${namespace}/${name}`);
      queueMicrotask(() => {
        for (const resolve of waiting.splice(0)) resolve();
      });
      return step === undefined ? { next: "done" } : await step();
    },
    until: async (count) => {
      while (calls.length < count) {
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.push(resolve);
        await promise;
      }
    },
  };
}

const THING = { namespace: "shop", name: "thing" };

describe("a controller", () => {
  it("works on nothing before it is started, and on the most urgent first then", async () => {
    const { reconcile, calls, until } = scripted();
    const { controller } = world(reconcile, { workers: 1 });
    controller.enqueue({ namespace: "", name: "cluster-wide" }, 0);
    controller.enqueue(THING, 100);
    expect(calls).toEqual([]);
    controller.start();
    await until(2);
    expect(calls).toEqual(["shop/thing", "/cluster-wide"]);
  });

  it("works on several things at once and on one thing once", async () => {
    const gate = Promise.withResolvers<Next>();
    const { reconcile, calls, until } = scripted(
      () => gate.promise,
      () => gate.promise,
    );
    const { controller, metric } = world(reconcile, { workers: 2 });
    controller.start();
    controller.enqueue(THING, 100);
    controller.enqueue({ ...THING, name: "other" }, 100);
    controller.enqueue(THING, 100);
    await until(2);
    expect(calls).toEqual(["shop/thing", "shop/other"]);
    expect(await metric("controller_runtime_active_workers")).toBe(2);
    gate.resolve({ next: "done" });
    await until(3);
    expect(calls.at(-1)).toBe("shop/thing");
  });

  it("comes back after as long as it was told", async () => {
    const { reconcile, until } = scripted(() => ({ next: "after", ms: 1 }));
    const { controller, metric } = world(reconcile);
    controller.start();
    controller.enqueue(THING, 100);
    await until(2);
    expect(await metric("controller_runtime_reconcile_total", { result: "requeue_after" })).toBe(1);
  });

  it.each([
    ["a failure that may pass", (): Next => failed(new SyncError("unreachable", "gone", { isRetryable: true })), 0],
    ["a failure of the API server", (): Next => failed(new KubeError("busy", { kind: "throttled", status: 429 })), 0],
    ["a bug", (): Next => raise(new TypeError("undefined is not a function")), 1],
    ["a failure that is thrown", (): Next => raise(new SyncError("unreachable", "gone", { isRetryable: true })), 0],
  ])("tries again after %s", async (_, step, panics) => {
    const { reconcile, until } = scripted(step);
    const { controller, metric } = world(reconcile);
    controller.start();
    controller.enqueue(THING, 100);
    await until(2);
    expect(await metric("controller_runtime_reconcile_errors_total")).toBe(1);
    expect(await metric("workqueue_retries_total")).toBe(1);
    expect(await metric("controller_runtime_reconcile_panics_total")).toBe(panics);
  });

  it("waits for a change after a failure that no retry helps, or for the interval", async () => {
    const invalid = new SyncError("invalid_manifest", "no such field");
    const { reconcile, until } = scripted(
      () => ({ next: "failed", error: invalid }),
      () => ({ next: "failed", error: invalid, intervalMs: 1 }),
    );
    const { controller, metric } = world(reconcile, { workers: 1 });
    controller.start();
    controller.enqueue(THING, 100);
    await until(1);
    controller.enqueue(THING, 100);
    await until(3);
    expect(await metric("controller_runtime_terminal_reconcile_errors_total")).toBe(2);
    expect(await metric("workqueue_retries_total")).toBe(0);
  });

  it("lets one thing's failure be nobody else's", async () => {
    const { reconcile, calls, until } = scripted(() => raise(new Error("broken")));
    const { controller } = world(reconcile, { workers: 1 });
    controller.start();
    controller.enqueue(THING, 100);
    controller.enqueue({ ...THING, name: "other" }, 10);
    await until(2);
    expect(calls).toEqual(["shop/thing", "shop/other"]);
  });

  it("ends a reconcile that takes too long, and tries again", async () => {
    const reasons: unknown[] = [];
    const again = Promise.withResolvers<void>();
    const { controller, metric } = world(
      async (_, { signal }) => {
        if (reasons.length > 0) again.resolve();
        else await aborted(signal).catch((error: unknown) => raise(reasons.push(error) > 0 ? error : error));
        return { next: "done" };
      },
      { timeoutMs: 20 },
    );
    controller.start();
    controller.enqueue(THING, 100);
    await again.promise;
    expect(reasons).toMatchObject([{ name: "TimeoutError" }]);
    expect(await metric("controller_runtime_reconcile_timeouts_total")).toBe(1);
  });

  it("begins nothing new once it drains, and says when what was under way has ended", async () => {
    const gate = Promise.withResolvers<Next>();
    const { reconcile, calls, until } = scripted(() => gate.promise);
    const { controller } = world(reconcile, { workers: 1 });
    controller.start();
    controller.enqueue(THING, 100);
    controller.enqueue({ ...THING, name: "other" }, 100);
    await until(1);
    const drained = controller.drain();
    controller.enqueue({ ...THING, name: "third" }, 100);
    gate.resolve({ next: "after", ms: 1 });
    await drained;
    expect(calls).toEqual(["shop/thing"]);
  });

  it("aborts what is under way when all work has to end, and counts that as nobody's failure", async () => {
    const begun = Promise.withResolvers<void>();
    const { controller, stop, metric } = world(async (_, { signal }) => {
      begun.resolve();
      await aborted(signal);
      return { next: "done" };
    });
    controller.start();
    controller.enqueue(THING, 100);
    await begun.promise;
    stop.abort(new Error("the lease is lost"));
    await controller.drain();
    expect(await metric("controller_runtime_reconcile_errors_total")).toBe(0);
  });

  it("gives every line of a reconcile one id", async () => {
    const ids: string[] = [];
    const done = Promise.withResolvers<void>();
    const { controller, lines } = world(
      (_, { log, reconcileId }) => {
        ids.push(reconcileId);
        log.info("looked at it", { found: 1 });
        if (ids.length === 2) done.resolve();
        return Promise.resolve({ next: "done" });
      },
      { workers: 1 },
    );
    controller.start();
    controller.enqueue(THING, 100);
    controller.enqueue({ ...THING, name: "other" }, 100);
    await done.promise;
    expect(new Set(ids).size).toBe(2);
    expect(lines().filter(({ level }) => level === "info")).toMatchObject([
      { level: "info", message: "looked at it", controller: "things", ...THING, reconcileId: ids[0], found: 1 },
      { name: "other", reconcileId: ids[1] },
    ]);
  });
});

function failed(error: unknown): Next {
  return { next: "failed", error, retryMs: 1 };
}

function raise(error: unknown): never {
  throw error;
}

async function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  return promise;
}
