import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergePatch } from "../../../src/manifest/patch/merge-patch.ts";
import type { Json } from "../../../src/model/json.ts";

describe("a JSON merge patch", () => {
  // The cases of RFC 7396, appendix A.
  it.each<readonly [Json, Json, Json]>([
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [
      ["a", "b"],
      ["c", "d"],
      ["c", "d"],
    ],
    [{ a: "b" }, ["c"], ["c"]],
    [{ a: "foo" }, null, null],
    [{ a: "foo" }, "bar", "bar"],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])("makes of %j with %j: %j", (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });

  it("reaches no prototype", () => {
    const hostile = JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"x": 1}}') as Json;
    const merged = mergePatch({ a: 1 }, hostile);
    expect(Object.keys(merged as object)).toEqual(["a", "constructor"]);
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    expect("polluted" in {}).toBe(false);
  });

  it("changes neither side", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (target, patch) => {
        const before = JSON.stringify([target, patch]);
        mergePatch(target as Json, patch as Json);
        expect(JSON.stringify([target, patch])).toBe(before);
      }),
    );
  });
});
