import { describe, expect, it } from "vitest";
import { Turns } from "../../src/operator/resources/turns.ts";

const NEVER = new AbortController().signal;

describe("turns", () => {
  it("are taken one after the other for one thing, and at once for several", async () => {
    const turns = new Turns();
    const end = Promise.withResolvers<string>();
    const begun: string[] = [];
    const work = (name: string, result: Promise<string>) => (): Promise<string> => {
      begun.push(name);
      return result;
    };
    const first = turns.take("a", NEVER, work("first", end.promise));
    const second = turns.take("a", NEVER, work("second", Promise.resolve("2")));
    await turns.take("b", NEVER, work("other", Promise.resolve("")));
    expect(begun).toEqual(["first", "other"]);
    end.resolve("1");
    expect(await Promise.all([first, second])).toEqual(["1", "2"]);
    expect(begun).toEqual(["first", "other", "second"]);
  });

  it("come after a failure too, and are left out by whoever has given up waiting", async () => {
    const turns = new Turns();
    const end = Promise.withResolvers<string>();
    const impatient = new AbortController();
    const first = turns.take("a", NEVER, () => end.promise);
    const second = turns.take("a", impatient.signal, () => Promise.resolve("never begun"));
    const third = turns.take("a", NEVER, () => Promise.resolve("3"));
    impatient.abort(new Error("given up"));
    end.reject(new Error("failed"));
    await expect(first).rejects.toThrow("failed");
    await expect(second).rejects.toThrow("given up");
    expect(await third).toBe("3");
  });
});
