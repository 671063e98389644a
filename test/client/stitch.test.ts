import { describe, expect, it } from "vitest";
import { stitch } from "../../src/client/stitch.ts";

describe("chunks of values for keys", () => {
  it("texts of one key are concatenated, other keys are left alone", () => {
    expect(stitch({ a: "Hel", b: "x" }, { a: "lo" })).toEqual({ a: "Hello", b: "x" });
  });

  it("objects are stitched key by key, lists grow, a null adds nothing", () => {
    const whole = { agent: { content: "a", steps: [1] }, n: 1 };
    expect(stitch(whole, { agent: { content: "b", steps: [2], id: "x" }, n: null })).toEqual({
      agent: { content: "ab", steps: [1, 2], id: "x" },
      n: 1,
    });
  });

  it("a value of another type replaces what was there", () => {
    expect(stitch({ a: null, b: 1 }, { a: "x", b: 2 })).toEqual({ a: "x", b: 2 });
    expect(stitch("text", { a: 1 })).toEqual({ a: 1 });
  });

  it("a key named like a member of every object is a key like any other", () => {
    expect(stitch({}, { constructor: "x", toString: "y" })).toEqual({ constructor: "x", toString: "y" });
  });
});
