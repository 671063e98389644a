import { describe, expect, it } from "vitest";
import { entryDigest } from "../../src/model/entry-digest.ts";
import { Secret } from "../../src/model/template.ts";
import { aDatasource, aFile, brief, build, documents, only } from "../support/manifest-builders.ts";

const CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: docs }\n";

describe("entries of a datasource", () => {
  it("are absent where a manifest says nothing of them, and none where it says none", () => {
    expect(only(aDatasource("d", "type: text"))).not.toHaveProperty("entries");
    expect(only(aDatasource("d", "type: text", "entries: []")).entries).toEqual([]);
  });

  it("hold what their type holds", () => {
    const text = only(aDatasource("d", "type: text", "entries: [{ name: a, content: b, metadata: { lang: en } }]"));
    expect(text.entries).toMatchObject([
      { name: "a", body: { kind: "content", value: "b" }, metadata: { lang: "en" } },
    ]);
    const url = only(aDatasource("d", "type: url", "entries: [{ name: a, url: https://example.com/a }]"));
    expect(url.entries).toMatchObject([{ body: { kind: "url", value: "https://example.com/a" } }]);
    const pdf = only(aDatasource("d", "type: pdf", "entries: [{ name: a, file: { $file: files/a.pdf } }]"), {
      beside: { "files/a.pdf": "%PDF" },
    });
    expect(pdf.entries).toMatchObject([
      { body: { kind: "file", file: { path: "files/a.pdf", fileName: "a.pdf", size: 4 } } },
    ]);
  });

  it.each([
    { type: "text", field: "url", value: "https://example.com" },
    { type: "url", field: "content", value: "a" },
    { type: "pdf", field: "content", value: "a" },
    { type: "csv", field: "url", value: "https://example.com" },
  ])("of type $type take no $field", ({ type, field, value }) => {
    const { problems } = build(aDatasource("d", `type: ${type}`, "entries:", "  - name: a", `    ${field}: ${value}`));
    expect(brief(problems)).toEqual(["error entries/wrong-field 8:7"]);
  });

  it("of a type that we do not know may hold anything", () => {
    const { problems } = build(
      aDatasource("d", "type: custom", "entries: [{ name: a, content: b }, { name: c, url: https://example.com }]"),
    );
    expect(problems).toEqual([]);
  });

  it.each([
    "https://a.example, https://b.example",
    "https://a.example https://b.example",
    "ftp://a.example",
    "example.com",
    "https://",
  ])("take exactly one address as url, not %j", (url) => {
    const { problems } = build(aDatasource("d", "type: url", `entries: [{ name: a, url: "${url}" }]`));
    expect(brief(problems)).toEqual(["error entries/url 6:29"]);
  });

  it.each([
    { says: "a secret", file: "{ $env: X }" },
    { says: "another resource", file: "{ $ref: App/a }" },
  ])("take no file from $says", ({ file }) => {
    const { problems } = build(aDatasource("d", "type: pdf", `entries: [{ name: a, file: ${file} }]`));
    expect(brief(problems)).toEqual(["error directive/not-here 6:30"]);
  });

  it("keep secrets secret, and count them by their source", () => {
    const text = aDatasource("d", "type: text", "entries: [{ name: a, content: { $env: TEXT } }]");
    const [first] = only(text, { env: () => "one" }).entries ?? [];
    const [second] = only(text, { env: () => "two" }).entries ?? [];
    expect(first?.body).toEqual({ kind: "content", value: new Secret({ $env: "TEXT" }, "one") });
    expect(first?.sha256).toBe(second?.sha256);
  });

  it("may not stand twice under one name, nor climb with ..", () => {
    const { problems } = build(
      aDatasource(
        "d",
        "type: text",
        "entries:",
        "  - { name: a, content: b }",
        "  - { name: a, content: c }",
        "  - { name: x/../y, content: c }",
      ),
    );
    expect(brief(problems)).toEqual(["error entries/duplicate 8:7", "error entries/name 9:7"]);
    expect(problems[0]?.message).toContain("manifest.yaml:7");
  });

  it("know where they were written", () => {
    const { entries } = only(aDatasource("d", "type: text", "entries:", "  - { name: a, content: b }"));
    expect(entries?.[0]?.origin).toEqual({ path: "manifest.yaml", line: 7, column: 7 });
  });
});

describe("entriesFrom", () => {
  const beside = { "kb/docs/a.md": "A", "kb/docs/more/b.md": "B", "other/c.md": "C" };
  const inFolder = (...spec: readonly string[]) => build([aFile(aDatasource("d", ...spec), "kb/d.yaml")], { beside });

  it("makes one entry a file, named by its path from the manifest", () => {
    const { desired, problems } = inFolder(
      "type: text",
      'entriesFrom: [{ glob: "docs/**/*.md", metadata: { source: docs } }]',
    );
    expect(problems).toEqual([]);
    expect(desired.values().next().value?.entries).toMatchObject([
      { name: "docs/a.md", body: { kind: "content", value: "A" }, metadata: { source: "docs" } },
      { name: "docs/more/b.md", body: { kind: "content", value: "B" } },
    ]);
  });

  it("reads bytes for types that hold files", () => {
    const { desired } = inFolder("type: file", 'entriesFrom: [{ glob: "docs/*.md" }]');
    expect(desired.values().next().value?.entries).toMatchObject([
      { name: "docs/a.md", body: { kind: "file", file: { size: 1 } } },
    ]);
  });

  it("names files outside the manifest's folder from the root", () => {
    const { desired } = inFolder("type: text", 'entriesFrom: [{ glob: "../other/*.md" }]');
    expect(
      desired
        .values()
        .next()
        .value?.entries?.map(({ name }) => name),
    ).toEqual(["other/c.md"]);
  });

  it("is an error where nothing matches, unless it is optional", () => {
    const strict = inFolder("type: text", 'entriesFrom: [{ glob: "none/*.md" }]');
    expect(brief(strict.problems)).toEqual(["error entries/source 6:25"]);
    const optional = inFolder("type: text", 'entriesFrom: [{ glob: "none/*.md", optional: true }]');
    expect(optional.problems).toEqual([]);
    expect(optional.desired.values().next().value?.entries).toEqual([]);
  });

  it("is an error where two sources give one name", () => {
    const { problems } = inFolder(
      "type: text",
      "entries: [{ name: docs/a.md, content: x }]",
      'entriesFrom: [{ glob: "docs/*.md" }]',
    );
    expect(brief(problems)).toEqual(["error entries/duplicate 7:17"]);
  });

  it("takes each key of a ConfigMap, texts and bytes", () => {
    const map = `${CONFIG_MAP}data: { b.md: Beta, a.md: Alpha }\nbinaryData: { c.bin: AAEC }\n`;
    const source = "entriesFrom: [{ configMap: { name: docs } }]";
    const file = build(documents(aDatasource("d", "type: file", source), map));
    expect(file.problems).toEqual([]);
    expect(file.desired.values().next().value?.entries).toMatchObject([
      { name: "a.md", body: { file: { size: 5, fileName: "a.md" } } },
      { name: "b.md", body: { file: { size: 4 } } },
      { name: "c.bin", body: { file: { size: 3 } } },
    ]);
    const text = build(documents(aDatasource("d", "type: text", source), map));
    expect(brief(text.problems)).toEqual(["error entries/source 6:30"]);
  });

  it("takes a ConfigMap from --secrets-dir, and says when there is none", () => {
    const manifest = aDatasource("d", "type: text", "entriesFrom: [{ configMap: { name: docs } }]");
    expect(
      only(manifest, {
        secretFiles: new Map([
          ["docs/a", "A"],
          ["docs2/b", "B"],
        ]),
      }).entries,
    ).toMatchObject([{ name: "a" }]);
    expect(brief(build(manifest).problems)).toEqual(["error entries/source 6:30"]);
    expect(brief(build(manifest, { missingSecrets: "warning" }).problems)).toEqual(["warning entries/source 6:30"]);
  });

  it("gives bytes that can be read as often as asked", async () => {
    const { entries } = only(
      documents(
        aDatasource("d", "type: file", "entries: [{ name: a, file: { $configMap: { name: docs, key: a } } }]"),
        `${CONFIG_MAP}data: { a: Alpha }\n`,
      ),
    );
    const body = entries?.[0]?.body;
    const read = async (): Promise<string> => {
      const pieces: Uint8Array[] = [];
      if (body?.kind === "file") for await (const piece of body.file.read()) pieces.push(piece);
      return Buffer.concat(pieces).toString();
    };
    expect([await read(), await read()]).toEqual(["Alpha", "Alpha"]);
  });
});

describe("the digest of an entry", () => {
  const base = { name: "a", body: { kind: "content", value: "x" }, metadata: { b: 1, c: 2 } } as const;

  it.each([
    { says: "its name", other: { ...base, name: "b" } },
    { says: "its text", other: { ...base, body: { kind: "content", value: "y" } } as const },
    { says: "its metadata", other: { ...base, metadata: { b: 1 } } },
    { says: "what its text is", other: { ...base, body: { kind: "url", value: "x" } } as const },
    {
      says: "the source of its secret",
      other: { ...base, body: { kind: "content", value: new Secret({ $env: "X" }, "x") } } as const,
    },
  ])("changes with $says", ({ other }) => {
    expect(entryDigest(other)).not.toBe(entryDigest(base));
  });

  it("does not change with the order of metadata, nor with a null in it", () => {
    expect(entryDigest({ ...base, metadata: { c: 2, d: null, b: 1 } })).toBe(entryDigest(base));
  });
});
