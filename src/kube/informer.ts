import type { KubeObject } from "./kube-object.ts";
import { type FollowPace, type FollowStats, Following } from "./follow.ts";
import type { ResourceType } from "./resource-type.ts";
import { type Change, type IndexBy, Store } from "./store.ts";
import type { Transport } from "./transport.ts";

export interface InformerOptions {
  readonly type: ResourceType;
  /** None means all of the cluster. */
  readonly namespaces?: readonly string[];
  readonly labelSelector?: string;
  /** Labels, annotations and versions only: what Secrets hold never comes here. */
  readonly content: "whole" | "metadata";
}

/** The objects of one type, kept up to date whatever happens to the connection, until it is stopped. */
export interface Informer {
  readonly type: ResourceType;
  get(namespace: string, name: string): KubeObject | undefined;
  list(namespace?: string): readonly KubeObject[];
  addIndex(name: string, by: IndexBy): void;
  byIndex(name: string, value: string): readonly KubeObject[];
  /** True once everything there was has been listed. */
  hasSynced(): boolean;
  synced(signal: AbortSignal): Promise<void>;
  /** When something was last heard or tried (`performance.now`), by the watch that is furthest behind. */
  progressAt(): number;
  /** Called at once for every change; it may throw, and is expected to do no more than to note a key. */
  onChange(listener: (change: Change) => void): void;
  start(): void;
  stop(): Promise<void>;
  stats(): FollowStats;
}

export interface InformerSetup {
  readonly transport: Transport;
  /** A listener that threw, a list that failed: told, never thrown. */
  readonly onProblem: (message: string, error: unknown) => void;
  readonly pace?: FollowPace;
}

export function createInformer(options: InformerOptions, setup: InformerSetup): Informer {
  const store = new Store();
  const listeners: ((change: Change) => void)[] = [];
  const stop = new AbortController();
  const scopes = options.namespaces === undefined || options.namespaces.length === 0 ? [undefined] : options.namespaces;
  const allSynced = Promise.withResolvers<void>();
  const followings: Following[] = [];

  const tell = (change: Change | undefined): void => {
    if (change === undefined) return;
    for (const listener of listeners) {
      try {
        listener(change);
      } catch (error) {
        setup.onProblem("a listener of changes failed", error);
      }
    }
  };
  const start = (): void => {
    if (followings.length > 0) return;
    const one = { ...setup, ...options, store, tell, signal: stop.signal };
    followings.push(...scopes.map((namespace) => new Following({ ...one, namespace })));
    void Promise.all(followings.map(({ synced }) => synced)).then(() => allSynced.resolve());
  };

  return {
    type: options.type,
    get: (namespace, name) => store.get(namespace, name),
    list: (namespace) => store.list(namespace),
    addIndex: (name, by) => store.addIndex(name, by),
    byIndex: (name, value) => store.byIndex(name, value),
    hasSynced: () => followings.length > 0 && followings.every(({ hasSynced }) => hasSynced),
    synced: (signal) => orAborted(allSynced.promise, signal),
    progressAt: () => Math.min(...followings.map(({ progressAt }) => progressAt)),
    onChange: (listener) => void listeners.push(listener),
    start,
    stop: async () => {
      stop.abort(new DOMException("the informer was stopped", "AbortError"));
      await Promise.all(followings.map(({ ended }) => ended));
    },
    stats: () => sumOf(followings.map(({ stats }) => stats)),
  };
}

function sumOf(all: readonly FollowStats[]): FollowStats {
  const sum = (of: keyof FollowStats): number => all.reduce((total, stats) => total + stats[of], 0);
  return { reconnects: sum("reconnects"), relists: sum("relists"), gone: sum("gone"), stalls: sum("stalls") };
}

async function orAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason as Error);
  signal.addEventListener("abort", abort, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
