import * as fc from "fast-check";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { placesIn } from "../../../src/manifest/yaml/places.ts";
import { MAX_FILE_BYTES, readYaml } from "../../../src/manifest/yaml/read-yaml.ts";

/** `code line:column` of each fault. */
function faultsOf(text: string): readonly string[] {
  const places = placesIn(text);
  return readYaml(text).faults.map(({ code, start, end }) => {
    const { line, column } = places.range(start, end);
    return `${code} ${line}:${column}`;
  });
}

describe("reading YAML", () => {
  it.each([
    {
      says: "a word that YAML 1.1 takes for a truth value",
      text: "a: 1\nb: yes\n",
      faults: ["yaml/ambiguous-scalar 2:4"],
    },
    { says: "such a word as a key", text: "y: 1\n", faults: ["yaml/ambiguous-scalar 1:1"] },
    { says: "a date in a list", text: "- 2024-01-01\n", faults: ["yaml/ambiguous-scalar 1:3"] },
    {
      says: "a question mark in braces, where kubectl fails",
      text: "a: { b: so?, c: d }\n",
      faults: ["yaml/ambiguous-scalar 1:9"],
    },
    { says: "such a question mark in a list", text: "a: [x?y]\n", faults: ["yaml/ambiguous-scalar 1:5"] },
    { says: "a merge key", text: "a: &a {x: 1}\nb:\n  <<: *a\n", faults: ["yaml/merge-key 3:3"] },
    {
      says: "an integer that JSON does not keep",
      text: "a: 9007199254740993\n",
      faults: ["yaml/ambiguous-scalar 1:4"],
    },
    { says: "a key that is a fraction", text: "1.5: a\n", faults: ["yaml/ambiguous-scalar 1:1"] },
    { says: "a key that is null", text: "~: a\n", faults: ["yaml/ambiguous-scalar 1:1"] },
    { says: "a key that is missing", text: "a: 1\n: b\n", faults: ["yaml/key-not-text 1:1"] },
    {
      says: "a key that is a list",
      text: "? [a]\n: b\nc: yes\n",
      faults: ["yaml/key-not-text 1:3", "yaml/ambiguous-scalar 3:4"],
    },
    { says: "a Liquid output without quotes", text: "a: {{ b }}\n", faults: ["yaml/key-not-text 1:4"] },
    { says: "a key that stands twice", text: "a: 1\nb: 2\na: 3\n", faults: ["yaml/duplicate-key 3:1"] },
    { says: "a tag of somebody else", text: "a: !env X\n", faults: ["yaml/unknown-tag 1:4"] },
    { says: "a tag that some readers lack", text: "a: !!binary aGk=\n", faults: ["yaml/unknown-tag 1:4"] },
    { says: "a tag on a list", text: "a: !!set {b}\n", faults: ["yaml/unknown-tag 1:4"] },
    { says: "a tag that does not fit", text: "a: !!int x\n", faults: ["yaml/wrong-tag 1:4"] },
    { says: "an alias of nothing", text: "a: *b\n", faults: ["yaml/unknown-alias 1:4"] },
    { says: "an alias inside its own node", text: "a: &b [*b]\n", faults: ["yaml/unknown-alias 1:8"] },
    { says: "a prototype as a key", text: "a:\n  __proto__: {}\n", faults: ["yaml/forbidden-key 2:3"] },
    { says: "a NUL in a text", text: 'a: "\\0"\n', faults: ["yaml/bad-character 1:5"] },
    { says: "half a surrogate pair", text: 'a: "\\ud800"\n', faults: ["yaml/bad-character 1:5"] },
    { says: "a bracket that is not closed", text: "a: [1\nb: 2\n", faults: ["yaml/syntax 2:1"] },
    { says: "a tab as indentation", text: "a:\n\tb: 1\n", faults: ["yaml/syntax 2:1"] },
    {
      says: "collections deeper than a hundred",
      text: `a: ${"[".repeat(120)}${"]".repeat(120)}\n`,
      faults: ["yaml/syntax 1:103"],
    },
  ])("refuses $says, with its position", ({ text, faults }) => {
    expect(faultsOf(text)).toEqual(faults);
  });

  it("names every fault of a file at once", () => {
    expect(faultsOf("a: yes\nb: 010\na: 1\n---\nc: !x y\n")).toEqual([
      "yaml/ambiguous-scalar 1:4",
      "yaml/ambiguous-scalar 2:4",
      "yaml/duplicate-key 3:1",
      "yaml/unknown-tag 5:4",
    ]);
  });

  it("still reads the documents beside one that does not parse", () => {
    const { documents, isCut } = readYaml("a: 1\n---\nb: [\n---\nc: yes\n");
    expect(documents.map(({ value }) => value)).toEqual([{ a: 1 }, { c: "yes" }]);
    expect(isCut).toBe(true);
    expect(faultsOf("a: 1\n---\nb: [\n---\nc: yes\n")).toEqual(["yaml/syntax 4:1", "yaml/ambiguous-scalar 5:4"]);
  });

  it("names no more of a hostile file than somebody may read", () => {
    expect(readYaml("- yes\n".repeat(5000)).faults).toHaveLength(200);
    expect(readYaml("---\na: [\n".repeat(5000)).faults).toHaveLength(50);
  });

  it("says where a key stood first", () => {
    const [fault] = readYaml("a: 1\nb: { a: 2, c: [3] }\na: 4\n").faults;
    expect(fault?.message).toContain("first on line 1");
  });

  it.each([
    ["a: {{ b }}\n", "starts with {{ must be quoted"],
    ["a: note: this\n", 'contains ": " must be quoted'],
    ["a: @b\n", "must be quoted"],
    ["a:\n\tb: 1\n", "never with tabs"],
  ])("says what is usually behind a fault like that of %j", (text, words) => {
    expect(readYaml(text).faults[0]?.message).toContain(words);
  });

  it("suggests the quoted form of an ambiguous scalar", () => {
    expect(readYaml("a: on\n").faults[0]?.suggestion).toBe('"on"');
  });

  it("takes plain aliases, keys that are whole numbers, and the tags that all readers share", () => {
    const { documents, faults } = readYaml("a: &x { k: [1] }\nb: *x\n1: c\ntrue: d\ne: !!str yes\nf: !!int 7\n");
    expect(faults).toEqual([]);
    expect(documents[0]?.value).toEqual({ 1: "c", a: { k: [1] }, b: { k: [1] }, true: "d", e: "yes", f: 7 });
  });

  it("reads JSON, a byte order mark included", () => {
    expect(readYaml('\uFEFF{\n\t"a": [1, "\\ud83d\\ude00", null]\n}').documents[0]?.value).toEqual({
      a: [1, "😀", null],
    });
  });

  it("refuses aliases that would make the document too large", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let n = 1; n < 9; n += 1) lines.push(`a${n}: &a${n} [${`*a${n - 1},`.repeat(10)}]`);
    const { faults } = readYaml(lines.join("\n"));
    expect(faults.map(({ code }) => code)).toEqual(["yaml/alias-bomb"]);
  });

  it("refuses aliases that would make the document too deep", () => {
    const nest = (inner: string): string => "[".repeat(60) + inner + "]".repeat(60);
    const { faults } = readYaml(`a: &a ${nest("1")}\nb: &b ${nest("*a")}\n`);
    expect(faults.map(({ code }) => code)).toEqual(["yaml/alias-bomb"]);
  });

  it("refuses a file larger than 10 MiB without parsing it", () => {
    const { documents, faults } = readYaml(`a: ${"é".repeat(MAX_FILE_BYTES / 2)}`);
    expect(documents).toEqual([]);
    expect(faults.map(({ code }) => code)).toEqual(["yaml/too-large"]);
  });

  it("never throws, whatever the text", () => {
    const yamlish = fc.string({
      unit: fc.constantFrom(...Array.from(" \n\t:-?[]{},&*!|>'\"%@`#ab10.~<=$/\\\u0000\uFEFFé")),
    });
    fc.assert(
      fc.property(fc.oneof(yamlish, fc.string({ unit: "binary" })), (text) => {
        const { documents, faults } = readYaml(text);
        const places = placesIn(text);
        for (const { start, end } of faults) expect(places.range(start, end).line).toBeGreaterThan(0);
        for (const { index } of documents) places.find(index, "/a/0", "value");
      }),
      { numRuns: 2000 },
    );
  });

  it("reads what JSON.stringify writes unless a number in it is ambiguous", () => {
    expect.hasAssertions();
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = JSON.stringify(value);
        const { documents, faults } = readYaml(text);
        fc.pre(faults.length === 0);
        expect(documents[0]?.value).toEqual(JSON.parse(JSON.stringify(load(text))));
      }),
    );
  });
});

describe("places in a file", () => {
  const text = 'a:\n  b: [1, "two"]\n---\nc: |\n  some {{x}} text\n  {{x}}\nd: &e { f: 1 }\ng: *e\n';
  const places = placesIn(text);

  it.each([
    { says: "a key", document: 0, pointer: "/a/b", part: "key", at: "2:3-2:4" },
    { says: "a quoted value with its quotes", document: 0, pointer: "/a/b/1", part: "value", at: "2:10-2:15" },
    { says: "the alias for what stands behind it", document: 1, pointer: "/g/f", part: "value", at: "8:1-8:2" },
    {
      says: "the nearest place above for what is not there",
      document: 0,
      pointer: "/a/x/y",
      part: "value",
      at: "1:1-1:2",
    },
    { says: "a document of several", document: 1, pointer: "/d/f", part: "value", at: "7:12-7:13" },
  ] as const)("are found for $says", ({ document, pointer, part, at }) => {
    const { line, column, endLine, endColumn } = places.find(document, pointer, part);
    expect(`${line}:${column}-${endLine}:${endColumn}`).toBe(at);
  });

  it("are found for words inside a text", () => {
    expect(places.findWords(1, "/c", "{{x}}")).toEqual({ line: 5, column: 8, endLine: 5, endColumn: 13 });
  });
});
