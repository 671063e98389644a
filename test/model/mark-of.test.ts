import { describe, expect, it } from "vitest";
import { kinds } from "../../src/kinds/index.ts";
import type { KindSpec } from "../../src/model/kind.ts";
import { documentDigest, entryKey, entryMarkOf, entryNameWithMark, markOf } from "../../src/model/mark-of.ts";
import type { TemplateObject } from "../../src/model/template.ts";
import { aDatasource, anApp, anEntry, ref, secret } from "../support/plan-builders.ts";

const app = kinds.find(({ kind }) => kind === "App") as KindSpec;
const owner = { set: "team", nonce: "new" };

function digestOf(document: TemplateObject): string {
  return documentDigest(app, anApp("bot", { document }));
}

describe("the digest in a mark", () => {
  it.each<{ says: string; one: TemplateObject; other: TemplateObject }>([
    { says: "key order", one: { config: { a: 1, b: 2 } }, other: { config: { b: 2, a: 1 } } },
    { says: "null keys", one: { config: { a: 1 } }, other: { config: { a: 1, b: null }, icon: null } },
    { says: "the value of a secret", one: { config: { k: secret("one") } }, other: { config: { k: secret("two") } } },
    {
      says: "a literal at a known secret place",
      one: { slack_config: { bot_token: "one" } },
      other: { slack_config: { bot_token: "two" } },
    },
  ])("does not depend on $says", ({ one, other }) => {
    expect(digestOf(one)).toBe(digestOf(other));
  });

  it.each<{ says: string; one: TemplateObject; other: TemplateObject }>([
    { says: "a value", one: { config: { a: 1 } }, other: { config: { a: 2 } } },
    {
      says: "where a secret comes from",
      one: { config: { k: secret("x", "A") } },
      other: { config: { k: secret("x", "B") } },
    },
    { says: "what a reference names", one: { config: { d: ref("a") } }, other: { config: { d: ref("b") } } },
    { says: "the order of a list", one: { config: { l: [1, 2] } }, other: { config: { l: [2, 1] } } },
    {
      says: "where the secret at a known secret place comes from",
      one: { slack_config: { bot_token: secret("x", "A") } },
      other: { slack_config: { bot_token: secret("x", "B") } },
    },
  ])("depends on $says", ({ one, other }) => {
    expect(digestOf(one)).not.toBe(digestOf(other));
  });
});

describe("a mark", () => {
  it("copies protection and deletion policy", () => {
    expect(markOf(app, anApp("bot", { protect: true, deletionPolicy: "Orphan" }), owner)).toMatchObject({
      v: 1,
      set: "team",
      key: "App/bot",
      nonce: "new",
      protect: true,
      orphan: true,
    });
  });

  it("keeps the nonce for good, and what it still stands in for", () => {
    const previous = { ...markOf(app, anApp("bot"), { set: "old", nonce: "first" }), replaces: "uuid" };
    expect(markOf(app, anApp("bot"), { ...owner, previous })).toMatchObject({
      set: "team",
      nonce: "first",
      replaces: "uuid",
    });
  });

  it("forgets what the server kept differently once the document asks for something else", () => {
    const previous = { ...markOf(app, anApp("bot"), owner), kept: { "/config/a": ["1", "2"] as const } };
    expect(markOf(app, anApp("bot"), { ...owner, previous }).kept).toEqual(previous.kept);
    const changed = anApp("bot", { document: { description: "new" } });
    expect(markOf(app, changed, { ...owner, previous })).not.toHaveProperty("kept");
  });

  it("of an entry names its datasource and digest", () => {
    const { key } = aDatasource("docs");
    const entry = anEntry("refunds");
    expect(entryMarkOf(key, entry, "team")).toEqual({
      set: "team",
      key: entryKey(key, "refunds"),
      sha256: entry.sha256,
    });
  });

  it("in an entry's name is ten hex digits that tell set, key and content apart", () => {
    const { key } = aDatasource("docs");
    const name = (set: string, content: string): string =>
      entryNameWithMark("refunds", entryMarkOf(key, anEntry("refunds", content), set));
    expect(name("team", "x")).toMatch(/^refunds~[0-9a-f]{10}$/u);
    expect(new Set([name("team", "x"), name("other", "x"), name("team", "y")]).size).toBe(3);
  });
});
