import { setTimeout as sleep } from "node:timers/promises";
import { isObject } from "../model/json.ts";
import { type Backoff, jitteredWait } from "./backoff.ts";
import { listAll } from "./list.ts";
import { KubeError } from "./kube-error.ts";
import type { KubeObject } from "./kube-object.ts";
import { type ResourceType, typeLabel } from "./resource-type.ts";
import type { Change, Store } from "./store.ts";
import type { Transport } from "./transport.ts";
import { trimmed } from "./trim.ts";
import { watch, type WatchEvent } from "./watch.ts";

export interface FollowSetup {
  readonly transport: Transport;
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly labelSelector?: string;
  readonly content: "whole" | "metadata";
  readonly store: Store;
  readonly tell: (change: Change | undefined) => void;
  readonly onProblem: (message: string, error: unknown) => void;
  readonly signal: AbortSignal;
  readonly pace?: FollowPace;
}

export interface FollowStats {
  reconnects: number;
  relists: number;
  gone: number;
  stalls: number;
}

/** How patient it is. */
export interface FollowPace {
  /** Between tries. */
  readonly backoff: Backoff;
  /** A watch that lived so long was a good one: what ends it starts the waits anew. */
  readonly healthyMs: number;
  /** Bookmarks come about once a minute: after so long without anything the other end is gone. */
  readonly silenceMs: number;
  /** Up to twice as long; the API server ends a watch then, and one with a token of today takes its place. */
  readonly watchSeconds: number;
}

const PACE: FollowPace = {
  backoff: { firstMs: 800, longestMs: 30_000 },
  healthyMs: 10_000,
  silenceMs: 90_000,
  watchSeconds: 240,
};
const ACCEPT = {
  whole: { list: "application/json", watch: "application/json" },
  metadata: {
    list: "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
    watch: "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
  },
} as const;

/**
 * Lists and then watches one type in one namespace, for ever: client-node's informer ends with a reset connection or
 * a failed list, and asks neither for metadata alone, nor for bookmarks, nor for pages (2.0.1).
 */
export class Following {
  readonly stats: FollowStats = { reconnects: 0, relists: 0, gone: 0, stalls: 0 };
  readonly synced: Promise<void>;
  readonly ended: Promise<void>;
  hasSynced = false;
  /** When something was last heard or tried. */
  progressAt = performance.now();
  readonly #setup: FollowSetup;
  readonly #pace: FollowPace;
  readonly #markSynced: () => void;
  #version = "";
  #failures = 0;

  constructor(setup: FollowSetup) {
    this.#setup = setup;
    this.#pace = setup.pace ?? PACE;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.synced = promise;
    this.#markSynced = resolve;
    this.ended = this.#run();
  }

  async #run(): Promise<void> {
    const { signal } = this.#setup;
    while (!signal.aborted) {
      await this.#round();
      await sleep(jitteredWait(this.#pace.backoff, this.#failures), undefined, { signal }).catch(() => undefined);
      this.#failures += 1;
    }
  }

  /** Until the watch ends, however it does. */
  async #round(): Promise<void> {
    this.progressAt = performance.now();
    try {
      if (this.#version === "") await this.#list();
      await this.#watch();
      this.stats.reconnects += 1;
    } catch (error) {
      if (!this.#setup.signal.aborted) this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    const kind = error instanceof KubeError ? error.kind : "other";
    if (kind === "gone") this.stats.gone += 1;
    else this.stats.reconnects += 1;
    if (kind === "timeout") this.stats.stalls += 1;
    if (kind === "gone" || kind === "other") this.#version = "";
    if (kind !== "gone") this.#setup.onProblem(`following ${typeLabel(this.#setup.type)} was interrupted`, error);
  }

  async #list(): Promise<void> {
    const { transport, type, content, store, namespace, tell, signal } = this.#setup;
    if (this.hasSynced) this.stats.relists += 1;
    const keep = (item: unknown): KubeObject | undefined => trimmed(item, type);
    const list = { type, scope: scopeOf(this.#setup), accept: ACCEPT[content].list, keep };
    const { objects, resourceVersion } = await listAll(transport, list, signal);
    for (const gone of store.missingFrom(objects, namespace)) tell(store.remove(gone));
    for (const object of objects) tell(store.put(object, !this.hasSynced));
    this.#version = resourceVersion;
    this.hasSynced = true;
    this.#markSynced();
  }

  async #watch(): Promise<void> {
    const { transport, type, content, namespace, signal } = this.#setup;
    const startedAt = performance.now();
    const ask = {
      ...scopeOf(this.#setup),
      type,
      namespace,
      accept: ACCEPT[content].watch,
      resourceVersion: this.#version,
      seconds: Math.round(this.#pace.watchSeconds * (1 + Math.random())),
      silenceMs: this.#pace.silenceMs,
    };
    try {
      await watch(transport, ask, { signal, onEvent: (event) => this.#take(event) });
    } finally {
      if (performance.now() - startedAt > this.#pace.healthyMs) this.#failures = 0;
    }
  }

  #take({ type, object: sent }: WatchEvent): void {
    const { store, tell } = this.#setup;
    const object = type === "BOOKMARK" ? undefined : trimmed(sent, this.#setup.type);
    if (object !== undefined) tell(type === "DELETED" ? store.remove(object) : store.put(object, false));
    this.#version = versionOf(sent) ?? this.#version;
    this.#failures = 0;
    this.progressAt = performance.now();
  }
}

function scopeOf({ namespace, labelSelector }: FollowSetup): { namespace?: string; labelSelector?: string } {
  return { ...(namespace !== undefined && { namespace }), ...(labelSelector !== undefined && { labelSelector }) };
}

function versionOf(sent: unknown): string | undefined {
  const metadata = isObject(sent) ? sent["metadata"] : undefined;
  const version = isObject(metadata) ? metadata["resourceVersion"] : undefined;
  return typeof version === "string" && version !== "" ? version : undefined;
}
