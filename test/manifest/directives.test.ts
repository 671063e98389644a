import { describe, expect, it } from "vitest";
import { resourceKey } from "../../src/model/resource.ts";
import { Reference, Secret, symbolic } from "../../src/model/template.ts";
import { aDatasource, aFile, anApp, brief, build, documents, only } from "../support/manifest-builders.ts";
import { valueSource } from "../../src/manifest/find-values.ts";

const SECRET = "apiVersion: v1\nkind: Secret\nmetadata: { name: slack }\n";

describe("a directive", () => {
  it("is resolved wherever a definition holds a value", () => {
    const app = only(
      anApp(
        "a",
        "description: { $file: prompts/a.md }",
        "config: { deep: [{ token: { $env: TOKEN } }, { $configMap: { name: texts, key: hello.md } }] }",
        "slack_config: { bot_token: { $secret: { name: slack, key: bot-token } } }",
      ),
      {
        beside: { "prompts/a.md": "Be kind.\n" },
        env: (name) => (name === "TOKEN" ? "t0ken" : undefined),
        secretFiles: new Map([
          ["slack/bot-token", "xoxb"],
          ["texts/hello.md", "Hello"],
        ]),
      },
    );
    expect(symbolic(app.document)).toEqual({
      name: "a",
      type_slug: "web",
      description: "Be kind.\n",
      config: { deep: [{ token: { $env: "TOKEN" } }, "Hello"] },
      slack_config: { bot_token: { $secret: { name: "slack", key: "bot-token" } } },
    });
    expect(JSON.stringify(app)).not.toMatch(/t0ken|xoxb/u);
  });

  it("is relative to its manifest and stays inside the root", () => {
    const files = [aFile(anApp("a", "description: { $file: ../texts/a.md }"), "apps/a.yaml")];
    const { desired, problems } = build(files, { beside: { "texts/a.md": "A" } });
    expect(problems).toEqual([]);
    expect(desired.values().next().value?.document["description"]).toBe("A");
  });

  it.each([
    { says: "$file out of the root", value: "{ $file: ../../etc/passwd }", problem: "error directive/path 8:25" },
    { says: "$file with an absolute path", value: "{ $file: /etc/passwd }", problem: "error directive/path 8:25" },
    { says: "$file of a folder", value: "{ $file: . }", problem: "error directive/path 8:25" },
    { says: "$file that is not there", value: "{ $file: a.md }", problem: "error directive/unresolved 8:16" },
    { says: "$env that is not set", value: "{ $env: NOPE }", problem: "error directive/unresolved 8:16" },
    { says: "$env that is empty", value: "{ $env: EMPTY }", problem: "error directive/unresolved 8:16" },
    { says: "$env of no variable's name", value: "{ $env: a b }", problem: "error directive/argument 8:16" },
    {
      says: "$secret that is nowhere",
      value: "{ $secret: { name: a, key: b } }",
      problem: "error directive/unresolved 8:16",
    },
    { says: "$secret without a key", value: "{ $secret: { name: a } }", problem: "error directive/argument 8:16" },
    {
      says: "$secret that climbs out of --secrets-dir",
      value: "{ $secret: { name: .., key: b } }",
      problem: "error directive/argument 8:16",
    },
    {
      says: "$configMap that is nowhere",
      value: "{ $configMap: { name: a, key: b } }",
      problem: "error directive/unresolved 8:16",
    },
    { says: "$ref of a uuid", value: "{ $ref: 3f0b7c1e }", problem: "error directive/argument 8:16" },
    { says: "a name that is none", value: "{ $fil: a }", problem: "error directive/unknown 8:16" },
    { says: "a directive beside another key", value: "{ $file: a.md, b: c }", problem: "error directive/mixed 8:16" },
    { says: "two directives in one", value: "{ $file: a.md, $env: B }", problem: "error directive/mixed 8:16" },
    { says: "an escaped key beside another key", value: "{ $$a: b, c: d }", problem: "error directive/mixed 8:16" },
  ])("cannot be $says, which is told with its position before anything is written", ({ value, problem }) => {
    const { problems } = build(anApp("a", `config: { a: ${value} }`), {
      env: (name) => (name === "EMPTY" ? "" : undefined),
    });
    expect(brief(problems)).toEqual([problem.replace(/8:(\d+)/u, (_, column: string) => `8:${Number(column) + 2}`)]);
  });

  it.each([
    { says: "as spec.name", text: aDatasource("d", "type: text", "name: { $env: X }"), at: "6:9" },
    { says: "in publish", text: `${anApp("a")}  publish: { readers: [{ $env: X }] }\n`, at: "8:24" },
    {
      says: "in place of a whole definition",
      text: anApp("a").replace(/definition:[\s\S]*/u, "definition: { $file: a.json }\n"),
      at: "5:15",
    },
    {
      says: "in the metadata of an entry",
      text: aDatasource("d", "type: text", "entries: [{ name: e, content: c, metadata: { a: { $env: X } } }]"),
      at: "6:51",
    },
    {
      says: "in the metadata of an entry, escaped",
      text: aDatasource("d", "type: text", "entries: [{ name: e, content: c, metadata: { $$a: b } }]"),
      at: "6:46",
    },
  ])("has no meaning $says", ({ text, at }) => {
    expect(brief(build(text).problems)).toEqual([`error directive/not-here ${at}`]);
  });

  it("of a name that is near gets a suggestion", () => {
    const { problems } = build(anApp("a", "config: { a: { $flie: x } }"));
    expect(problems[0]).toMatchObject({ suggestion: "$file" });
    expect(problems[0]?.message).toContain("$$flie");
  });

  it("is told from a literal object by one more dollar", () => {
    expect(only(anApp("a", "config: { a: { $$ref: { $$$b: 1 } } }")).document["config"]).toEqual({
      a: { $ref: { $$b: 1 } },
    });
  });

  it("never is text that looks like one", () => {
    const config = 'config: { a: "$env", b: "${HOME} {{ $file }}" }';
    expect(only(anApp("a", config)).document["config"]).toEqual({ a: "$env", b: "${HOME} {{ $file }}" });
  });

  it("refuses a file that is no text", () => {
    const { problems } = build(anApp("a", "description: { $file: a.bin }"), { beside: { "a.bin": "a\0b" } });
    expect(brief(problems)).toEqual(["error directive/unresolved 8:18"]);
  });
});

describe("a reference", () => {
  const processor = (slug: string, config: string): string =>
    `processors: [{ id: _inputs1, provider_slug: promptly, processor_slug: ${slug}, config: ${config} }]`;

  it("has the form of the place where it stands", () => {
    const { desired, problems } = build(
      documents(
        anApp(
          "caller",
          processor("promptly_app", "{ promptly_app: { $ref: App/callee }, other: { $ref: App/callee } }"),
        ),
        anApp("callee", processor("text_chat", "{ datasource: [{ $ref: Datasource/docs }] }")),
        aDatasource("docs", "type: text"),
      ),
    );
    expect(problems).toEqual([]);
    const caller = [...desired.values()].find(({ name }) => name === "caller");
    expect(caller?.document["processors"]).toMatchObject([
      {
        config: {
          promptly_app: new Reference(resourceKey("App", "callee"), "app"),
          other: new Reference(resourceKey("App", "callee"), "uuid"),
        },
      },
    ]);
    expect([...desired].map(([key, { dependsOn }]) => [key, dependsOn])).toEqual([
      ["App/callee", ["Datasource/docs"]],
      ["App/caller", ["App/callee"]],
      ["Datasource/docs", []],
    ]);
  });

  it("to what is not there suggests what is", () => {
    const { problems } = build(
      documents(
        anApp("a", processor("text_chat", "{ datasource: [{ $ref: Datasource/doc }] }")),
        aDatasource("docs", "type: text"),
      ),
    );
    expect(brief(problems)).toEqual(["error reference/unknown-target 8:117"]);
    expect(problems[0]).toMatchObject({ suggestion: "Datasource/docs" });
  });

  it("to what may be in a document that does not read is not told beside that", () => {
    const { problems } = build([
      aFile(anApp("a", "config: { a: { $ref: Datasource/docs } }"), "a.yaml"),
      aFile("kind: [\n", "b.yaml"),
    ]);
    expect(brief(problems)).toEqual(["error yaml/syntax 2:1"]);
  });

  it("to a manifest that has problems of its own is no problem", () => {
    const { problems } = build(
      documents(anApp("a", "config: { a: { $ref: Datasource/d } }"), aDatasource("d", "type: 5")),
    );
    expect(brief(problems)).toEqual(["error schema/type 14:9"]);
  });

  it("to a kind nobody knows is an error", () => {
    const { problems } = build(anApp("a", "config: { a: { $ref: Datasorce/d } }"));
    expect(brief(problems)).toEqual(["error reference/unknown-kind 8:26"]);
    expect(problems[0]?.suggestion).toBe("Datasource");
  });

  it("of the wrong kind for its place is an error", () => {
    const { problems } = build(
      anApp("a", processor("text_chat", "{ datasource: [{ $ref: App/b }] }")) + "---\n" + anApp("b"),
    );
    expect(brief(problems)).toEqual(["error reference/wrong-kind 8:117"]);
  });

  it("in a circle is told as the circle, with every place", () => {
    const refTo = (name: string): string => `config: { other: { $ref: App/${name} } }`;
    const { problems } = build([
      aFile(anApp("a", refTo("b")), "a.yaml"),
      aFile(anApp("b", refTo("c")), "b.yaml"),
      aFile(anApp("c", refTo("a")), "c.yaml"),
      aFile(anApp("self", refTo("self")), "self.yaml"),
    ]);
    expect(brief(problems)).toEqual(["error reference/cycle 8:30", "error reference/cycle 8:30"]);
    expect(problems[0]?.message).toContain("App/a (a.yaml:8) -> App/b (b.yaml:8) -> App/c (c.yaml:8) -> App/a");
  });

  it("may stand at the end of a very long chain", () => {
    const chain = Array.from({ length: 3000 }, (_, n) =>
      anApp(`a${n}`, ...(n === 0 ? [] : [`config: { a: { $ref: App/a${n - 1} } }`])),
    );
    expect(build(documents(...chain)).problems).toEqual([]);
  });
});

describe("a secret", () => {
  const app = anApp("a", "config: { a: { $secret: { name: slack, key: token } } }");
  const valueOf = (text: string, world = {}): string | undefined => {
    const config = build(text, world).desired.values().next().value?.document["config"] as { a: unknown } | undefined;
    return config?.a instanceof Secret ? config.a.reveal() : undefined;
  };

  it.each([
    { says: "data, decoded", secret: `${SECRET}data: { token: eG94Yg== }\n`, value: "xoxb" },
    { says: "stringData", secret: `${SECRET}stringData: { token: xoxb }\n`, value: "xoxb" },
    {
      says: "stringData before data",
      secret: `${SECRET}data: { token: eA== }\nstringData: { token: xoxb }\n`,
      value: "xoxb",
    },
  ])("comes from a v1 Secret among the manifests: $says", ({ secret, value }) => {
    expect(valueOf(documents(app, secret))).toBe(value);
  });

  it("comes from --secrets-dir where no document has it", () => {
    const secretFiles = new Map([["slack/token", "from a file"]]);
    expect(valueOf(documents(app, `${SECRET}stringData: { other: x }\n`), { secretFiles })).toBe("from a file");
    expect(valueOf(documents(app, `${SECRET}stringData: { token: doc }\n`), { secretFiles })).toBe("doc");
  });

  it("that is missing in a cluster is said to be missing in the namespace, without flags", () => {
    const values = valueSource([], undefined, undefined);
    expect(values.text("Secret", "slack", "token")).toEqual({ missing: "there is no Secret slack in the namespace" });
    expect(values.keys("prompts")).toEqual({ missing: "there is no ConfigMap prompts in the namespace" });
  });

  it("of another namespace is not seen", () => {
    const mine = app.replace("{ name: a }", "{ name: a, namespace: bots }");
    const other = `${SECRET.replace("{ name: slack }", "{ name: slack, namespace: other }")}stringData: { token: x }\n`;
    expect(brief(build(documents(mine, other)).problems)).toEqual(["error directive/unresolved 8:18"]);
  });

  it("that is missing is a warning and empty where manifests are only checked", () => {
    const { desired, problems } = build(
      anApp(
        "a",
        "config: { a: { $env: T }, b: { $secret: { name: m, key: k } }, c: { $configMap: { name: m, key: k } } }",
      ),
      {
        missingSecrets: "warning",
      },
    );
    expect(brief(problems).map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual(
      Array(3).fill("warning directive/unresolved"),
    );
    expect(desired.values().next().value?.document["config"]).toEqual({
      a: new Secret({ $env: "T" }, ""),
      b: new Secret({ $secret: { name: "m", key: "k" } }, ""),
      c: "",
    });
  });

  it("never shows in a problem of its document", () => {
    const { problems } = build(
      `${SECRET}stringData:\n  pin: 0123456\n  on: abc\n  hash: !x 98765\ndata: { a: "not base64!" }\n`,
    );
    const said = JSON.stringify(problems);
    expect(problems.length).toBeGreaterThan(2);
    for (const secret of ["0123456", "42798", "98765", "not base64!"]) expect(said).not.toContain(secret);
    for (const { range } of problems.filter(({ code }) => code.startsWith("yaml/"))) expect(range?.line).toBe(1);
  });

  it.each([
    { says: "is not base64", text: `${SECRET}data: { a: "hello world" }\n`, problem: "error manifest/not-base64 4:12" },
    { says: "is no text", text: `${SECRET}stringData: { a: 5 }\n`, problem: "error manifest/value-not-text 4:18" },
    {
      says: "has no name",
      text: "apiVersion: v1\nkind: Secret\nstringData: { a: b }\n",
      problem: "error manifest/no-name 1:1",
    },
  ])("that $says is an error", ({ text, problem }) => {
    expect(brief(build(text).problems)).toEqual([problem]);
  });
});
