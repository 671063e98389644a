import { assert, jsonValue, property } from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isStorable,
  isTooWide,
  parseTree,
  writeJsonb,
  writeTree,
} from "../../../src/server/dialects/real/wire/tree.ts";
import { jsonEqual, type Json } from "../../../src/model/json.ts";
import { isParsedRight } from "../../support/json-values.ts";

const values = jsonValue().filter(isParsedRight);

describe("what a jsonb column keeps", () => {
  it("is equal to what was stored", () => {
    assert(
      property(values, (value) => {
        const kept: unknown = JSON.parse(writeJsonb(parseTree(JSON.stringify(value))));
        expect(jsonEqual(kept as Json, JSON.parse(JSON.stringify(value)) as Json)).toBe(true);
      }),
    );
  });

  it("is the same text when it is stored again", () => {
    assert(
      property(values, (value) => {
        const once = writeJsonb(parseTree(JSON.stringify(value)));
        expect(writeJsonb(parseTree(once))).toBe(once);
      }),
    );
  });

  it.each([
    ["1.0", "1.0"],
    ["-0.0", "0.0"],
    ["-0", "0"],
    ["1.50", "1.5"],
    ["1e2", "100.0"],
    ["1e16", "10000000000000000"],
    ["9223372036854775807", "9223372036854775807"],
    ["[10, 1.0]", "[10,1.0]"],
    ['{"__proto__":1.0}', '{"__proto__":1.0}'],
  ])("of %s is %s", (source, kept) => {
    expect(writeTree(parseTree(source))).toBe(kept);
  });

  it.each([
    ["18446744073709551615", false],
    ["18446744073709551616", true],
    ["-9223372036854775808", false],
    ["-9223372036854775809", true],
    ['{"a":[1e20]}', true],
    ["1.5e300", true],
    ["1.0", false],
  ])("answers %s: too wide %s", (source, isWide) => {
    expect(isTooWide(parseTree(source))).toBe(isWide);
  });

  it.each(['"\\u0000"', '"\\ud800"', "1e400", '{"\\u0000":1}', '[["\\udc00"]]'])("is never %s", (source) => {
    expect(isStorable(parseTree(source))).toBe(false);
  });
});
