import { assert, dictionary, jsonValue, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { keptWith, rewritesIn } from "../../src/apply/rewrites.ts";
import { docRules } from "../../src/client/dialects/doc/rules.ts";
import { app } from "../../src/kinds/app.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { resolve, Secret, type TemplateObject } from "../../src/model/template.ts";

const scope = { spec: app, rules: docRules };

function places(template: TemplateObject, got: JsonObject) {
  const sent = resolve(template, () => null) as JsonObject;
  return rewritesIn({ template, sent, got }, scope);
}

describe("what a server keeps differently", () => {
  it("is nothing where it keeps what it was sent", () => {
    assert(
      property(dictionary(string(), jsonValue()), (document) => {
        expect(places(document as JsonObject, document as JsonObject)).toEqual([]);
      }),
    );
  });

  it("is named by the place where it stands", () => {
    const sent = { config: { a: 1, b: [1, 2] }, name: "x" };
    expect(places(sent, { config: { a: 1, b: [1, 3] }, name: "x" }).map(({ pointer }) => pointer)).toEqual([
      "/config/b/1",
    ]);
  });

  it("is the whole list where its length is another", () => {
    expect(places({ a: [1] }, { a: [1, 2] }).map(({ pointer }) => pointer)).toEqual(["/a"]);
  });

  it("is what it added on its own, unless that is its default", () => {
    expect(places({}, { config: {}, icon: "x" }).map(({ pointer }) => pointer)).toEqual(["/icon"]);
  });

  it("is no null for an absent key, and nothing empty at the top", () => {
    expect(places({ a: null, description: "" }, { input_fields: [] })).toEqual([]);
  });

  it("has no digest where a secret stands, by directive or by place", () => {
    const template = { config: { password: new Secret({ $env: "P" }, "hunter2") }, slack_config: { bot_token: "abc" } };
    const rewrites = places(template, { config: { password: "HUNTER2" }, slack_config: { bot_token: "ABC" } });
    expect(rewrites).toEqual([{ pointer: "/config/password" }, { pointer: "/slack_config/bot_token" }]);
    const list = places({ config: { keys: [new Secret({ $env: "P" }, "hunter2")] } }, { config: { keys: [] } });
    expect(list).toEqual([{ pointer: "/config/keys" }]);
  });

  it("is written down once", () => {
    const mark = { v: 1, set: "s", key: "App/a", nonce: "n" } as const;
    const rewrites = places({ a: "x" }, { a: "X" });
    const kept = keptWith(rewrites, mark);
    expect(Object.keys(kept ?? {})).toEqual(["/a"]);
    expect(keptWith(rewrites, { ...mark, ...(kept !== undefined && { kept }) })).toBeUndefined();
  });
});
