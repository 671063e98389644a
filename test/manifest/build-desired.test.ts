import { describe, expect, it } from "vitest";
import { checkForKubernetes } from "../../src/manifest/check-size.ts";
import { readManifests } from "../../src/manifest/read-manifests.ts";
import { aDatasource, aFile, anApp, brief, build, documents, only } from "../support/manifest-builders.ts";

const UUID = "3F0B7C1E-8A52-4C55-9A57-0D4D3C1B9F10";

describe("a resource", () => {
  it("has every field of its spec", () => {
    const app = only(
      anApp("a").replace(
        "{ name: a }",
        '{ name: a, annotations: { llmstack.ai/protect: "true", llmstack.ai/take-over: old } }',
      ) +
        `  publish: { state: Published, visibility: organization, readers: [a@example.com], writers: null }\n` +
        `  uuid: ${UUID}\n  movedFrom: [b]\n  formerSets: [staging]\n  deletionPolicy: Orphan\n`,
    );
    expect(app).toMatchObject({
      key: "App/a",
      kind: "App",
      name: "a",
      type: "web",
      publish: { state: "Published", visibility: "organization", readers: ["a@example.com"] },
      entriesPolicy: "Keep",
      deletionPolicy: "Orphan",
      protect: true,
      uuid: UUID.toLowerCase(),
      movedFrom: ["App/b"],
      formerSets: ["staging"],
      takeOver: "old",
      origin: { path: "manifest.yaml", line: 1, column: 1 },
    });
    expect(app.publish).not.toHaveProperty("writers");
  });

  it("of a datasource is named by its manifest where it has no name of its own", () => {
    const datasource = only(
      aDatasource("docs", "type: text", "pipeline: { a: { $$b: 1 } }", "entriesPolicy: Exclusive"),
    );
    expect(datasource).toMatchObject({
      name: "docs",
      entriesPolicy: "Exclusive",
      protect: false,
      deletionPolicy: "Delete",
    });
    expect(datasource.document).toEqual({ name: "docs", type: "text", pipeline: { a: { $b: 1 } } });
    expect(only(aDatasource("docs", "type: text", "name: Product docs")).document).toEqual({
      name: "Product docs",
      type: "text",
    });
  });

  it("knows the line of its document among several", () => {
    const { desired } = build(documents(anApp("a"), anApp("b")));
    expect([...desired.values()].map(({ origin }) => origin?.line)).toEqual([1, 9]);
  });
});

describe("a manifest that is wrong in one place", () => {
  it("is checked in all others too, and asked for by nobody", () => {
    const { desired, problems } = build(
      documents(
        anApp("a", "enabled: yes", 'output_template: { markdown: "{{_inputs4.a}}" }', "config: { a: { $env: NOPE } }"),
        aDatasource("d", "type: text", "colour: red", "entries: [{ name: e, url: https://example.com }]"),
      ),
    );
    expect(desired.size).toBe(0);
    expect(brief(problems)).toEqual([
      "error schema/unknown-field 8:5",
      "error yaml/ambiguous-scalar 8:14",
      "error app/unknown-processor 9:37",
      "error directive/unresolved 10:18",
      "error schema/unknown-field 17:3",
      "error entries/wrong-field 18:24",
    ]);
  });
});

describe("documents beside each other", () => {
  it("may not have one key, which is told with both places", () => {
    const { problems } = build([aFile(anApp("a"), "x.yaml"), aFile(`# again\n${anApp("a")}`, "y.yaml")]);
    expect(brief(problems)).toEqual(["error manifest/duplicate-key 4:19"]);
    expect(problems[0]).toMatchObject({ path: "y.yaml" });
    expect(problems[0]?.message).toContain("App/a stands twice, first at x.yaml:1");
  });

  it("may not have one key in two forms", () => {
    const { problems } = build(documents(anApp("a"), "name: A\nslug: a\ntype_slug: web\n"));
    expect(brief(problems)).toContain("error manifest/duplicate-key 10:7");
  });

  it("share one namespace", () => {
    const inNamespace = (name: string, namespace: string): string =>
      anApp(name).replace(`{ name: ${name} }`, `{ name: ${name}, namespace: ${namespace} }`);
    expect(build(documents(inNamespace("a", "x"), anApp("b"), inNamespace("c", "x"))).problems).toEqual([]);
    const { problems } = build(documents(inNamespace("a", "x"), inNamespace("b", "z")));
    expect(brief(problems)).toEqual(["error manifest/namespaces 11:33"]);
    expect(problems[0]?.message).toContain("manifest.yaml:1");
  });

  it("may not have one name as Secrets of one namespace", () => {
    const secret = "apiVersion: v1\nkind: Secret\nmetadata: { name: s }\n";
    expect(brief(build(documents(secret, secret)).problems)).toEqual(["error manifest/duplicate-key 7:19"]);
    expect(build(documents(secret, secret.replace("Secret", "ConfigMap"))).problems).toEqual([]);
  });
});

describe("processors", () => {
  const processors = (...ids: readonly string[]): string =>
    `processors: [${ids.map((id) => `{ id: ${id}, provider_slug: p, processor_slug: s }`).join(", ")}]`;

  it.each(["_inputs0", "input", "output", "agent", "coordinator"])(
    "may not be called %s, which LLMStack uses itself",
    (id) => {
      expect(brief(build(anApp("a", processors(id))).problems)).toEqual(["error app/reserved-processor 8:24"]);
    },
  );

  it("may not share an id", () => {
    const { problems } = build(anApp("a", processors("_inputs1", "_inputs1")));
    expect(brief(problems)).toEqual(["error app/duplicate-processor 8:79"]);
    expect(problems[0]?.message).toContain("manifest.yaml:8");
  });
});

describe("templates", () => {
  const withTemplate = (template: string): string =>
    anApp(
      "a",
      "config:",
      `  layout: ${JSON.stringify(template)}`,
      "processors:",
      "  - { id: _inputs1, provider_slug: p, processor_slug: s, input: {} }",
      "  - { id: search, provider_slug: p, processor_slug: s, input: {} }",
    );

  it.each([
    "{{_inputs0.question}} {{ _inputs1.answer }}",
    "{{_inputs[0].question}} {{ _inputs[1].answer }}",
    "{% if _inputs1.ok %}{{ answer | truncate: 5 }}{% endif %}",
    "{{ search.text }} {{ agent.content }} {{ anything }}",
    "_inputs9 in plain text",
    '{{ "_inputs9" }}',
    "{{ result._inputs9 }}",
    "{{ my_inputs9 }}",
    "{{ unclosed _inputs9",
    "{% raw %}{{ _inputs9 }}{% endraw %}{%- comment -%}{{ _inputs8 }}{%- endcomment -%}",
    "{% raw %}{{ _inputs9 }}",
  ])("may say %j", (template) => {
    expect(build(withTemplate(template)).problems).toEqual([]);
  });

  it.each([
    { template: "{{ _inputs2.answer }}", problem: "error app/unknown-processor 9:20", suggestion: "_inputs1" },
    {
      template: "a {% for x in _inputs7.list %}{% endfor %}",
      problem: "error app/unknown-processor 9:31",
      suggestion: "_inputs1",
    },
    {
      template: "{% raw %}{{ x }}{% endraw %}{{ _inputs2.a }}",
      problem: "error app/unknown-processor 9:20",
      suggestion: "_inputs1",
    },
    { template: "{{ _inputs[4].x }}", problem: "warning app/unknown-processor 9:20", suggestion: "_inputs1" },
    { template: "{{ _input1.answer }}", problem: "warning app/unknown-processor 9:20", suggestion: "_inputs1" },
  ])("may not name a processor that is not there: $template", ({ template, problem, suggestion }) => {
    const { problems } = build(withTemplate(template));
    expect(brief(problems).map((line) => line.replace(/9:\d+/u, ""))).toEqual([problem.replace(/9:\d+/u, "")]);
    expect(problems[0]?.suggestion).toMatch(/^_inputs[01]$/u);
    expect(suggestion).toBeDefined();
    expect(problems[0]?.range?.column).toBe(16 + template.indexOf("_input"));
  });

  it("are looked at in every place where LLMStack renders them", () => {
    const { problems } = build(
      anApp(
        "a",
        'description: "{{_inputs9}}"',
        'output_template: { markdown: "{{_inputs8.a}}" }',
        "processors:",
        "  - id: _inputs1",
        "    provider_slug: p",
        "    processor_slug: s",
        "    config: { deep: [{ prompt: '{{_inputs7.a}}' }] }",
        "    input: |",
        "      not an object",
      ).replace(
        "    input: |\n          not an object\n",
        "    input:\n          q: |\n            first line\n            then {{_inputs6.b}}\n",
      ),
    );
    expect(brief(problems)).toEqual([
      "error app/unknown-processor 9:37",
      "error app/unknown-processor 14:39",
      "error app/unknown-processor 18:20",
    ]);
  });

  it("from a file are told at the directive", () => {
    const { problems } = build(anApp("a", "output_template: { markdown: { $file: a.md } }"), {
      beside: { "a.md": "{{_inputs3.x}}" },
    });
    expect(brief(problems)).toEqual(["error app/unknown-processor 8:34"]);
  });
});

describe("a large manifest", () => {
  const sized = (kib: number): string => anApp("big", `config: { text: "${"x".repeat(kib * 1024)}" }`);

  it("is a warning above 200 KiB of JSON, for kubectl's sake", () => {
    expect(build(sized(190)).problems).toEqual([]);
    const { problems } = build(sized(210));
    expect(brief(problems)).toEqual(["warning manifest/large 1:1"]);
    expect(problems[0]?.message).toContain("--server-side");
  });

  it("is measured with its aliases written out", () => {
    const item = `"${"x".repeat(30 * 1024)}"`;
    expect(brief(build(anApp("a", `config: { a: &a ${item}, b: [*a, *a, *a, *a, *a, *a, *a] }`)).problems)).toEqual([
      "warning manifest/large 1:1",
    ]);
  });

  it("is refused for Kubernetes above 1 MiB", () => {
    const check = (text: string): readonly string[] =>
      brief(checkForKubernetes(readManifests([aFile(text)]).manifests));
    expect(check(sized(1000))).toEqual([]);
    expect(check(sized(1025))).toEqual(["error kubernetes/too-large 1:1"]);
  });

  it("for Kubernetes is warned of what means nothing in a cluster", () => {
    const text = documents(
      anApp("a", "config: { a: { $env: A }, b: { $file: b }, c: { $secret: { name: c, key: d } } }"),
      aDatasource("d", "type: text", 'entriesFrom: [{ glob: "*.md" }, { configMap: { name: c } }]'),
      "name: F\nslug: f\ntype_slug: web\n",
    );
    expect(brief(checkForKubernetes(readManifests([aFile(text)]).manifests))).toEqual([
      "warning kubernetes/not-in-cluster 8:18",
      "warning kubernetes/not-in-cluster 8:34",
      "warning kubernetes/not-in-cluster 15:17",
      "warning kubernetes/not-in-cluster 17:1",
    ]);
  });
});
