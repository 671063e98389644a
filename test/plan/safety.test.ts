import { describe, expect, it } from "vitest";
import type { Policy } from "../../src/model/plan.ts";
import { type Deletions, refusalsOf } from "../../src/plan/safety.ts";
import { anApp, liveFrom, planOf, policy, textWith, uuid } from "../support/plan-builders.ts";

function rules(wanted: number, deletions: readonly Deletions[], parts: Partial<Policy>): readonly string[] {
  return refusalsOf({ wanted, deletions }, { ...policy, ...parts }).map(({ rule }) => rule);
}

describe("a run is refused", () => {
  it("when nothing is wanted at all, without --allow-empty", () => {
    expect(rules(0, [], {})).toEqual(["empty"]);
    expect(rules(0, [], { allowEmpty: true })).toEqual([]);
  });

  it("when --only selects nothing", () => {
    expect(rules(0, [], { only: ["App/x"] })).toEqual(["empty"]);
  });

  it("when it prunes a set that nobody named", () => {
    expect(rules(1, [], { prune: true, isSetImplicit: true })).toEqual(["implicit-set"]);
    expect(rules(1, [], { prune: true, isSetImplicit: false })).toEqual([]);
    expect(rules(1, [], { prune: false, isSetImplicit: true })).toEqual([]);
  });

  it("before its first write: a refused plan has no waves", () => {
    const apps = [anApp("a"), anApp("b")];
    const plan = planOf({
      live: apps.map((app, index) => liveFrom(app, uuid(index))),
      policy: { prune: true, allowEmpty: false },
    });
    expect(plan.refusals.map(({ rule }) => rule)).toEqual(["empty", "max-deletes"]);
    expect(plan.counts.prune).toBe(2);
    expect(plan.waves).toEqual([]);
  });
});

describe("how much may go in one run", () => {
  it.each<{ managed: number; deleted: number; allowed: boolean; limit?: Policy["maxDeletes"] }>([
    { managed: 10, deleted: 3, allowed: true },
    { managed: 10, deleted: 4, allowed: false },
    { managed: 3, deleted: 2, allowed: true },
    { managed: 3, deleted: 3, allowed: false },
    { managed: 1, deleted: 1, allowed: false },
    { managed: 0, deleted: 0, allowed: true },
    { managed: 11, deleted: 3, allowed: true },
    { managed: 11, deleted: 4, allowed: false },
    { managed: 100, deleted: 30, allowed: true },
    { managed: 100, deleted: 31, allowed: false },
    { managed: 10, deleted: 4, limit: { count: 4 }, allowed: true },
    { managed: 10, deleted: 10, limit: { percent: 100 }, allowed: true },
    { managed: 10, deleted: 2, limit: { count: 1 }, allowed: false },
    { managed: 10, deleted: 2, limit: { percent: 15 }, allowed: false },
  ])("$deleted of $managed with limit $limit: allowed is $allowed", ({ managed, deleted, limit, allowed }) => {
    const found = rules(1, [{ what: "objects", deleted, managed }], limit === undefined ? {} : { maxDeletes: limit });
    expect(found).toEqual(allowed ? [] : ["max-deletes"]);
  });

  it("names the numbers and the exact flag that would allow it", () => {
    const [refusal] = refusalsOf({ wanted: 6, deletions: [{ what: "objects", deleted: 4, managed: 10 }] }, policy);
    expect(refusal).toEqual({
      rule: "max-deletes",
      detail: textWith("4 of 10 managed objects"),
      remedy: textWith("--max-deletes 4"),
      inCluster: textWith("spec.maxDeletes: 4"),
    });
  });

  it("names one number that lets all scopes through", () => {
    const scopes = [
      { what: "objects", deleted: 4, managed: 10 },
      { what: "entries of Datasource/docs", deleted: 9, managed: 9 },
    ];
    const refusals = refusalsOf({ wanted: 1, deletions: scopes }, policy);
    expect(refusals.map(({ remedy }) => remedy)).toEqual([textWith("--max-deletes 9"), textWith("--max-deletes 9")]);
    expect(rules(1, scopes, { maxDeletes: { count: 9 } })).toEqual([]);
  });

  it("counts what manifests still name as managed", () => {
    const apps = Array.from({ length: 10 }, (_, index) => anApp(`app-${index}`));
    const live = apps.map((app, index) => liveFrom(app, uuid(index)));
    expect(planOf({ desired: apps.slice(4), live, policy: { prune: true } }).refusals).toHaveLength(1);
    expect(planOf({ desired: apps.slice(3), live, policy: { prune: true } }).refusals).toHaveLength(0);
  });
});
