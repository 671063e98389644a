import { describe, expect, it } from "vitest";
import { explainer } from "../../src/manifest/explain.ts";
import { readManifests } from "../../src/manifest/read-manifests.ts";
import { resourceKey } from "../../src/model/resource.ts";
import { aDatasource, aFile, anApp } from "../support/manifest-builders.ts";
import { patchesFrom } from "../support/patch-builders.ts";

const BOT = anApp(
  "bot",
  "description: Helps",
  "config:",
  "  welcome: Hello",
  "  prompt: { $file: prompts/a.md }",
  "  rules: { $configMap: { name: texts, key: rules } }",
  "  token: { $env: TOKEN }",
  "processors:",
  "  - { id: _inputs1, provider_slug: promptly, processor_slug: text_chat, config: { k: 4 } }",
);
const TEXTS = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: texts }\ndata:\n  rules: Be brief.\n";
const FILES = [
  aFile(BOT, "apps/bot.yaml"),
  aFile(TEXTS, "texts.yaml"),
  aFile(aDatasource("docs", "type: text", "name: Docs"), "docs.yaml"),
];

function said(at: string, { patches = "[]", key = "App/bot" } = {}): readonly string[] {
  const explain = explainer(readManifests(FILES, [], patchesFrom(patches)));
  const [kind = "", name = ""] = key.split("/");
  return explain(resourceKey(kind, name), at).map(({ path, line, by }) =>
    [path, line, by].filter((part) => part !== undefined).join(" "),
  );
}

describe("where a value comes from", () => {
  it.each([
    ["its line", "/description", ["apps/bot.yaml 8"]],
    ["the line of a map", "/config", ["apps/bot.yaml 9"]],
    ["a line in a list", "/processors/0/config/k", ["apps/bot.yaml 15"]],
    ["a file that it names, and where", "/config/prompt", ["apps/prompts/a.md $file at apps/bot.yaml:11"]],
    ["a ConfigMap among the manifests", "/config/rules", ["texts.yaml 5 $configMap at apps/bot.yaml:12"]],
    ["a variable, never its value", "/config/token", ["environment variable TOKEN $env at apps/bot.yaml:13"]],
    ["nothing, for our own mark", "/x-llmstack-sync/sha256", []],
  ])("%s", (_, at, places) => {
    expect(said(at)).toEqual(places);
  });

  it("of a datasource and of an unknown object", () => {
    expect(said("/name", { key: "Datasource/docs" })).toEqual(["docs.yaml 6"]);
    expect(said("/name", { key: "App/nobody" })).toEqual([]);
  });

  it("the patch that set it, and of a map or list every patch that set a part of it", () => {
    const patches = `
- target: { kind: App }
  merge: { spec: { definition: { config: { welcome: Hi } } } }
- target: { kind: App, name: bot }
  patch:
    - { op: add, path: /spec/definition/processors/0, value: { id: _inputs0a, provider_slug: promptly, processor_slug: text_chat } }
    - { op: replace, path: /spec/definition/processors/1/config/k, value: 6 }
`.trimStart();
    const from = (at: string): readonly string[] => said(at, { patches });
    expect(from("/config/welcome")).toEqual(["patches.yaml 2 patch 1 of context production"]);
    expect(from("/config")).toEqual(["apps/bot.yaml 9", "patches.yaml 2 patch 1 of context production"]);
    expect(from("/processors/0/id")).toEqual(["patches.yaml 5 patch 2 of context production"]);
    expect(from("/processors")).toEqual(["apps/bot.yaml 14", "patches.yaml 6 patch 2 of context production"]);
    expect(from("/processors/1/id")).toEqual(["apps/bot.yaml 15"]);
    expect(from("/processors/1/config/k")).toEqual(["patches.yaml 6 patch 2 of context production"]);
    expect(from("/description")).toEqual(["apps/bot.yaml 8"]);
  });

  it("the patch that took it away", () => {
    const patches = "- target: { kind: App }\n  patch: [{ op: remove, path: /spec/definition/description }]\n";
    expect(said("/description", { patches })).toEqual(["patches.yaml 2 patch 1 of context production"]);
  });
});
