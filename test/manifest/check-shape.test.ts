import { describe, expect, it } from "vitest";
import { readManifests } from "../../src/manifest/read-manifests.ts";
import { aDatasource, aFile, anApp, brief, build } from "../support/manifest-builders.ts";

function problemOf(text: string): {
  readonly brief: string;
  readonly message: string;
  readonly suggestion: string | undefined;
} {
  const { problems } = build(text);
  const lines = brief(problems);
  expect(lines).toHaveLength(1);
  return { brief: lines[0] ?? "", message: problems[0]?.message ?? "", suggestion: problems[0]?.suggestion };
}

const HEAD = "apiVersion: llmstack.ai/v1alpha1\nkind: App\nmetadata: { name: a }\n";

describe("the shape of a manifest", () => {
  it.each([
    {
      says: "a field nobody knows",
      text: anApp("a", "descripton: x"),
      at: "8:5",
      words: "definition has no field descripton; did you mean description?",
    },
    {
      says: "a field of spec nobody knows",
      text: `${anApp("a")}  deletePolicy: Orphan\n`,
      at: "8:3",
      words: "spec has no field deletePolicy; did you mean deletionPolicy?",
    },
    {
      says: "is_published in a definition",
      text: anApp("a", "is_published: true"),
      at: "8:5",
      words: "spec.publish.state",
    },
    {
      says: "an access list in a definition",
      text: anApp("a", "read_accessible_by: []"),
      at: "8:5",
      words: "spec.publish.readers",
    },
    { says: "a draft", text: anApp("a", "draft: true"), at: "8:5", words: "always written live" },
    { says: "a uuid in a definition", text: anApp("a", "uuid: x"), at: "8:5", words: "spec.uuid" },
    {
      says: "a definition without a type",
      text: `${HEAD}spec:\n  definition: { name: a }\n`,
      at: "5:3",
      words: "type_slug of definition is missing",
    },
    { says: "no spec", text: HEAD, at: "1:1", words: "spec is missing" },
    {
      says: "a definition beside spec",
      text: `${HEAD}definition: { name: a, type_slug: web }\n`,
      at: "1:1",
      words: "definition stands under spec",
      more: 1,
    },
    {
      says: "a name that is empty",
      text: `${HEAD}spec:\n  definition: { name: "", type_slug: web }\n`,
      at: "5:23",
      words: "name must not be empty",
    },
    {
      says: "a name of 101 characters",
      text: `${HEAD}spec:\n  definition: { name: ${"é".repeat(101)}, type_slug: web }\n`,
      at: "5:23",
      words: "at most 100 characters and has 101",
    },
    {
      says: "a name that is a number",
      text: `${HEAD}spec:\n  definition: { name: 5, type_slug: web }\n`,
      at: "5:23",
      words: "name must be text, not a number",
    },
    {
      says: "a config that is a list",
      text: anApp("a", "config: []"),
      at: "8:13",
      words: "config must be an object, not a list",
    },
    {
      says: "a processor that is a text",
      text: anApp("a", "processors: [web]"),
      at: "8:18",
      words: "processors[0] must be an object, not web",
    },
    {
      says: "a processor without an id",
      text: anApp("a", "processors: [{ provider_slug: a, processor_slug: b }]"),
      at: "8:18",
      words: "id of processors[0] is missing",
    },
    {
      says: "a description that is a number",
      text: anApp("a", "description: 5"),
      at: "8:18",
      words: "description must be text or one of $env, $file, $secret, $configMap, not a number",
    },
    {
      says: "a reference where text stands",
      text: anApp("a", "description: { $ref: App/a }"),
      at: "8:18",
      words: "not $ref",
      more: 1,
    },
    {
      says: "a directive as a type",
      text: `${HEAD}spec:\n  definition: { name: a, type_slug: { $env: T } }\n`,
      at: "5:37",
      words: "type_slug must be text, not $env",
      more: 1,
    },
    {
      says: "a word that is none of the few",
      text: `${anApp("a")}  deletionPolicy: orphan\n`,
      at: "8:19",
      words: "did you mean Orphan?",
    },
    {
      says: "a key that is no label",
      text: anApp("Support_Bot"),
      at: "3:19",
      words: "metadata.name does not have its form",
    },
    { says: "an uuid that is none", text: `${anApp("a")}  uuid: 123e\n`, at: "8:9", words: "uuid" },
    {
      says: "an entry with two bodies",
      text: aDatasource("d", "type: text", "entries: [{ name: e, content: a, url: b }]"),
      at: "6:13",
      words: "exactly one of content, url, file, and has content and url",
    },
    {
      says: "an entry with none",
      text: aDatasource("d", "type: text", "entries: [{ name: e }]"),
      at: "6:13",
      words: "none of them",
    },
    {
      says: "a file that is a text",
      text: aDatasource("d", "type: pdf", "entries: [{ name: e, file: a.pdf }]"),
      at: "6:30",
      words: "not a.pdf",
    },
    {
      says: "a label that is a number",
      text: anApp("a").replace("{ name: a }", "{ name: a, labels: { b: 1 } }"),
      at: "3:35",
      words: "must be text",
    },
  ])("cannot have $says", ({ text, at, words, more = 0 }) => {
    const { problems } = build(text);
    const found = problems.filter(({ severity }) => severity === "error");
    expect(brief(found).map((line) => line.split(" ")[2])).toContain(at);
    expect(found.map(({ message }) => message).join("\n")).toContain(words);
    expect(found.length).toBeLessThanOrEqual(1 + more);
  });

  it("may have null wherever a key may be left out", () => {
    const { desired, problems } = build(
      `${anApp("a", "icon: null", "config: null", "processors: ~")}  publish: null\n  movedFrom: null\n  deletionPolicy: null\n`,
    );
    expect(problems).toEqual([]);
    expect(desired.values().next().value?.document).toEqual({ name: "a", type_slug: "web" });
  });

  it("counts a null body of an entry as none", () => {
    expect(build(aDatasource("d", "type: text", "entries: [{ name: e, content: a, url: null }]")).problems).toEqual([]);
  });

  it("never shows a text that may be a secret in a wrong place", () => {
    const { message } = problemOf(anApp("a", 'config: "sk 123456 secret"'));
    expect(message).not.toContain("123456");
  });

  it.each([
    { type: "text_chat", suggestion: "text-chat" },
    { type: "brand-new", suggestion: undefined },
  ])("may have the type $type, with a warning, since servers differ", ({ type, suggestion }) => {
    const found = problemOf(anApp("a").replace("type_slug: web", `type_slug: ${type}`));
    expect(found).toMatchObject({ brief: "warning manifest/unknown-type 7:16", suggestion });
  });

  it("is checked as often as it is wrong", () => {
    const text = anApp("a", "input_fields:", ...Array.from({ length: 20_000 }, () => "  - { title: 5 }"));
    const { problems } = readManifests([aFile(text)]);
    expect(problems.filter(({ severity }) => severity === "error")).toHaveLength(20_000);
  });

  it("is checked in every document and file at once", () => {
    const { problems } = build(
      `${anApp("a", "config: 1", "icons: 2")}---\n${aDatasource("d", "type: 5")}---\n${aDatasource("e", "typ: text")}`,
    );
    expect(brief(problems)).toEqual([
      "error schema/type 8:13",
      "error schema/unknown-field 9:5",
      "error schema/type 15:9",
      "error schema/required 20:1",
      "error schema/unknown-field 21:3",
    ]);
  });
});
