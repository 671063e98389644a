import { describe, expect, it } from "vitest";
import { readYaml } from "../../../src/server/body/read-yaml.ts";
import { Refusal } from "../../../src/server/refusal.ts";

/** What PyYAML 6.0.3's safe_load gives, taken down from it. */
describe("YAML is read as LLMStack reads it", () => {
  it.each([
    [
      "words",
      "a: yes\nb: Off\nc: y\nd: N\ne: TRUE\nf: tRue",
      { a: true, b: false, c: "y", d: "N", e: true, f: "tRue" },
    ],
    ["words as keys", "on: 1\nno: 2\n~: 3\ny: 4", { true: 1, false: 2, null: 3, y: 4 }],
    ["nothing", "a:\nb: ~\nc: Null\nd: ''", { a: null, b: null, c: null, d: "" }],
    [
      "octal and friends",
      "a: 010\nb: 0o17\nc: 0x1F\nd: 0b11\ne: 09\nf: -010",
      { a: 8, b: "0o17", c: 31, d: 3, e: "09", f: -8 },
    ],
    ["underscores", "a: 1_000\nb: _1\nc: 0.1_0\nd: 1__", { a: 1000, b: "_1", c: 0.1, d: 1 }],
    ["base 60", "a: 12:30:00\nb: 1:2\nc: 01:02\nd: 190:20:30.15", { a: 45_000, b: 62, c: "01:02", d: 685_230.15 }],
    [
      "exponents",
      "a: 1e5\nb: 1.0e5\nc: 1.0e+5\nd: 1.5E-3\ne: .5e+3",
      { a: "1e5", b: "1.0e5", c: 100_000, d: 0.0015, e: 500 },
    ],
    ["floats", "a: -.5\nb: .5\nc: 5.\nd: .\ne: +1.", { a: "-.5", b: 0.5, c: 5, d: ".", e: 1 }],
    ["number keys", "1: a\n010: b\n1.5: c", { 1: "a", 8: "b", 1.5: "c" }],
    ["quoted traps", "a: 'on'\nb: \"2024-01-02\"\nc: '010'", { a: "on", b: "2024-01-02", c: "010" }],
    ["the last of two equal keys", "a: 1\na: 2\nb: {c: 1, c: 2}", { a: 2, b: { c: 2 } }],
    [
      "merge keys",
      "x: &x {a: 1, b: 1}\ny: {<<: *x, b: 2}\nz: {b: 3, <<: [{b: 4, c: 4}, {c: 5}]}",
      { x: { a: 1, b: 1 }, y: { a: 1, b: 2 }, z: { b: 3, c: 4 } },
    ],
    [
      "pairs",
      "a: !!pairs [x: 1, x: 2]\nb: !!omap [x: 1]",
      {
        a: [
          ["x", 1],
          ["x", 2],
        ],
        b: [["x", 1]],
      },
    ],
    ["explicit tags", "a: !!str 010\nb: !!int '3'\nc: !!bool 'TRUE'", { a: "010", b: 3, c: true }],
    ["a block scalar", "a: |\n  x\n   y\n\nb: >-\n  x\n  y\n", { a: "x\n y\n", b: "x y" }],
    ["a block scalar that ends with the file", "a: |\n  x\n  y", { a: "x\ny" }],
    ["characters beyond the BMP", 'a: "\\U0001F600"\nb: 😀', { a: "😀", b: "😀" }],
    ["tabs where they are text", 'a: "x\ty"\nb: |\n  x\ty\nc: 1 # x\ty', { a: "x\ty", b: "x\ty\n", c: 1 }],
    ["braces without values", "a: {b, c}", { a: { b: null, c: null } }],
    ["CRLF", "a: 1\r\nb: |\r\n  x\r\n", { a: 1, b: "x\n" }],
    ["one line of JSON", '{"a": [1, null, true, "x\\u00e9"], "b": {}}', { a: [1, null, true, "xé"], b: {} }],
    ["__proto__ as a key", '"__proto__": 1', JSON.parse('{"__proto__": 1}')],
  ])("%s", (_, text, value) => {
    expect(readYaml(text)).toEqual(value);
  });
});

describe("YAML that LLMStack cannot take is refused, not guessed", () => {
  it.each([
    ["a date", "a: 2024-01-02", "date"],
    ["a time", "a: 2024-01-02T03:04:05Z", "date"],
    ["an impossible date", "a: 2024-13-45", "date"],
    ["infinity", "a: .inf", "finite"],
    ["bytes", "a: !!binary aGk=", "bytes"],
    ["a set", "a: !!set {x, y}", "set"],
    ["an equals sign", "a: =", "quote it"],
    ["a merge key as a value", "a: <<", "quote it"],
    ["a big integer", "a: 123456789012345678", "unchanged"],
    ["an unknown tag", "a: !thing x", "tag"],
    ["an unknown alias", "a: *x", "alias"],
    ["an anchor twice", "a: &x 1\nb: &x 2", "twice"],
    ["two documents", "a: 1\n---\nb: 2", "single document"],
    ["a list as a key", "? [a]\n: 1", "key"],
    ["a tab before a value", "a:\tb", "tab"],
    ["a tab after a value", "a: b\t", "tab"],
    ["a tab as indentation", "a:\n\tb: 1", ""],
    ["a surrogate pair in escapes", 'a: "\\ud83d\\ude00"', "surrogate"],
    ["half a pair in an escape", 'a: "\\ud83d"', ""],
    ["a line separator", "a: x\u2028y", "line break"],
    ["a control character", "a: x\u0007", ""],
    ["a key over 1,024 characters", `"${"k".repeat(1023)}": 1`, "longer"],
    ["a question mark in brackets", "a: [what?]", "quotes"],
    ["a colon first in brackets", "a: [:x]", "quotes"],
    ["no key", ": 1", "key is missing"],
    ["itself inside itself", "a: &a [*a]", "bounds"],
    ["aliases that multiply", laughs(), "bounds"],
    ["a brace left open", "a: {", ""],
  ])("%s", (_, text, detail) => {
    expect(() => readYaml(text)).toThrow(Refusal);
    expect(() => readYaml(text)).toThrow(
      expect.objectContaining({
        reason: {
          kind: "unreadable",
          detail: expect.stringMatching(new RegExp(`^YAML parse error - [^]*${detail}`, "u")) as unknown,
        },
      }) as Error,
    );
  });

  it("takes a key of 1,022 characters in quotes, and a longer one after a question mark", () => {
    const key = "k".repeat(1022);
    expect(readYaml(`"${key}": 1`)).toEqual({ [key]: 1 });
    expect(readYaml(`{? "${key}xyz" : 1}`)).toEqual({ [`${key}xyz`]: 1 });
  });
});

function laughs(): string {
  const lines = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(", ")}]`);
  return ["l0: &l0 [ha]", ...lines].join("\n");
}
