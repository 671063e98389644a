import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/model/plan.ts";
import { resourceKey } from "../../src/model/resource.ts";
import { type Restricted, restrictPlan } from "../../src/plan/restrict.ts";
import {
  aDatasource,
  anApp,
  anEntry,
  liveFrom,
  planOf,
  ref,
  summary,
  textWith,
  uuid,
} from "../support/plan-builders.ts";

const docs = aDatasource("docs", { entries: [anEntry("a")] });
const bot = anApp("bot", { document: { config: { d: ref("docs") } } });
const changed = anApp("other", { document: { description: "new" } });
const before = liveFrom(anApp("other", { document: { description: "old" } }), uuid(1));
const reviewed = planOf({ desired: [docs, bot, changed], live: [before] });

function restricted(fresh: Plan, unsavable: readonly string[] = []): Restricted {
  return restrictPlan(fresh, {
    changes: reviewed.changes,
    unsavable: new Set(unsavable.map((name) => resourceKey("App", name))),
  });
}

describe("of a fresh plan", () => {
  it("everything is kept while nothing moved", () => {
    const { plan, stale } = restricted(planOf({ desired: [docs, bot, changed], live: [before] }));
    expect(plan).toEqual(reviewed);
    expect(stale).toEqual([]);
  });

  it("what differs from the reviewed change is stale, and the rest is kept", () => {
    const moved = { ...before, document: { ...before.document, description: "by hand" } };
    const { plan, stale } = restricted(planOf({ desired: [docs, bot, changed], live: [moved] }));
    expect(stale).toMatchObject([
      { change: { key: "App/other" }, reason: "not-reviewed", detail: textWith("App/other") },
    ]);
    expect(summary(plan)).toEqual(["create App/bot", "create Datasource/docs", "create Datasource/docs/entries/a"]);
    expect(plan.counts).toMatchObject({ create: 3, update: 0 });
    expect(plan.waves.flatMap(({ changes }) => changes).map(({ key }) => key)).not.toContain("App/other");
  });

  it("what is done by now is no change any more, so one file can be carried out twice", () => {
    const live = [liveFrom(aDatasource("docs"), uuid(2)), liveFrom(changed, uuid(1))];
    const { stale } = restricted(planOf({ desired: [aDatasource("docs"), changed], live }));
    expect(stale).toEqual([]);
  });

  it("what needs something stale is stale too", () => {
    const other = aDatasource("docs", { name: "Other name", entries: [anEntry("a")] });
    const { plan, stale } = restricted(planOf({ desired: [other, bot, changed], live: [before] }));
    expect(stale.map(({ change, reason }) => [change.key, reason])).toEqual([
      ["App/bot", "needs-stale"],
      ["Datasource/docs", "not-reviewed"],
      ["Datasource/docs/entries/a", "needs-stale"],
    ]);
    expect(summary(plan)).toEqual(["update App/other"]);
  });

  it("what appeared since is stale", () => {
    const { stale } = restricted(planOf({ desired: [docs, bot, changed, anApp("new")], live: [before] }));
    expect(stale).toMatchObject([{ change: { key: "App/new" }, detail: textWith("was not to change") }]);
  });
});

describe("a resource whose literal secret no plan file carries", () => {
  const app = anApp("slack", { document: { slack_config: { app_id: "B" } } });
  const old = liveFrom(anApp("slack", { document: { slack_config: { app_id: "A", bot_token: "xoxb" } } }), uuid(1));
  const fresh = planOf({ desired: [app], live: [old], policy: {} });
  const unsavable = new Set([app.key]);

  it("is not carried out, and the message says how to write it", () => {
    const { plan, stale } = restrictPlan(fresh, {
      changes: [{ id: "reviewed", key: app.key, op: "update" }],
      unsavable,
    });
    expect(stale).toMatchObject([{ reason: "literal-secret", detail: textWith("$env") }]);
    expect(plan.changes).toEqual([]);
  });

  it("is left alone when it was in sync", () => {
    const { plan, stale } = restrictPlan(fresh, { changes: [{ id: "reviewed", key: app.key, op: "keep" }], unsavable });
    expect(stale).toEqual([]);
    expect(plan.waves).toEqual([]);
  });
});
