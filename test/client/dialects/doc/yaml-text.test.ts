import { readFile } from "node:fs/promises";
import * as fc from "fast-check";
import { load, YAML11_SCHEMA } from "js-yaml";
import { describe, expect, it } from "vitest";
import { yamlText } from "../../../../src/client/dialects/doc/yaml-text.ts";
import type { Json } from "../../../../src/model/json.ts";

/**
 * Each `yaml` was read by PyYAML 6.0.3 (`yaml.safe_load`, Python 3.11), the reader that LLMStack uses, and gave
 * `json`. A change of these texts has to be checked against PyYAML again.
 */
const golden = JSON.parse(await readFile(new URL("yaml-golden.json", import.meta.url), "utf8")) as readonly {
  readonly json: string;
  readonly yaml: string;
}[];

const text = fc.oneof(
  fc.string({ unit: "binary" }).filter((value) => !value.includes("\0") && value.isWellFormed()),
  fc.constantFrom(
    "yes",
    "1e5",
    "<<",
    "~",
    "010",
    "12:30",
    "2020-01-01",
    "a: b",
    "a #b",
    "- a",
    "\u2028",
    "\u0085",
    "😀",
  ),
);
const { document } = fc.letrec<{ document: Json }>((tie) => ({
  document: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("document"), { maxLength: 4 }),
    fc.array(fc.tuple(text, tie("document")), { maxLength: 4 }).map((members) => Object.fromEntries(members)),
  ),
}));

describe("what the documented API is sent as YAML", () => {
  it.each(golden)("$yaml is what PyYAML was seen to read as it was meant", ({ json, yaml }) => {
    expect(yamlText(JSON.parse(json) as Json)).toBe(yaml);
    expect(load(yaml, { schema: YAML11_SCHEMA, maxDepth: 300 })).toEqual(JSON.parse(json));
  });

  it("is one line of printable ASCII that a YAML 1.1 reader gives back unchanged", () => {
    fc.assert(
      fc.property(document, (value) => {
        const yaml = yamlText(value);
        expect(yaml).toMatch(/^[ -~]*$/u);
        expect(load(yaml, { schema: YAML11_SCHEMA })).toEqual(value);
      }),
    );
  });

  it.each([
    ["a NUL character", { config: { prompts: ["ok", "bad\0"] } }, "/config/prompts/1"],
    ["half of a surrogate pair", { "a/b": "\ud83d" }, "/a~1b"],
    ["half of a surrogate pair", { "\udc00": 1 }, "surrogate"],
  ])("text with %s is refused with its place before anything is sent", (what, value, place) => {
    expect(() => yamlText(value)).toThrow(expect.objectContaining({ class: "invalid_manifest" }));
    expect(() => yamlText(value)).toThrow(what);
    expect(() => yamlText(value)).toThrow(place);
  });

  it("a document nested deeper than the server's reader can follow is refused", () => {
    const deep = Array.from({ length: 201 }).reduce<Json>((inner) => [inner], 1);
    expect(() => yamlText(deep)).toThrow("nested deeper than 200 levels");
  });
});
