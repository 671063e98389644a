import { type Backoff, jitteredWait } from "./backoff.ts";

/** What a worker got: it must say `done` for the key, whatever became of it. */
export interface Taken {
  readonly key: string;
  /** The highest of those it was added with. */
  readonly priority: number;
}

export interface Retry {
  readonly priority?: number;
  /** Not sooner, as a server may have asked. */
  readonly atLeastMs?: number;
  /** In place of the queue's own bound. */
  readonly longestMs?: number;
}

export interface QueueStats {
  readonly depthByPriority: ReadonlyMap<number, number>;
  readonly waiting: number;
  /** Seconds since each key at work was handed out. */
  readonly working: readonly number[];
}

/** Told of what happens, for metrics. */
export interface QueueObserver {
  added(): void;
  retried(): void;
  /** Handed out after that many seconds. */
  taken(seconds: number): void;
  /** Worked on for that many seconds. */
  finished(seconds: number): void;
}

export interface WorkQueueSetup {
  readonly backoff: Backoff;
  readonly observer?: QueueObserver;
  readonly random?: () => number;
}

interface Waiting {
  readonly at: number;
  readonly priority: number;
  readonly timer: NodeJS.Timeout;
}

/** Longer waits are cut: Node's timers fire at once above this. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Keys to work on, as client-go means a queue: a key is in it once however often it was added; it is worked on by one
 * worker at a time, and once more where it was added meanwhile. Higher priorities first, first come first served
 * within one. Of several times to come the earliest counts.
 */
export class WorkQueue {
  readonly #backoff: Backoff;
  readonly #observer: QueueObserver | undefined;
  readonly #random: () => number;
  readonly #ready = new ReadyKeys();
  readonly #waiting = new Map<string, Waiting>();
  /** At work since when. */
  readonly #processing = new Map<string, number>();
  /** Added while at work, and with which priority. */
  readonly #dirty = new Map<string, number>();
  readonly #failures = new Map<string, number>();
  readonly #getters: ((taken: Taken | undefined) => void)[] = [];
  readonly #idle: (() => void)[] = [];
  #isShutDown = false;

  constructor({ backoff, observer, random = Math.random }: WorkQueueSetup) {
    this.#backoff = backoff;
    this.#observer = observer;
    this.#random = random;
  }

  add(key: string, priority = 0): void {
    if (this.#isShutDown) return;
    const highest = Math.max(priority, this.#stopWaiting(key));
    if (this.#processing.has(key)) {
      if (!this.#dirty.has(key)) this.#observer?.added();
      this.#dirty.set(key, Math.max(highest, this.#dirty.get(key) ?? -Infinity));
      return;
    }
    if (this.#ready.add(key, highest, performance.now())) this.#observer?.added();
    this.#handOut();
  }

  addAfter(key: string, ms: number, priority = 0): void {
    if (this.#isShutDown) return;
    if (ms <= 0 || this.#ready.has(key) || this.#dirty.has(key)) {
      this.add(key, priority);
      return;
    }
    const before = this.#waiting.get(key);
    const at = Math.min(performance.now() + ms, before?.at ?? Infinity);
    const highest = Math.max(priority, this.#stopWaiting(key));
    const timer = setTimeout(
      () => this.add(key, highest),
      Math.max(0, Math.min(at - performance.now(), LONGEST_TIMER)),
    );
    this.#waiting.set(key, { at, priority: highest, timer });
  }

  /** After a failure: later each time, until `forget`. Answers the wait. */
  addRateLimited(
    key: string,
    { priority = 0, atLeastMs = 0, longestMs = this.#backoff.longestMs }: Retry = {},
  ): number {
    const failed = this.failures(key);
    this.#failures.set(key, failed + 1);
    const wait = Math.max(atLeastMs, jitteredWait({ ...this.#backoff, longestMs }, failed, this.#random));
    if (!this.#isShutDown) this.#observer?.retried();
    this.addAfter(key, wait, priority);
    return wait;
  }

  /** The failures of a key are over. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  failures(key: string): number {
    return this.#failures.get(key) ?? 0;
  }

  /** Waits for a key. Undefined once the queue is shut down. */
  get(): Promise<Taken | undefined> {
    if (this.#isShutDown) return Promise.resolve(undefined);
    const { promise, resolve } = Promise.withResolvers<Taken | undefined>();
    this.#getters.push(resolve);
    this.#handOut();
    return promise;
  }

  done(key: string): void {
    const since = this.#processing.get(key);
    if (since === undefined) return;
    this.#processing.delete(key);
    this.#observer?.finished((performance.now() - since) / 1000);
    const priority = this.#dirty.get(key);
    this.#dirty.delete(key);
    if (priority !== undefined && !this.#isShutDown) {
      this.#ready.add(key, priority, performance.now());
      this.#handOut();
    }
    if (this.#processing.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Nothing is added or handed out any more. */
  shutDown(): void {
    this.#isShutDown = true;
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
    this.#ready.clear();
    for (const resolve of this.#getters.splice(0)) resolve(undefined);
  }

  /** Resolves when no key is being worked on. */
  drained(): Promise<void> {
    if (this.#processing.size === 0) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#idle.push(resolve);
    return promise;
  }

  stats(): QueueStats {
    const now = performance.now();
    return {
      depthByPriority: this.#ready.sizes(),
      waiting: this.#waiting.size,
      working: [...this.#processing.values()].map((since) => (now - since) / 1000),
    };
  }

  #handOut(): void {
    while (this.#getters.length > 0) {
      const taken = this.#ready.take();
      if (taken === undefined) return;
      const now = performance.now();
      this.#processing.set(taken.key, now);
      this.#observer?.taken((now - taken.since) / 1000);
      this.#getters.shift()?.({ key: taken.key, priority: taken.priority });
    }
  }

  /** Answers the priority it was to have, and nothing counts less than any. */
  #stopWaiting(key: string): number {
    const entry = this.#waiting.get(key);
    clearTimeout(entry?.timer);
    this.#waiting.delete(key);
    return entry?.priority ?? -Infinity;
  }
}

/** Keys that can be handed out, by priority; a Set keeps the order in which they came. */
class ReadyKeys {
  readonly #byPriority = new Map<number, Set<string>>();
  readonly #entries = new Map<string, { readonly priority: number; readonly since: number }>();

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** True where it was not there before; otherwise its priority may rise. */
  add(key: string, priority: number, now: number): boolean {
    const before = this.#entries.get(key);
    if (before !== undefined && before.priority >= priority) return false;
    if (before !== undefined) this.#remove(key, before.priority);
    const keys = this.#byPriority.get(priority) ?? new Set<string>();
    this.#byPriority.set(priority, keys.add(key));
    this.#entries.set(key, { priority, since: before?.since ?? now });
    return before === undefined;
  }

  take(): (Taken & { readonly since: number }) | undefined {
    const priority = Math.max(...this.#byPriority.keys());
    const [key] = this.#byPriority.get(priority) ?? [];
    const entry = key === undefined ? undefined : this.#entries.get(key);
    if (key === undefined || entry === undefined) return undefined;
    this.#remove(key, priority);
    this.#entries.delete(key);
    return { key, ...entry };
  }

  clear(): void {
    this.#byPriority.clear();
    this.#entries.clear();
  }

  sizes(): ReadonlyMap<number, number> {
    return new Map([...this.#byPriority].map(([priority, keys]) => [priority, keys.size]));
  }

  #remove(key: string, priority: number): void {
    const keys = this.#byPriority.get(priority);
    keys?.delete(key);
    if (keys?.size === 0) this.#byPriority.delete(priority);
  }
}
