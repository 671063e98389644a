/** A moment in the life of a process: its n-th request of a kind, not handled yet, or handled and only the answer missing. */
export interface KillPoint {
  readonly request: string;
  readonly when: "before" | "after";
  readonly nth: number;
}

/** Stands where the requests of a process pass, notes them, and ends the process at a chosen one. */
export class KillGate {
  readonly #kill: () => Promise<void>;
  #watch: Watch | undefined;

  constructor(kill: () => Promise<void>) {
    this.#kill = kill;
  }

  /** Begins to count. The process dies at `target`, or nowhere; resolves when it is dead. */
  arm(target: KillPoint | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const watch: Watch = { target, counts: new Map(), passed: [], underWay: new Set(), isDead: false, die };
    const kill = this.#kill;
    async function die(): Promise<void> {
      await kill();
      watch.isDead = true;
      resolve();
    }
    this.#watch = watch;
    return promise;
  }

  /** Waits for what is under way; from then on everything passes. */
  async disarm(): Promise<Pick<Watch, "passed" | "isDead">> {
    const watch = this.#watch;
    if (watch === undefined) throw new Error("the gate is not armed");
    while (watch.underWay.size > 0) await Promise.allSettled(watch.underWay);
    this.#watch = undefined;
    return watch;
  }

  async pass<Answer>(request: string, handle: () => Promise<Answer>): Promise<Answer> {
    const watch = this.#watch;
    if (watch === undefined) return handle();
    const passing = (async () => {
      await reach(watch, request, "before");
      const answer = await handle();
      await reach(watch, request, "after");
      return answer;
    })();
    watch.underWay.add(passing);
    return passing.finally(() => watch.underWay.delete(passing));
  }
}

interface Watch {
  readonly target: KillPoint | undefined;
  readonly counts: Map<string, number>;
  /** In their order. */
  readonly passed: KillPoint[];
  readonly underWay: Set<Promise<unknown>>;
  isDead: boolean;
  readonly die: () => Promise<void>;
}

async function reach(watch: Watch, request: string, when: KillPoint["when"]): Promise<void> {
  const { target, counts } = watch;
  const counted = `${when} ${request}`;
  const nth = (counts.get(counted) ?? 0) + 1;
  counts.set(counted, nth);
  watch.passed.push({ request, when, nth });
  if (target?.request !== request || target.when !== when || target.nth !== nth) return;
  await watch.die();
  throw new Error("nobody is there to hear the answer");
}
