import * as fc from "fast-check";
import { CORE_SCHEMA, load, YAML11_SCHEMA } from "js-yaml";
import { describe, expect, it } from "vitest";
import { readPlainScalar } from "../../../src/manifest/yaml/plain-scalar.ts";

function valueOf(source: string): unknown {
  const read = readPlainScalar(source);
  if (typeof read === "string") return read;
  return "value" in read ? read.value : "ambiguous";
}

describe("a plain scalar", () => {
  it.each([
    "y",
    "Y",
    "n",
    "yes",
    "Yes",
    "NO",
    "on",
    "Off",
    "010",
    "08",
    "0o17",
    "0b11",
    "0X1F",
    "-0x1F",
    "1_000",
    "-_17",
    "1e5",
    "1E5",
    "1.5e10",
    "1e+5",
    ".5e3",
    "-.5",
    "+.5",
    "12:30",
    "190:20:30.15",
    "2001-01-01",
    "2001-99-99",
    "2001-1-1 10:00:00",
    "2001-12-14t21:59:43.10-05:00",
    "=",
    "<<",
    ".inf",
    "-.INF",
    ".nan",
    "1e400",
    "9007199254740993",
    "-9007199254740993",
    "1.0e+20",
    "0xFFFFFFFFFFFFFFFF",
  ])("%s means different things to different readers", (source) => {
    expect(valueOf(source)).toBe("ambiguous");
  });

  it.each([
    ["", null],
    ["~", null],
    ["null", null],
    ["Null", null],
    ["true", true],
    ["FALSE", false],
    ["0", 0],
    ["-0", 0],
    ["-0.0", 0],
    ["007", 7],
    ["+5", 5],
    ["5.", 5],
    [".5", 0.5],
    ["0x1F", 31],
    ["1.0e+5", 100000],
    ["9007199254740991", 9007199254740991],
    ["192.168.0.1", "192.168.0.1"],
    ["1.2.3", "1.2.3"],
    ["10%", "10%"],
    ["5s", "5s"],
    ["yesterday", "yesterday"],
    ["no.", "no."],
    ["2001-1-1", "2001-1-1"],
    ["-", "-"],
    ["..", ".."],
    ["<b>", "<b>"],
    ["tRue", "tRue"],
  ])("%j is %j to every reader", (source, value) => {
    expect(valueOf(source)).toBe(value);
  });

  it("that is not ambiguous is the same to YAML 1.1 and 1.2", () => {
    const source = fc
      .stringMatching(/^[-+.0-9a-fxobeE_:TZnyNYsS~=<]{1,8}$/u)
      .filter((text) => !/^[:-]$|^-:|:$/u.test(text));
    fc.assert(
      fc.property(source, (text) => {
        const value = valueOf(text);
        if (value === "ambiguous") return;
        for (const schema of [CORE_SCHEMA, YAML11_SCHEMA]) {
          const read = load(`key: ${text}`, { schema });
          // Zero has a sign in JavaScript and none in JSON.
          expect(JSON.stringify(read)).toBe(JSON.stringify({ key: value }));
        }
      }),
      { numRuns: 3000 },
    );
  });
});
