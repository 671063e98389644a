import { setTimeout as sleep } from "node:timers/promises";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WorkQueue } from "../../src/kube/work-queue.ts";

const backoff = { firstMs: 1, longestMs: 8 };

async function keyFrom(queue: WorkQueue): Promise<string | undefined> {
  const taken = await queue.get();
  return taken?.key;
}

describe("a work queue", () => {
  it("holds a key once however often it was added", async () => {
    const queue = new WorkQueue({ backoff });
    for (const key of ["a", "b", "a", "a"]) queue.add(key);
    expect([await keyFrom(queue), await keyFrom(queue)]).toEqual(["a", "b"]);
    expect(queue.stats().depthByPriority.size).toBe(0);
  });

  it("hands out a key that was added at work once more, after it is done", async () => {
    const queue = new WorkQueue({ backoff });
    queue.add("a");
    await queue.get();
    queue.add("a");
    queue.add("a");
    queue.add("b");
    expect(await keyFrom(queue)).toBe("b");
    queue.done("a");
    expect(await keyFrom(queue)).toBe("a");
    queue.done("a");
    expect(queue.stats().depthByPriority.size).toBe(0);
  });

  it("hands out the higher priority first, and the first come within one", async () => {
    const queue = new WorkQueue({ backoff });
    queue.add("start-1", 0);
    queue.add("start-2", 0);
    queue.add("edit-1", 100);
    queue.add("edit-2", 100);
    queue.add("start-2", 100);
    queue.add("edit-1", 0);
    const order = [await queue.get(), await queue.get(), await queue.get(), await queue.get()];
    expect(order.map((taken) => `${taken?.key} ${taken?.priority}`)).toEqual([
      "edit-1 100",
      "edit-2 100",
      "start-2 100",
      "start-1 0",
    ]);
  });

  it("lets the earliest of several times count, with the highest priority", async () => {
    const queue = new WorkQueue({ backoff });
    queue.addAfter("a", 3_600_000, 60);
    queue.addAfter("a", 1, 10);
    queue.addAfter("a", 7_200_000, 0);
    await expect(queue.get()).resolves.toEqual({ key: "a", priority: 60 });
    queue.done("a");
    expect(queue.stats().waiting).toBe(0);
  });

  it("takes an add for the end of a wait", async () => {
    const queue = new WorkQueue({ backoff });
    queue.addAfter("a", 3_600_000);
    queue.add("a");
    expect(await keyFrom(queue)).toBe("a");
    expect(queue.stats().waiting).toBe(0);
  });

  it("bounds the wait after a failure by twice the one before, until it is forgotten", () => {
    const queue = new WorkQueue({ backoff: { firstMs: 1_000, longestMs: 600_000 }, random: () => 1 });
    const waits = Array.from({ length: 12 }, () => queue.addRateLimited("a"));
    expect(waits.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(waits.at(-1)).toBe(600_000);
    expect(queue.failures("a")).toBe(12);
    queue.forget("a");
    expect(queue.addRateLimited("a", { longestMs: 500 })).toBe(500);
    expect(queue.addRateLimited("b", { atLeastMs: 7_000 })).toBe(7_000);
    queue.shutDown();
  });

  it("jitters the whole of the wait", () => {
    const queue = new WorkQueue({ backoff: { firstMs: 1_000, longestMs: 600_000 }, random: () => 0.25 });
    expect([queue.addRateLimited("a"), queue.addRateLimited("a")]).toEqual([250, 500]);
    queue.shutDown();
  });

  it("hands out nothing once it is shut down, and says when the last work has ended", async () => {
    const queue = new WorkQueue({ backoff });
    queue.add("a");
    await queue.get();
    const waiting = queue.get();
    queue.add("b");
    queue.addAfter("c", 1);
    await expect(waiting).resolves.toMatchObject({ key: "b" });
    queue.shutDown();
    queue.add("d");
    await expect(queue.get()).resolves.toBeUndefined();
    const drained = queue.drained();
    queue.done("a");
    expect(queue.stats().working).toHaveLength(1);
    queue.done("b");
    await expect(drained).resolves.toBeUndefined();
  });

  it("never has a key at two workers and loses none, whatever is added, fails and waits", async () => {
    const step = fc.record({
      key: fc.constantFrom("a", "b", "c", "d"),
      how: fc.constantFrom("add", "addAfter", "addRateLimited"),
      priority: fc.integer({ min: 0, max: 3 }),
      pause: fc.integer({ min: 0, max: 2 }),
    });
    const work = fc.record({ ms: fc.integer({ min: 0, max: 2 }), fails: fc.boolean() });
    const schedule = fc.tuple(fc.array(step, { maxLength: 40 }), fc.array(work, { minLength: 1, maxLength: 20 }));
    const property = fc.asyncProperty(schedule, fc.integer({ min: 1, max: 4 }), async ([steps, works], workers) => {
      let turn = 0;
      await trial(steps, () => works[(turn += 1) % works.length] ?? { ms: 0, fails: false }, workers);
    });
    await expect(fc.assert(property, { numRuns: 60 })).resolves.toBeUndefined();
  });
});

interface Step {
  readonly key: string;
  readonly how: "add" | "addAfter" | "addRateLimited";
  readonly priority: number;
  readonly pause: number;
}

interface Work {
  readonly ms: number;
  readonly fails: boolean;
}

/** Workers and somebody who adds, each at their own pace. What was wanted last must have been begun after that. */
async function trial(steps: readonly Step[], nextWork: () => Work, workers: number): Promise<void> {
  const queue = new WorkQueue({ backoff });
  const wantedAt = new Map<string, number>();
  const begunAt = new Map<string, number>();
  const inFlight = new Set<string>();
  const failedSoFar = new Map<string, number>();
  let clock = 0;
  let overlaps = 0;
  let shrunk = 0;
  let failuresLeft = 30;

  const worker = async (): Promise<void> => {
    for (let taken = await queue.get(); taken !== undefined; taken = await queue.get()) {
      const { key } = taken;
      overlaps += inFlight.has(key) ? 1 : 0;
      inFlight.add(key);
      begunAt.set(key, (clock += 1));
      const { ms, fails } = nextWork();
      await (ms === 0 ? Promise.resolve() : sleep(ms));
      if (fails && (failuresLeft -= 1) > 0) {
        wantedAt.set(key, (clock += 1));
        queue.addRateLimited(key);
        if (queue.failures(key) <= (failedSoFar.get(key) ?? 0)) shrunk += 1;
        failedSoFar.set(key, queue.failures(key));
      } else {
        queue.forget(key);
        failedSoFar.delete(key);
      }
      inFlight.delete(key);
      queue.done(key);
    }
  };
  const running = Array.from({ length: workers }, () => worker());
  for (const { key, how, priority, pause } of steps) {
    wantedAt.set(key, (clock += 1));
    if (how === "add") queue.add(key, priority);
    if (how === "addAfter") queue.addAfter(key, pause, priority);
    if (how === "addRateLimited") {
      queue.addRateLimited(key, { priority });
      failedSoFar.set(key, queue.failures(key));
    }
    if (pause > 0) await sleep(pause);
  }
  const isIdle = (): boolean => {
    const { depthByPriority, waiting, working } = queue.stats();
    return depthByPriority.size === 0 && waiting === 0 && working.length === 0;
  };
  while (!isIdle()) await sleep(1);
  expect({ overlaps, shrunk }).toEqual({ overlaps: 0, shrunk: 0 });
  expect([...wantedAt].filter(([key, at]) => (begunAt.get(key) ?? 0) < at)).toEqual([]);
  queue.shutDown();
  await Promise.all(running);
}
