import { describe, expect, it } from "vitest";
import { docRules } from "../../src/client/dialects/doc/rules.ts";
import type { DialectRules } from "../../src/model/dialect.ts";
import { digest } from "../../src/model/digest.ts";
import type { Json, JsonObject } from "../../src/model/json.ts";
import type { FieldDiff } from "../../src/model/plan.ts";
import { fieldsOf } from "../support/compare-fields.ts";
import { anApp, liveFrom, planOf, uuid } from "../support/plan-builders.ts";

describe("what the server keeps differently", () => {
  const kept = (sent: Json, got: Json) => ({ "/config/a": [digest(sent), digest(got)] as const });

  it("is no difference when the mark says so", () => {
    expect(fieldsOf({ config: { a: "x" } }, { config: { a: "X" } }, kept("x", "X"))).toEqual([]);
  });

  it("is one again when either side has moved", () => {
    expect(fieldsOf({ config: { a: "y" } }, { config: { a: "X" } }, kept("x", "X"))).toHaveLength(1);
    expect(fieldsOf({ config: { a: "x" } }, { config: { a: "Z" } }, kept("x", "X"))).toHaveLength(1);
  });

  it("covers what the server adds by itself", () => {
    expect(fieldsOf({ config: { b: 1 } }, { config: { a: "X", b: 1 } }, kept(null, "X"))).toEqual([]);
  });
});

it("what the dialect calls a default is no difference where no manifest declares it", () => {
  const rules = { ...docRules, isServerDefault: (_kind: string, pointer: string) => pointer === "/config/added" };
  const app = anApp("bot", { document: { config: { a: 1 } } });
  const live = liveFrom(app, uuid(1), {
    document: { ...(app.document as JsonObject), config: { a: 1, added: 2, other: 3 } },
  });
  const plan = planOf({ desired: [app], live: [live], rules });
  expect(plan.changes[0]?.fields).toEqual([{ pointer: "/config/other", before: 3 }]);
});

it("what the server is known to make of a value is no difference", () => {
  const rules: DialectRules = {
    ...docRules,
    isServerRewrite: (_kind, pointer, { sent, got }) =>
      pointer === "/icon" && sent === "data:x" && got === "/media/x.png",
  };
  const app = anApp("bot", { document: { icon: "data:x" } });
  const fieldsFor = (icon: string): readonly FieldDiff[] | undefined =>
    planOf({
      desired: [app],
      live: [liveFrom(app, uuid(1), { document: { ...app.document, icon } })],
      rules,
    }).changes[0]?.fields;
  expect(fieldsFor("/media/x.png")).toEqual([]);
  expect(fieldsFor("/media/y.png")).toEqual([{ pointer: "/icon", before: "/media/y.png", after: "data:x" }]);
});
