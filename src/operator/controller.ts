import { randomUUID } from "node:crypto";
import { ApiError, SyncError } from "../model/errors.ts";
import { jittered } from "../kube/backoff.ts";
import type { Informer } from "../kube/informer.ts";
import { namespaceOf } from "../kube/kube-object.ts";
import { isAskedFor } from "./asked-for.ts";
import { deadline } from "../kube/deadline.ts";
import { KubeError } from "../kube/kube-error.ts";
import { WorkQueue } from "../kube/work-queue.ts";
import { failureFields, type Log } from "./log.ts";
import type { ControllerMetrics, Metrics, ReconcileResult } from "./metrics.ts";
import { PRIORITY } from "./priority.ts";

/** Makes one object true. A request is a name: what is wanted is read from the store, never from an event. */
export interface Reconciler {
  readonly name: string;
  /** The longest time for one; two minutes unless told. */
  readonly timeoutMs?: number;
  reconcile(request: ReconcileRequest, context: ReconcileContext): Promise<Next>;
}

/** Cluster-wide objects have the empty namespace. */
export interface ReconcileRequest {
  readonly namespace: string;
  readonly name: string;
}

export interface ReconcileContext {
  /** Aborted when it takes too long, when the lease is lost, and when a shutdown cannot wait any longer. */
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly reconcileId: string;
}

/**
 * When an object is looked at again, changes aside. What is thrown means the same as `failed` without more; anything
 * but a SyncError is a bug, and is retried too.
 */
export type Next =
  | { readonly next: "done" }
  | { readonly next: "after"; readonly ms: number }
  | {
      readonly next: "failed";
      readonly error: unknown;
      /** The longest wait between tries. */
      readonly retryMs?: number;
      /** For what no retry helps: looked at again so late all the same. */
      readonly intervalMs?: number;
    };

export interface Controller {
  readonly name: string;
  enqueue(request: ReconcileRequest, priority: number): void;
  /** Enqueues the informer's own objects as they change, but for changes of their status alone. */
  follow(informer: Informer): void;
  /** The workers begin. What was enqueued before waits for it. */
  start(): void;
  /** Nothing new is begun; resolves when everything under way has ended. */
  drain(): Promise<void>;
  /** Whether a worker is busy for longer than any reconcile may take. */
  isStuck(): boolean;
}

export interface ControllerSetup {
  readonly reconciler: Reconciler;
  readonly workers: number;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Aborts what is under way. */
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 120_000;
const BACKOFF = { firstMs: 1_000, longestMs: 600_000 };

export function createController(setup: ControllerSetup): Controller {
  return new Workers(setup);
}

class Workers implements Controller {
  readonly name: string;
  readonly #setup: ControllerSetup;
  readonly #timeoutMs: number;
  readonly #metrics: ControllerMetrics;
  readonly #queue: WorkQueue;
  #active = 0;

  constructor(setup: ControllerSetup) {
    this.name = setup.reconciler.name;
    this.#setup = setup;
    this.#timeoutMs = setup.reconciler.timeoutMs ?? TIMEOUT_MS;
    this.#metrics = setup.metrics.controller(this.name, {
      workers: setup.workers,
      stats: () => this.#queue.stats(),
    });
    this.#queue = new WorkQueue({ backoff: BACKOFF, observer: this.#metrics.queue });
  }

  enqueue(request: ReconcileRequest, priority: number): void {
    this.#queue.add(keyOf(request), priority);
  }

  follow(informer: Informer): void {
    informer.onChange((change) => {
      if (!isAskedFor(change)) return;
      const { object } = change;
      const isInitial = change.type === "added" && change.isInitial;
      const request = { namespace: namespaceOf(object), name: object.metadata.name };
      this.enqueue(request, isInitial ? PRIORITY.startUp : PRIORITY.edit);
    });
  }

  start(): void {
    for (let count = 0; count < this.#setup.workers; count += 1) void this.#work();
  }

  async drain(): Promise<void> {
    this.#queue.shutDown();
    await this.#queue.drained();
  }

  isStuck(): boolean {
    return this.#queue.stats().working.some((seconds) => seconds * 1000 > this.#timeoutMs * 2);
  }

  async #work(): Promise<void> {
    for (;;) {
      const taken = await this.#queue.get();
      if (taken === undefined) return;
      this.#metrics.working((this.#active += 1));
      const start = performance.now();
      const reconcileId = randomUUID();
      const log = this.#setup.log.with({ controller: this.name, ...requestOf(taken.key), reconcileId });
      const next = await this.#reconcile(taken.key, log, reconcileId);
      const result = this.#settle(taken.key, next, log);
      const seconds = (performance.now() - start) / 1000;
      this.#metrics.ended(result, seconds);
      log.debug("looked at", { result, seconds });
      this.#metrics.working((this.#active -= 1));
      this.#queue.done(taken.key);
    }
  }

  /** Never throws: one object's failure is nobody else's. */
  async #reconcile(key: string, log: Log, reconcileId: string): Promise<Next> {
    const { reconciler, signal } = this.#setup;
    if (signal.aborted) return { next: "done" };
    const limit = deadline(signal, this.#timeoutMs);
    try {
      return await reconciler.reconcile(requestOf(key), { signal: limit.signal, log, reconcileId });
    } catch (error) {
      if (signal.aborted) return { next: "done" };
      if (limit.signal.aborted) this.#metrics.timedOut();
      else if (!(error instanceof SyncError)) this.#metrics.panicked();
      return { next: "failed", error: limit.signal.aborted ? limit.signal.reason : error };
    } finally {
      limit.end();
    }
  }

  #settle(key: string, next: Next, log: Log): ReconcileResult {
    if (next.next === "failed") {
      this.#retry(key, next, log);
      return "error";
    }
    this.#queue.forget(key);
    if (next.next === "done") return "success";
    this.#queue.addAfter(key, jittered(next.ms), PRIORITY.resync);
    return "requeue_after";
  }

  #retry(key: string, { error, retryMs, intervalMs }: Extract<Next, { readonly next: "failed" }>, log: Log): void {
    const isBug = !(error instanceof SyncError) && !isTimeout(error);
    if (error instanceof SyncError && !error.isRetryable) {
      log.warn("failed, and waits for a change", failureFields(error));
      this.#metrics.failedForGood();
      this.#queue.forget(key);
      if (intervalMs !== undefined) this.#queue.addAfter(key, jittered(intervalMs), PRIORITY.resync);
      return;
    }
    const asked = error instanceof KubeError || error instanceof ApiError ? error.retryAfterMs : undefined;
    const longestMs = retryMs ?? BACKOFF.longestMs;
    const waitMs = this.#queue.addRateLimited(key, { priority: PRIORITY.retry, atLeastMs: asked ?? 0, longestMs });
    const fields = { ...failureFields(error), retryInMs: waitMs };
    if (isBug) log.error("failed in a way nobody expected, and tries again", fields);
    else log.warn("failed, and tries again", fields);
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === "TimeoutError";
}

function keyOf({ namespace, name }: ReconcileRequest): string {
  return `${namespace}/${name}`;
}

function requestOf(key: string): ReconcileRequest {
  const slash = key.indexOf("/");
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
