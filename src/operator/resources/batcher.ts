/** What one run does for many: it settles each item as soon as its outcome is known. */
export type RunBatch<Item, Outcome> = (batch: Batch<Item, Outcome>) => Promise<void>;

export interface Batch<Item, Outcome> {
  readonly items: ReadonlyMap<string, Item>;
  readonly settle: (key: string, outcome: Outcome) => void;
}

interface BatcherOptions<Item, Outcome> {
  readonly run: RunBatch<Item, Outcome>;
  /** What an item comes to that the run failed for; what it throws is thrown to whoever asked. */
  readonly failed: (error: unknown) => Outcome;
  readonly mostItems?: number;
  /** A run that takes longer no longer keeps newcomers waiting. */
  readonly patienceMs?: number;
  readonly mostRuns?: number;
  /** So many newcomers start a second run beside the first: it looks while that one writes. */
  readonly worthARun?: number;
}

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly outcome: PromiseWithResolvers<Outcome>;
}

/**
 * Group commit: while a run is under way newcomers gather, and go together in the next one; where many have gathered it
 * begins beside the first, so that the server is never left waiting. Nobody may ask for a key again before it has come
 * to an outcome.
 */
export class Batcher<Item, Outcome> {
  readonly #options: Required<BatcherOptions<Item, Outcome>>;
  readonly #waiting = new Map<string, Waiting<Item, Outcome>>();
  #runs = 0;
  /** Runs that newcomers wait for. */
  #hasty = 0;
  #isStarting = false;

  constructor(options: BatcherOptions<Item, Outcome>) {
    this.#options = { mostItems: 200, patienceMs: 2_000, mostRuns: 4, worthARun: 50, ...options };
  }

  submit(key: string, item: Item): Promise<Outcome> {
    const outcome = Promise.withResolvers<Outcome>();
    this.#waiting.set(key, { item, outcome });
    this.#startSoon();
    return outcome.promise;
  }

  /** Those who come in the same moment go together. */
  #startSoon(): void {
    if (this.#isStarting) return;
    this.#isStarting = true;
    setImmediate(() => {
      this.#isStarting = false;
      if (this.#isFree() && this.#waiting.size > 0) void this.#start();
    });
  }

  #isFree(): boolean {
    const { mostRuns, worthARun } = this.#options;
    if (this.#runs >= mostRuns) return false;
    return this.#hasty === 0 || (this.#hasty === 1 && this.#waiting.size >= worthARun);
  }

  async #start(): Promise<void> {
    const { mostItems, patienceMs, run, failed } = this.#options;
    const taken = [...this.#waiting].slice(0, mostItems);
    for (const [key] of taken) this.#waiting.delete(key);
    this.#runs += 1;
    this.#hasty += 1;
    const free = this.#onceFree();
    const timer = setTimeout(free, patienceMs);
    const open = new Map(taken.map(([key, { outcome }]) => [key, outcome]));
    const settle = (key: string, outcome: Outcome): void => {
      open.get(key)?.resolve(outcome);
      open.delete(key);
    };
    const fail = async (error: unknown): Promise<Outcome> => failed(error);
    try {
      await run({ items: new Map(taken.map(([key, { item }]) => [key, item])), settle });
      for (const { resolve } of open.values()) resolve(fail(new Error("the run said nothing of it")));
    } catch (error) {
      for (const { resolve } of open.values()) resolve(fail(error));
    } finally {
      clearTimeout(timer);
      free();
      this.#runs -= 1;
      this.#startSoon();
    }
  }

  #onceFree(): () => void {
    let isFree = false;
    return () => {
      if (isFree) return;
      isFree = true;
      this.#hasty -= 1;
      this.#startSoon();
    };
  }
}
