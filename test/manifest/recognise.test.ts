import { describe, expect, it } from "vitest";
import { aDatasource, aFile, anApp, brief, build, documents } from "../support/manifest-builders.ts";

const FLAT = "name: Greeter\nslug: greeter\ntype_slug: web\n";

describe("a document", () => {
  it.each([
    { says: "of our group", text: anApp("a"), keys: ["App/a"] },
    { says: "in LLMStack's flat form", text: FLAT, keys: ["App/greeter"] },
    {
      says: "that is a template file, by its own slug",
      text: "name: T\nslug: outer\napp:\n  name: A\n  slug: inner\n  type_slug: web\n",
      keys: ["App/outer"],
    },
    {
      says: "that is a template file, by its app's slug",
      text: "name: T\napp:\n  name: A\n  slug: inner\n  type_slug: web\n",
      keys: ["App/inner"],
    },
    { says: "that is a plain datasource", text: "name: Docs\ntype: text\nslug: docs\n", keys: ["Datasource/docs"] },
    {
      says: "that is a List of others",
      text: JSON.stringify({
        apiVersion: "v1",
        kind: "List",
        items: [
          { apiVersion: "v1", kind: "List", items: [] },
          { slug: "x", name: "X", type_slug: "web" },
        ],
      }),
      keys: ["App/x"],
    },
    { says: "with nothing in it", text: "# only a comment\n---\n", keys: [] },
  ])("$says is read", ({ text, keys }) => {
    const { desired, problems } = build(text);
    expect([...desired.keys()]).toEqual(keys);
    expect(problems.filter(({ severity }) => severity !== "note")).toEqual([]);
  });

  it.each([
    { says: "is a list", text: "- a\n", at: "1:1", words: "an object" },
    { says: "is a text", text: "hello\n", at: "1:1", words: "single value" },
    {
      says: "has a kind and no apiVersion",
      text: "kind: App\nspec: {}\n",
      at: "1:1",
      words: "apiVersion: llmstack.ai/v1alpha1",
    },
    { says: "has an apiVersion and no kind", text: "apiVersion: v1\n", at: "1:1", words: "no kind" },
    { says: "has a kind that is a number", text: "apiVersion: v1\nkind: 3\n", at: "2:7", words: "no kind" },
    { says: "is of another version", text: "apiVersion: llmstack.ai/v1\nkind: App\n", at: "1:13", words: "v1alpha1" },
    {
      says: "is of a group that was mistyped",
      text: "apiVersion: llmstack.io/v1alpha1\nkind: App\n",
      at: "1:13",
      words: "llmstack.ai/v1alpha1",
    },
    {
      says: "says its version without the group",
      text: "apiVersion: v1alpha1\nkind: App\n",
      at: "1:13",
      words: "llmstack.ai/v1alpha1",
    },
    {
      says: "is of a kind that was mistyped",
      text: "apiVersion: llmstack.ai/v1alpha1\nkind: Datasorce\n",
      at: "2:7",
      words: "did you mean Datasource",
    },
    {
      says: "is a pipeline template",
      text: "name: Text\nslug: text\npipeline: {}\n",
      at: "1:1",
      words: "pipeline template",
    },
    { says: "is an app without its type", text: "name: A\nprocessors: []\n", at: "1:1", words: "type_slug" },
    { says: "has mistyped type_slug", text: "name: A\ntype-slug: web\n", at: "1:1", words: "type_slug" },
    {
      says: "has a name and a type and is something else",
      text: '{ "name": "x", "type": "module", "scripts": {} }',
      at: "1:1",
      words: "name, type, scripts",
    },
    { says: "is anything else", text: "version: 2\nservices: {}\n", at: "1:1", words: "version, services" },
  ])("that $says is an error that helps", ({ text, at, words }) => {
    const { problems } = build(text);
    expect(brief(problems)).toEqual([`error manifest/unknown ${at}`]);
    expect(problems[0]?.message).toContain(words);
  });

  it("that is not recognised in a List has its own position", () => {
    const { problems } = build("apiVersion: v1\nkind: List\nitems:\n  - kind: App\n  - a: 1\n");
    expect(brief(problems)).toEqual(["error manifest/unknown 4:5", "error manifest/unknown 5:5"]);
    expect(problems.map(({ pointer }) => pointer)).toEqual(["/items/0", "/items/1"]);
  });
});

describe("what is not for LLMStack", () => {
  it("is left out with a count", () => {
    const { desired, problems, notes } = build([
      aFile("apiVersion: apps/v1\nkind: Deployment\n---\napiVersion: v1\nkind: Namespace\n", "k8s.yaml"),
      aFile(
        "apiVersion: llmstack.ai/v1alpha1\nkind: Server\n---\napiVersion: llmstack.ai/v1alpha1\nkind: GitSync\n",
        "op.yaml",
      ),
      aFile("resources: [app.yaml]\n", "base/kustomization.yaml"),
      aFile("server: http://localhost\n", "llmstack-sync.yaml"),
      aFile("apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n", "component.yaml"),
      aFile("apiVersion: kappctrl.k14s.io/v1alpha1\nkind: App\n", "kapp.yaml"),
      aFile("apiVersion: llmstack.ai/v1alpha1\nkind: Plan\n", "plan.json"),
    ]);
    expect(desired.size).toBe(0);
    expect(problems).toEqual([]);
    expect(notes).toHaveLength(1);
    expect(notes[0]?.message).toContain("9 documents");
  });

  it("is a Secret or a ConfigMap, of which nothing is counted", () => {
    const { problems, notes } = build("apiVersion: v1\nkind: Secret\nmetadata: { name: s }\nstringData: { a: b }\n");
    expect([...problems, ...notes]).toEqual([]);
  });
});

describe("LLMStack's own YAML", () => {
  it("loses what servers ignore, with a note", () => {
    const { desired, problems } = build(
      `${FLAT}version: "0.0.1"\ncategories: [a]\nis_published: true\nvisibility: 3\n`,
    );
    expect(brief(problems)).toEqual(["note manifest/left-out 2:1", "note manifest/left-out 6:1"]);
    expect(problems[0]?.message).toContain("slug, version, categories");
    expect([...desired.values()][0]?.document).toEqual({ name: "Greeter", type_slug: "web" });
  });

  it("keeps every other rule, with positions in the document as written", () => {
    const { problems } = build("name: A\nslug: a\ntype_slug: web\nprocesors: []\nuuid: x\n");
    expect(brief(problems).slice(1)).toEqual(["error schema/unknown-field 4:1", "error schema/unknown-field 5:1"]);
    expect(problems[1]).toMatchObject({ suggestion: "processors", pointer: "/procesors" });
  });

  it("has its key from its name where it has no slug, with a warning", () => {
    const { desired, problems } = build("name: Crème Brûlée (v2) — Ünï!\ntype_slug: web\n");
    expect([...desired.keys()]).toEqual(["App/creme-brulee-v2-uni"]);
    expect(brief(problems)).toEqual(["warning manifest/key-from-name 1:7"]);
  });

  it("is an error where its name makes no key", () => {
    const { desired, problems } = build("name: 你好\ntype_slug: web\n");
    expect(desired.size).toBe(0);
    expect(brief(problems)).toEqual(["error manifest/no-key 1:7"]);
  });

  it("cuts a key to what a label may be", () => {
    const { desired } = build(`name: A\nslug: ${"a".repeat(62)}_b\ntype_slug: web\n`);
    expect([...desired.keys()]).toEqual([`App/${"a".repeat(62)}`]);
  });

  it("refuses keys beside app that no template file has", () => {
    const { problems } = build("slug: t\nprocessors: []\napp: { name: A, type_slug: web }\n");
    expect(brief(problems).filter((line) => line.startsWith("error"))).toEqual(["error manifest/unknown-field 2:1"]);
  });

  it("may be a datasource with entries", () => {
    const { desired, problems } = build(
      "name: FAQ\nslug: faq\ntype: text\nentries:\n  - { name: a, content: b }\n  - { name: c, contents: d }\n",
    );
    expect(brief(problems).slice(1)).toEqual(["error schema/one-of 6:5", "error schema/unknown-field 6:16"]);
    expect(desired.size).toBe(0);
  });
});

describe("a mark of a live object", () => {
  const mark = "x-llmstack-sync: { v: 1, set: s, key: App/a, nonce: m }";

  it("is left out of every input, with a note", () => {
    const text = documents(
      anApp("a", `config: { a: 1, ${mark} }`),
      anApp("b", `config: { ${mark} }`),
      aDatasource(
        "d",
        "type: text",
        `pipeline: { ${mark} }`,
        `entries: [{ name: e, content: f, metadata: { ${mark} } }]`,
      ),
    );
    const { desired, problems } = build(text);
    expect(brief(problems)).toEqual([
      "note manifest/mark 8:21",
      "note manifest/mark 17:15",
      "note manifest/mark 24:15",
      "note manifest/mark 25:48",
    ]);
    const [a, b, d] = [...desired.values()];
    expect(a?.document).toEqual({ name: "a", type_slug: "web", config: { a: 1 } });
    expect(b?.document).toEqual({ name: "b", type_slug: "web" });
    expect(d?.document).toEqual({ name: "d", type: "text" });
    expect(d?.entries?.[0]?.metadata).toEqual({});
  });
});
