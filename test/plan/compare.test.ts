import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import type { FieldDiff } from "../../src/model/plan.ts";
import type { TemplateObject } from "../../src/model/template.ts";
import { docRules } from "../../src/client/dialects/doc/rules.ts";
import { aDatasource, anApp, liveFrom, planOf, ref, secret, uuid } from "../support/plan-builders.ts";
import { fieldsOf } from "../support/compare-fields.ts";

const search = { provider_slug: "promptly", processor_slug: "datasource_search" };
const caller = { provider_slug: "promptly", processor_slug: "promptly_app" };

describe("what counts as equal", () => {
  it.each<{ says: string; desired: TemplateObject; live: JsonObject }>([
    { says: "key order", desired: { config: { a: 1, b: 2 } }, live: { config: { b: 2, a: 1 } } },
    {
      says: "a null key and an absent one",
      desired: { icon: null, config: { a: null, b: 1 } },
      live: { config: { b: 1, c: null } },
    },
    { says: "numbers by value", desired: { config: { t: 1, n: -0 } }, live: { config: { t: 1.0, n: 0 } } },
    {
      says: "an empty value at the top and an absent one",
      desired: { config: {}, processors: [] },
      live: { description: "", input_fields: [] },
    },
    {
      says: "a secret and its live value",
      desired: { config: { k: secret("s3cr3t") } },
      live: { config: { k: "s3cr3t" } },
    },
    {
      says: "a reference and the uuid of its target",
      desired: { config: { d: [ref("docs")] } },
      live: { config: { d: [uuid(7)] } },
    },
  ])("$says", ({ desired, live }) => {
    expect(fieldsOf(desired, live)).toEqual([]);
  });

  it("an app-to-app reference, whatever the spaces and key order of its JSON text", () => {
    const callee = anApp("callee");
    const app = anApp("bot", { document: { config: { promptly_app: ref("callee", "app") } } });
    const document = { ...app.document, config: { promptly_app: `{"input": {}, "promptly_app_uuid": "${uuid(5)}"}` } };
    const plan = planOf({
      desired: [app, callee],
      live: [liveFrom(app, uuid(1), { document }), liveFrom(callee, uuid(5))],
    });
    expect(plan.counts.keep).toBe(2);
  });
});

describe("what differs is named by its pointer", () => {
  it.each<{ says: string; desired: TemplateObject; live: JsonObject; fields: readonly FieldDiff[] }>([
    {
      says: "a changed value",
      desired: { config: { a: { b: 2 } } },
      live: { config: { a: { b: 1 } } },
      fields: [{ pointer: "/config/a/b", before: 1, after: 2 }],
    },
    {
      says: "an added and a removed key, with pointer escapes",
      desired: { config: { "x/y": 1 } },
      live: { config: { "a~b": [1] } },
      fields: [
        { pointer: "/config/a~0b", before: [1] },
        { pointer: "/config/x~1y", after: 1 },
      ],
    },
    {
      says: "null in a list is a value",
      desired: { config: { l: [1, null] } },
      live: { config: { l: [1] } },
      fields: [{ pointer: "/config/l/1", after: null }],
    },
    {
      says: "a top-level key that no manifest declares any more",
      desired: {},
      live: { description: "by hand" },
      fields: [{ pointer: "/description", before: "by hand" }],
    },
    {
      says: "lists in order",
      desired: { input_fields: [{ name: "a" }, { name: "b" }] },
      live: { input_fields: [{ name: "b" }, { name: "a" }] },
      fields: [
        { pointer: "/input_fields/0/name", before: "b", after: "a" },
        { pointer: "/input_fields/1/name", before: "a", after: "b" },
      ],
    },
    {
      says: "another type of value as a whole",
      desired: { config: { a: [1] } },
      live: { config: { a: { b: 1 } } },
      fields: [{ pointer: "/config/a", before: { b: 1 }, after: [1] }],
    },
  ])("$says", ({ desired, live, fields }) => {
    expect(fieldsOf(desired, live)).toEqual(fields);
  });
});

describe("processors are matched by id", () => {
  const processor = (id: string): JsonObject => ({ id, input: { q: id } });
  const [a, b, c] = [processor("_inputs1"), processor("_inputs2"), processor("_inputs3")];

  it("an inserted one is one difference", () => {
    expect(fieldsOf({ processors: [c, a, b] }, { processors: [a, b] })).toEqual([
      { pointer: "/processors/0", after: c },
    ]);
  });

  it("a removed one is shown as a whole, where it stands now", () => {
    expect(fieldsOf({ processors: [b] }, { processors: [a, b] })).toEqual([{ pointer: "/processors/0", before: a }]);
  });

  it("another order is a difference of its own", () => {
    expect(fieldsOf({ processors: [b, a] }, { processors: [a, b] })).toEqual([
      { pointer: "/processors", before: ["_inputs1", "_inputs2"], after: ["_inputs2", "_inputs1"] },
    ]);
  });

  it("a change inside a moved one stands under its wanted place", () => {
    const changed = { ...b, input: { q: "other" } };
    expect(fieldsOf({ processors: [changed, a] }, { processors: [a, b] })).toContainEqual({
      pointer: "/processors/0/input/q",
      before: "_inputs2",
      after: "other",
    });
  });

  it("lists whose ids are missing or doubled compare by position", () => {
    expect(fieldsOf({ processors: [a, a] }, { processors: [a, b] })).toEqual([
      { pointer: "/processors/1/id", before: "_inputs2", after: "_inputs1" },
      { pointer: "/processors/1/input/q", before: "_inputs2", after: "_inputs1" },
    ]);
  });
});

describe("references", () => {
  it("are shown by key on both sides where the uuid is known", () => {
    const other = aDatasource("other");
    const app = (name: string) =>
      anApp("bot", { document: { processors: [{ id: "p", ...search, config: { datasources: [ref(name)] } }] } });
    const processors = [{ id: "p", ...search, config: { datasources: [uuid(8)] } }];
    const plan = planOf({
      desired: [app("docs"), aDatasource("docs"), other],
      live: [
        liveFrom(anApp("bot"), uuid(1), { document: { name: "The bot", type_slug: "text-chat", processors } }),
        liveFrom(aDatasource("docs"), uuid(7)),
        liveFrom(other, uuid(8)),
      ],
    });
    expect(plan.changes[0]?.fields).toContainEqual({
      pointer: "/processors/0/config/datasources/0",
      before: { $ref: "Datasource/other" },
      after: { $ref: "Datasource/docs" },
    });
  });

  it("are shown by key inside something that is removed as a whole", () => {
    const processors = [
      { id: "p", ...search, config: { datasources: [uuid(7)] } },
      { id: "q", ...caller, config: { promptly_app: docRules.formatReference("app", { uuid: uuid(1) }) } },
    ];
    expect(fieldsOf({}, { processors })).toEqual([
      {
        pointer: "/processors",
        before: [
          { id: "p", ...search, config: { datasources: [{ $ref: "Datasource/docs" }] } },
          { id: "q", ...caller, config: { promptly_app: { $ref: "App/bot" } } },
        ],
      },
    ]);
  });

  it("to something that will only be made differ from whatever is there", () => {
    const app = anApp("bot", { document: { config: { d: ref("fresh") } } });
    const live = liveFrom(anApp("bot"), uuid(1), {
      document: { name: "The bot", type_slug: "text-chat", config: { d: uuid(3) } },
    });
    const plan = planOf({ desired: [app, aDatasource("fresh")], live: [live] });
    expect(plan.changes[0]?.fields).toContainEqual({
      pointer: "/config/d",
      before: uuid(3),
      after: { $ref: "Datasource/fresh" },
    });
  });
});

describe("secrets", () => {
  const masked = "(secret)";

  it.each<{ says: string; desired: TemplateObject; live: JsonObject; fields: readonly FieldDiff[] }>([
    {
      says: "a rotated secret is masked on both sides",
      desired: { config: { k: secret("new-value") } },
      live: { config: { k: "old-value" } },
      fields: [{ pointer: "/config/k", before: masked, after: masked, secret: true }],
    },
    {
      says: "a literal at a known secret place is masked too",
      desired: { slack_config: { bot_token: "xoxb-new" } },
      live: { slack_config: { bot_token: "xoxb-old" } },
      fields: [{ pointer: "/slack_config/bot_token", before: masked, after: masked, secret: true }],
    },
    {
      says: "inside something that is added as a whole",
      desired: { slack_config: { bot_token: "xoxb-new", app_id: "A1" } },
      live: {},
      fields: [{ pointer: "/slack_config", after: { bot_token: masked, app_id: "A1" } }],
    },
    {
      says: "inside something that is removed as a whole",
      desired: {},
      live: { processors: [{ id: "p", config: { headers: { Authorization: "Bearer abc" }, model: "m" } }] },
      fields: [{ pointer: "/processors", before: [{ id: "p", config: { headers: masked, model: "m" } }] }],
    },
    {
      says: "a known value that slid to another place",
      desired: { config: { l: [secret("slid-value")] } },
      live: { config: { l: ["first", "slid-value"] } },
      fields: [
        { pointer: "/config/l/0", before: masked, after: masked, secret: true },
        { pointer: "/config/l/1", before: masked },
      ],
    },
    {
      says: "a secret of one character does not blind the rest",
      desired: { config: { k: secret("a"), other: "b" } },
      live: { config: { k: "x", other: "a" } },
      fields: [
        { pointer: "/config/k", before: masked, after: masked, secret: true },
        { pointer: "/config/other", before: "a", after: "b" },
      ],
    },
    {
      says: "a secret that is a part of something else leaves that readable",
      desired: { config: { k: secret("0000-4000"), u: uuid(2) } },
      live: { config: { k: "0000-4000", u: uuid(1) } },
      fields: [{ pointer: "/config/u", before: uuid(1), after: uuid(2) }],
    },
  ])("$says", ({ desired, live, fields }) => {
    expect(fieldsOf(desired, live)).toEqual(fields);
  });
});

it("a manifest that says the same in other words is only marked anew", () => {
  const app = anApp("bot", { document: { config: { d: ref("docs") } } });
  const literal = anApp("bot", { document: { config: { d: uuid(7) } } });
  const plan = planOf({
    desired: [app, aDatasource("docs")],
    live: [liveFrom(literal, uuid(1)), liveFrom(aDatasource("docs"), uuid(7))],
  });
  expect(plan.changes[0]).toMatchObject({ op: "update", fields: [{ pointer: "/x-llmstack-sync/sha256" }] });
});
