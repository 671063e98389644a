import { afterEach, describe, expect, it } from "vitest";
import { type Following, type Look, Pollers } from "../../src/follow/pollers.ts";

const following: Following[] = [];

afterEach(() => {
  for (const one of following.splice(0)) one.stop();
});

function pollers({ leastGapMs = 0, retryAfterMs }: { leastGapMs?: number; retryAfterMs?: number } = {}): Pollers<
  string,
  number
> {
  return new Pollers<string, number>({ leastGapMs, random: () => 0.5, retryAfterMs: () => retryAfterMs });
}

/** Follows a counter that goes up with each look; `until` resolves with everything that was heard. */
function follow(
  all: Pollers<string, number>,
  { key = "a", subject = "main", intervalMs = 60_000, look = async (_subjects: readonly string[]) => 1 } = {},
): {
  readonly looks: Look<number>[];
  readonly one: Following;
  readonly until: (count: number) => Promise<void>;
} {
  const looks: Look<number>[] = [];
  let heard = Promise.withResolvers<void>();
  const one = all.follow({
    key,
    subject,
    intervalMs,
    look,
    onLook: (found) => {
      looks.push(found);
      heard.resolve();
      heard = Promise.withResolvers<void>();
    },
  });
  following.push(one);
  const until = async (count: number): Promise<void> => {
    while (looks.length < count) await heard.promise;
  };
  return { looks, one, until };
}

describe("followers of one repository", () => {
  it("hear of one look, however many they are", async () => {
    const all = pollers();
    let looks = 0;
    const look = async (): Promise<number> => (looks += 1);
    const many = Array.from({ length: 20 }, () => follow(all, { look }));
    await Promise.all(many.map(({ until }) => until(1)));
    expect(looks).toBe(1);
    expect(many.map((each) => each.looks)).toEqual(many.map(() => [{ found: 1 }]));
  });

  it("are asked about together", async () => {
    const all = pollers();
    const asked: (readonly string[])[] = [];
    const look = async (subjects: readonly string[]): Promise<number> => asked.push(subjects);
    const [main, next] = [follow(all, { look, subject: "main" }), follow(all, { look, subject: "next" })];
    await Promise.all([main.until(1), next.until(1)]);
    expect(asked).toEqual([["main", "next"]]);
  });

  it("look at other repositories on their own", async () => {
    const all = pollers();
    const [a, b] = [follow(all, { key: "a" }), follow(all, { key: "b", look: async () => 2 })];
    await Promise.all([a.until(1), b.until(1)]);
    expect([a.looks, b.looks]).toEqual([[{ found: 1 }], [{ found: 2 }]]);
  });

  it("are woken by a hint, long before the interval is over", async () => {
    const { one, until, looks } = follow(pollers());
    await until(1);
    one.wake();
    await until(2);
    expect(looks).toHaveLength(2);
  });

  it("look again after a hint that came while they looked: it may be newer than what they saw", async () => {
    const started = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    let looks = 0;
    const look = async (): Promise<number> => {
      looks += 1;
      if (looks > 1) return looks;
      started.resolve();
      await go.promise;
      return looks;
    };
    const { one, until } = follow(pollers(), { look });
    await started.promise;
    one.wake();
    one.wake();
    go.resolve();
    await until(2);
    expect(looks).toBe(2);
  });

  it("make one look of a flood of hints", async () => {
    let looks = 0;
    const { one, until } = follow(pollers({ leastGapMs: 50 }), { look: async () => (looks += 1) });
    await until(1);
    for (let count = 0; count < 1000; count += 1) one.wake();
    await until(2);
    expect(looks).toBe(2);
  });

  it("hear of a failure, and look again", async () => {
    let looks = 0;
    const look = async (): Promise<number> => {
      looks += 1;
      if (looks === 1) throw new Error("no route");
      return looks;
    };
    const { one, until, looks: heard } = follow(pollers(), { look });
    await until(1);
    one.wake();
    await until(2);
    expect(heard).toEqual([{ failure: new Error("no route") }, { found: 2 }]);
  });

  it("hear nothing after they have stopped, and their look is given up", async () => {
    const started = Promise.withResolvers<AbortSignal>();
    const all = pollers();
    const heard: Look<number>[] = [];
    const one = all.follow({
      key: "a",
      subject: "main",
      intervalMs: 1,
      look: async (_subjects, signal) => {
        started.resolve(signal);
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        return 1;
      },
      onLook: (look) => heard.push(look),
    });
    const signal = await started.promise;
    one.stop();
    expect(signal.aborted).toBe(true);
    expect(heard).toEqual([]);
  });
});
