import { assert, double, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { nextLookMs } from "../../src/follow/pace.ts";

const random = double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("the time until the next look", () => {
  it("is the interval give or take a tenth", () => {
    assert(
      property(integer({ min: 30_000, max: 3_600_000 }), random, (intervalMs, chance) => {
        const next = nextLookMs({ intervalMs, failures: 0, random: chance });
        expect(next).toBeGreaterThanOrEqual(Math.floor(intervalMs * 0.9));
        expect(next).toBeLessThanOrEqual(Math.ceil(intervalMs * 1.1));
      }),
    );
  });

  it("grows with failures from 15 seconds to half an hour", () => {
    const waits = [1, 2, 3, 7, 8, 50].map((failures) => nextLookMs({ intervalMs: 1000, failures, random: 0 }));
    expect(waits).toEqual([15_000, 30_000, 60_000, 960_000, 1_800_000, 1_800_000]);
  });

  it("is never shorter than the other side asked for", () => {
    assert(
      property(integer({ min: 1, max: 40 }), random, integer({ min: 0, max: 1e7 }), (failures, chance, asked) => {
        expect(nextLookMs({ intervalMs: 1000, failures, random: chance, retryAfterMs: asked })).toBeGreaterThanOrEqual(
          asked,
        );
      }),
    );
  });
});
