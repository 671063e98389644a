import { describe, expect, it } from "vitest";
import { type Batch, Batcher } from "../../src/operator/resources/batcher.ts";

function batcherOf(
  run: (batch: Batch<string, string>) => Promise<void>,
  options: object = {},
): Batcher<string, string> {
  return new Batcher({ run, failed: (error) => `failed: ${String(error)}`, ...options });
}

describe("a group commit", () => {
  it("takes those who come in one moment together, and those who come during a run in the next", async () => {
    const runs: (readonly string[])[] = [];
    const first = Promise.withResolvers<void>();
    const batcher = batcherOf(async ({ items, settle }) => {
      runs.push([...items.values()]);
      if (runs.length === 1) await first.promise;
      for (const [key, item] of items) settle(key, `${item} done`);
    });
    const early = [batcher.submit("a", "A"), batcher.submit("b", "B")];
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    const late = [batcher.submit("c", "C"), batcher.submit("d", "D")];
    first.resolve();
    expect(await Promise.all([...early, ...late])).toEqual(["A done", "B done", "C done", "D done"]);
    expect(runs).toEqual([
      ["A", "B"],
      ["C", "D"],
    ]);
  });

  it("does not let many wait while a few are written", async () => {
    const runs: number[] = [];
    const end = Promise.withResolvers<void>();
    const batcher = batcherOf(
      async ({ items, settle }) => {
        runs.push(items.size);
        if (runs.length === 1) await end.promise;
        for (const key of items.keys()) settle(key, "done");
      },
      { worthARun: 3 },
    );
    const first = batcher.submit("first", "");
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    const few = ["a", "b"].map((key) => batcher.submit(key, ""));
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(runs).toEqual([1]);
    expect(await Promise.all([...few, batcher.submit("c", "")])).toEqual(["done", "done", "done"]);
    expect(runs).toEqual([1, 3]);
    end.resolve();
    expect(await first).toBe("done");
  });

  it("tells each outcome as soon as it is known", async () => {
    const end = Promise.withResolvers<void>();
    const batcher = batcherOf(async ({ items, settle }) => {
      if (items.has("a")) settle("a", "early");
      await end.promise;
    });
    const slow = batcher.submit("b", "B");
    expect(await batcher.submit("a", "A")).toBe("early");
    end.resolve();
    expect(await slow).toBe("failed: Error: the run said nothing of it");
  });

  it("makes a failure of the run one of everybody who heard nothing yet", async () => {
    const batcher = batcherOf(async ({ settle }) => {
      settle("a", "done");
      throw new Error("lost");
    });
    expect(await Promise.all([batcher.submit("a", "A"), batcher.submit("b", "B")])).toEqual([
      "done",
      "failed: Error: lost",
    ]);
  });

  it("throws what no outcome can say to everybody who heard nothing yet", async () => {
    const batcher = new Batcher<string, string>({
      run: async () => {
        throw new Error("lost");
      },
      failed: (error) => {
        throw error;
      },
    });
    await expect(batcher.submit("a", "A")).rejects.toThrow("lost");
  });

  it("keeps nobody waiting for a run that takes long", async () => {
    const end = Promise.withResolvers<void>();
    const batcher = batcherOf(
      async ({ items, settle }) => {
        if (items.has("slow")) await end.promise;
        for (const key of items.keys()) settle(key, "done");
      },
      { patienceMs: 1 },
    );
    const slow = batcher.submit("slow", "");
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(await batcher.submit("quick", "")).toBe("done");
    end.resolve();
    expect(await slow).toBe("done");
  });
});
