import { describe, expect, it } from "vitest";
import { shareCalls } from "../../src/apply/share-calls.ts";

/** A call that counts, and that ends when it is told. */
function aCall() {
  const ends: (() => void)[] = [];
  let begun = 0;
  const call = (): Promise<number> => {
    begun += 1;
    const number = begun;
    return new Promise((resolve) => ends.push(() => resolve(number)));
  };
  return { call, ends, begun: () => begun };
}

async function settled(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}

describe("a shared call", () => {
  it("runs once for all who ask at the same moment", async () => {
    const { call, ends, begun } = aCall();
    const ask = shareCalls(call);
    const answers = [ask(), ask(), ask()];
    await settled();
    expect(begun()).toBe(1);
    ends[0]?.();
    expect(await Promise.all(answers)).toEqual([1, 1, 1]);
  });

  it("runs again for those who ask while it runs, since it may not show what they did", async () => {
    const { call, ends } = aCall();
    const ask = shareCalls(call);
    const first = ask();
    await settled();
    const late = [ask(), ask()];
    ends[0]?.();
    expect(await first).toBe(1);
    await settled();
    ends[1]?.();
    expect(await Promise.all(late)).toEqual([2, 2]);
  });

  it("goes on after a failure", async () => {
    let calls = 0;
    const ask = shareCalls(async () => {
      calls += 1;
      if (calls === 1) throw new Error("once");
      return calls;
    });
    await expect(ask()).rejects.toThrow("once");
    expect(await ask()).toBe(2);
  });
});
