import { describe, expect, it } from "vitest";
import { assertStorable } from "../../src/client/storable.ts";
import type { Json } from "../../src/model/json.ts";

function nested(levels: number): Json {
  return levels === 0 ? "x" : [nested(levels - 1)];
}

describe("what a server can store for good", () => {
  it.each<[Json]>([["\u{1f600} \r\n\u2028"], [{ a: [1.5, -0, 2 ** 53, null, true] }], [nested(200)], [5e-324]])(
    "%j may be sent",
    (value) => {
      expect(() => assertStorable(value)).not.toThrow();
    },
  );

  it.each<[Json, string]>([
    [{ a: ["x\0"] }, '"/a/0" holds a NUL'],
    [{ "k\0": 1 }, "holds a NUL"],
    ["\ud83d", "half of a surrogate pair"],
    [{ "a/b": -(2 ** 63) }, '"/a~1b" is a number beyond 64 bits'],
    [1e300, "beyond 64 bits"],
    [nested(202), "nested deeper than 200"],
  ])("%j may not, and it is said where", (value, says) => {
    expect(() => assertStorable(value)).toThrow(says);
  });
});
