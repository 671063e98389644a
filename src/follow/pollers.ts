import { nextLookMs } from "./pace.ts";

/** What one look came to. */
export type Look<Found> = { readonly found: Found } | { readonly failure: unknown };

interface Follow<Subject, Found> {
  /** Followers with equal keys share their looks: one repository seen with one credential. */
  readonly key: string;
  readonly subject: Subject;
  readonly intervalMs: number;
  /** Looks for everybody with this key: at what each of them wants to know of. */
  look(subjects: readonly [Subject, ...Subject[]], signal: AbortSignal): Promise<Found>;
  onLook(look: Look<Found>): void;
}

export interface Following {
  /** Look soon, whatever the interval: at most once in `leastGapMs`. */
  wake(): void;
  stop(): void;
}

interface PollersSetup {
  /** Woken looks keep this distance from the look before, so that a flood of hints costs next to nothing. */
  readonly leastGapMs: number;
  random(): number;
  /** What a failure says about when to come back, in milliseconds. */
  retryAfterMs(failure: unknown): number | undefined;
}

/** Looks at remote things for any number of followers: one look at a time for each key, and everybody hears of it. */
export class Pollers<Subject, Found> {
  readonly #setup: PollersSetup;
  readonly #pollers = new Map<string, Poller<Subject, Found>>();

  constructor(setup: PollersSetup) {
    this.#setup = setup;
  }

  /** The first look is at once; after that as `nextLookMs` says, by the shortest interval of those who follow. */
  follow(follow: Follow<Subject, Found>): Following {
    const { key } = follow;
    const poller = this.#pollers.get(key) ?? new Poller<Subject, Found>(this.#setup);
    this.#pollers.set(key, poller);
    poller.add(follow);
    return {
      wake: () => poller.wake(),
      stop: () => {
        if (poller.remove(follow) === 0 && this.#pollers.get(key) === poller) this.#pollers.delete(key);
      },
    };
  }
}

class Poller<Subject, Found> {
  readonly #setup: PollersSetup;
  readonly #followers = new Set<Follow<Subject, Found>>();
  readonly #stopped = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  /** Somebody asked while a look was under way: what it sees may be older than what they know. */
  #isWanted = false;
  #failures = 0;
  #lookedAt = -Infinity;

  constructor(setup: PollersSetup) {
    this.#setup = setup;
  }

  add(follow: Follow<Subject, Found>): void {
    this.#followers.add(follow);
    this.wake();
  }

  /** How many are left; with the last one its looks end. */
  remove(follow: Follow<Subject, Found>): number {
    this.#followers.delete(follow);
    if (this.#followers.size === 0) {
      clearTimeout(this.#timer);
      this.#stopped.abort();
    }
    return this.#followers.size;
  }

  wake(): void {
    if (this.#isLooking) this.#isWanted = true;
    else this.#schedule(Math.max(0, this.#lookedAt + this.#setup.leastGapMs - performance.now()));
  }

  #schedule(afterMs: number): void {
    clearTimeout(this.#timer);
    if (!this.#stopped.signal.aborted) this.#timer = setTimeout(() => void this.#look(), afterMs);
  }

  async #look(): Promise<void> {
    const [first] = this.#followers;
    if (first === undefined) return;
    this.#isLooking = true;
    this.#isWanted = false;
    this.#lookedAt = performance.now();
    const [, ...others] = this.#followers;
    const subjects = [first.subject, ...others.map(({ subject }) => subject)] as const;
    const look = await first.look([...subjects], this.#stopped.signal).then(
      (found): Look<Found> => ({ found }),
      (failure: unknown): Look<Found> => ({ failure }),
    );
    this.#isLooking = false;
    if (this.#stopped.signal.aborted) return;
    this.#failures = "failure" in look ? this.#failures + 1 : 0;
    this.#schedule(this.#nextMs(look));
    for (const follow of this.#followers) follow.onLook(look);
  }

  #nextMs(look: Look<Found>): number {
    const asked = "failure" in look ? this.#setup.retryAfterMs(look.failure) : undefined;
    if (this.#isWanted) return Math.max(this.#setup.leastGapMs, asked ?? 0);
    return nextLookMs({
      intervalMs: Math.min(...[...this.#followers].map(({ intervalMs }) => intervalMs)),
      failures: this.#failures,
      random: this.#setup.random(),
      ...(asked !== undefined && { retryAfterMs: asked }),
    });
  }
}
