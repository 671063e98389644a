import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { isEmptyPlan } from "../../src/model/plan.ts";
import type { TemplateObject } from "../../src/model/template.ts";
import {
  aDatasource,
  anApp,
  anEntry,
  changeOf,
  liveFrom,
  planOf,
  ref,
  remarked,
  secret,
  uuid,
} from "../support/plan-builders.ts";

function idOf(document: TemplateObject, live?: TemplateObject): string {
  const app = anApp("bot", { document });
  const objects = live === undefined ? [] : [liveFrom(anApp("bot", { document: live }), uuid(1))];
  return changeOf(planOf({ desired: [app], live: objects }), "App/bot").id;
}

describe("a change id", () => {
  it("is the sha256 of canonical JSON of kind, key, op, uuid and fields", () => {
    const text =
      '{"fields":[{"after":2,"before":1,"pointer":"/config/a"}],"key":"App/bot","kind":"App","op":"update","uuid":"' +
      `${uuid(1)}"}`;
    expect(idOf({ config: { a: 2 } }, { config: { a: 1 } })).toBe(createHash("sha256").update(text).digest("hex"));
  });

  it("does not depend on key order or on null keys", () => {
    expect(idOf({ config: { a: 1, b: { c: 1, d: null } } })).toBe(idOf({ config: { b: { c: 1 }, a: 1 } }));
  });

  it("depends on what changes", () => {
    expect(idOf({ config: { a: 1 } })).not.toBe(idOf({ config: { a: 2 } }));
  });

  it("depends on where a secret comes from, never on its value", () => {
    const one = idOf({ config: { k: secret("one-value") } }, { config: { k: "live" } });
    expect(idOf({ config: { k: secret("two-value") } }, { config: { k: "other" } })).toBe(one);
    expect(idOf({ config: { k: secret("one-value", "OTHER") } }, { config: { k: "live" } })).not.toBe(one);
  });

  it("does not depend on a literal secret's value", () => {
    expect(idOf({ slack_config: { bot_token: "one" } })).toBe(idOf({ slack_config: { bot_token: "two" } }));
  });

  it("does not depend on the uuids that references stand for", () => {
    const app = anApp("bot", { document: { config: { d: ref("docs") } } });
    const ids = [3, 4].map((number) => {
      const docs = liveFrom(aDatasource("docs"), uuid(number));
      return changeOf(planOf({ desired: [app, aDatasource("docs")], live: [docs] }), "App/bot").id;
    });
    expect(ids[0]).toBe(ids[1]);
  });

  it("leaves marks out", () => {
    const app = anApp("bot");
    const ids = ["App/old", "App/older"].map((key) => {
      const live = remarked(liveFrom(app, uuid(1)), { key });
      return changeOf(planOf({ desired: [{ ...app, uuid: uuid(1) }], live: [live] }), "App/bot");
    });
    expect(ids.map(({ op }) => op)).toEqual(["update", "update"]);
    expect(ids[0]?.id).toBe(ids[1]?.id);
  });

  it("depends on the digest of an entry", () => {
    const ids = ["one", "two"].map((text) => {
      const plan = planOf({ desired: [aDatasource("docs", { entries: [anEntry("a", text)] })] });
      return changeOf(plan, "Datasource/docs/entries/a").id;
    });
    expect(ids[0]).not.toBe(ids[1]);
  });
});

describe("a plan's digest", () => {
  it("is of what changes, so keeps do not count", () => {
    const [a, b] = [anApp("a"), anApp("b")];
    const one = planOf({ desired: [a, b], live: [liveFrom(b, uuid(1))] });
    expect(one.digest).toBe(planOf({ desired: [a] }).digest);
    expect(one.digest).not.toBe(planOf({ desired: [a, b] }).digest);
  });
});

it("a plan of keeps only is empty", () => {
  const app = anApp("a");
  expect(isEmptyPlan(planOf({ desired: [app], live: [liveFrom(app, uuid(1))] }))).toBe(true);
  expect(isEmptyPlan(planOf({ desired: [app] }))).toBe(false);
});
