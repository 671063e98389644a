import { describe, expect, it } from "vitest";
import { readPatches } from "../../../src/manifest/patch/read-patches.ts";
import type { Json } from "../../../src/model/json.ts";
import { aDatasource, aFile, anApp, brief, build, documents } from "../../support/manifest-builders.ts";
import { patchesFrom } from "../../support/patch-builders.ts";

const BOT = anApp(
  "bot",
  "config: { model: small, tags: [a, b] }",
  "processors:",
  "  - { id: _inputs1, provider_slug: promptly, processor_slug: text_chat, config: { k: 4 } }",
);
const FAQ = aDatasource("faq", "type: text", "entries: [{ name: a, content: A }]");

function patched(yaml: string, manifests = documents(BOT, FAQ)): ReturnType<typeof build> {
  return build(manifests, { patches: patchesFrom(yaml) });
}

function messages({ problems }: Pick<ReturnType<typeof build>, "problems">): readonly string[] {
  return problems.map(({ path, range, message }) => `${path}:${range?.line} ${message}`);
}

describe("patches", () => {
  it("change the manifests that they name before directives are resolved", () => {
    const { desired, problems } = patched(
      `
- target: { kind: App, name: b* }
  patch:
    - { op: replace, path: /spec/definition/config/model, value: large }
    - { op: add, path: /spec/definition/processors/0/config/datasource, value: [{ $ref: Datasource/faq }] }
- target: { kind: App }
  merge: { spec: { definition: { description: { $env: WHAT }, config: { tags: null } } } }
`.trimStart(),
    );
    expect(messages({ problems })).toEqual([
      "manifest.yaml:6 the environment variable WHAT is not set (set by patch 2 of context production, patches.yaml:6)",
    ]);
    const { dependsOn, document } = desired.get("App/bot" as never) ?? {};
    expect(dependsOn).toEqual(["Datasource/faq"]);
    expect(document).toMatchObject({ config: { model: "large" } });
  });

  it("are applied in order, each to what the one before left", () => {
    const { desired } = patched(
      `
- target: { kind: "*", name: bot }
  patch: [{ op: add, path: /spec/definition/config/tags/0, value: z }]
- target: { kind: App, name: bot }
  patch: [{ op: test, path: /spec/definition/config/tags/0, value: z }, { op: remove, path: /spec/definition/config/tags/1 }]
`.trimStart(),
    );
    expect(desired.get("App/bot" as never)?.document["config"]).toEqual({ model: "small", tags: ["z", "b"] });
  });

  it("work on LLMStack's own YAML in the form of a manifest", () => {
    const flat = "name: Flat\nslug: flat\ntype_slug: web\ndescription: Before\n";
    const { desired } = patched(
      "- target: { kind: App, name: flat }\n  merge: { spec: { definition: { description: After } } }\n",
      flat,
    );
    expect(desired.get("App/flat" as never)?.document["description"]).toBe("After");
  });

  it("reach ConfigMaps that are named outright, and no others", () => {
    const map = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: prompts }\ndata: { system: Be brief. }\n";
    const app = anApp("bot", "description: { $configMap: { name: prompts, key: system } }");
    const { desired, problems } = patched(
      `
- target: { kind: "*" }
  merge: { metadata: { labels: { env: production } } }
- target: { kind: ConfigMap, name: prompts }
  merge: { data: { system: Be kind. } }
`.trimStart(),
      documents(app, map),
    );
    expect(problems).toEqual([]);
    expect(desired.get("App/bot" as never)?.document["description"]).toBe("Be kind.");
  });

  it("that match nothing are errors with their place and the nearest name", () => {
    const { problems } = patched("- target: { kind: App, name: bto }\n  merge: { spec: {} }\n");
    expect(messages({ problems })).toEqual([
      "patches.yaml:1 patch 1 of context production changes nothing: no manifest is App/bto; did you mean App/bot?",
    ]);
  });

  it("that fail say which step, on what, and why, and change nothing", () => {
    const { desired, problems } = patched(
      `
- target: { kind: App, name: bot }
  patch:
    - { op: remove, path: /spec/definition/config/model }
    - { op: replace, path: /spec/definition/confg/model, value: x }
`.trimStart(),
    );
    expect(messages({ problems })).toEqual([
      "patches.yaml:4 patch 1 of context production fails on App/bot (manifest.yaml:1): step 2 (replace /spec/definition/confg/model): nothing stands at /spec/definition/confg/model",
    ]);
    expect(desired.get("App/bot" as never)?.document["config"]).toEqual({ model: "small", tags: ["a", "b"] });
  });

  it.each([
    ["kind", "merge: { kind: Datasource }"],
    ["metadata.name", "patch: [{ op: replace, path: /metadata/name, value: other }]"],
    ["apiVersion", "merge: { apiVersion: null }"],
  ])("cannot change %s", (what, change) => {
    const { problems } = patched(`- target: { kind: App, name: bot }\n  ${change}\n`);
    expect(messages({ problems })).toEqual([
      `patches.yaml:2 patch 1 of context production would change ${what} of App/bot (manifest.yaml:1), which stays as the manifest says`,
    ]);
  });

  it("what they make is checked like any manifest, and both places are told", () => {
    const { problems } = patched(
      `
- target: { kind: App, name: bot }
  patch:
    - { op: add, path: /spec/definition/processors/0, value: { id: 7, provider_slug: promptly, processor_slug: text_chat } }
    - { op: remove, path: /spec/definition/processors/1/processor_slug }
`.trimStart(),
    );
    expect(messages({ problems })).toEqual([
      "manifest.yaml:10 processors[0].id must be text, not a number (set by patch 1 of context production, patches.yaml:3)",
      "manifest.yaml:10 processor_slug of processors[1] is missing (set by patch 1 of context production, patches.yaml:4)",
    ]);
  });

  it("do not move the places of what they leave alone", () => {
    const broken = BOT.replace("id: _inputs1", "id: 7");
    const plain = build(documents(broken, FAQ)).problems;
    const { problems } = patched(
      "- target: { kind: App, name: bot }\n  patch: [{ op: add, path: /spec/definition/processors/0, value: { id: _inputs0a, provider_slug: promptly, processor_slug: text_chat } }]\n",
      documents(broken, FAQ),
    );
    expect(brief(problems)).toEqual(brief(plain));
    expect(messages({ problems })[0]).not.toContain("set by");
  });

  it("are the same whatever the order of the files", () => {
    const patches = patchesFrom('- target: { kind: "*" }\n  merge: { metadata: { labels: { a: b } } }\n');
    const files = [aFile(BOT, "a.yaml"), aFile(FAQ, "b.yaml")];
    expect([...build(files, { patches }).desired]).toEqual([...build(files.toReversed(), { patches }).desired]);
  });
});

describe("a list of patches", () => {
  it.each<readonly [string, Json, string]>([
    ["no list", {}, "patches is a list"],
    ["no change", [{ target: { kind: "App" } }], "/0 a patch has either patch (a JSON Patch) or merge"],
    [
      "two changes",
      [{ target: { kind: "App" }, merge: {}, patch: [] }],
      "/0 a patch has either patch (a JSON Patch) or merge",
    ],
    ["no target", [{ merge: {} }], "/0/target target is { kind, name }, both may be globs"],
    [
      "a key that is none",
      [{ target: { kind: "App", names: "x" }, merge: {} }],
      "/0/target/names names has no meaning here; known: kind, name",
    ],
    [
      "an operation that is none",
      [{ target: { kind: "App" }, patch: [{ op: "set", path: "/x" }] }],
      "/0/patch/0/op op is one of add, remove, replace, move, copy, test",
    ],
    [
      "a path that is none",
      [{ target: { kind: "App" }, patch: [{ op: "remove", path: "spec" }] }],
      "/0/patch/0/path path is a JSON pointer such as /spec/definition/name",
    ],
    [
      "an add without value",
      [{ target: { kind: "App" }, patch: [{ op: "add", path: "/x" }] }],
      "/0/patch/0 add needs a value",
    ],
    [
      "a move into itself",
      [{ target: { kind: "App" }, patch: [{ op: "move", from: "/a", path: "/a/b" }] }],
      "/0/patch/0 nothing can be moved into itself",
    ],
  ])("with %s is refused", (_, value, said) => {
    const { faults } = readPatches(value, { path: "p", of: "x", find: () => undefined });
    expect(faults.map(({ pointer, message }) => `${pointer} ${message}`.trim())).toEqual([said]);
  });
});
