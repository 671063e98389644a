import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/model/plan.ts";
import { makeDeletePlan } from "../../src/plan/delete-plan.ts";
import {
  aDatasource,
  anApp,
  anEntry,
  foreignEntry,
  liveEntry,
  liveFrom,
  objectWith,
  planInput,
  remarked,
  summary,
  unmarked,
  uuid,
} from "../support/plan-builders.ts";

const bot = anApp("bot");
const live = liveFrom(bot, uuid(1));

function deleting(world: Parameters<typeof planInput>[0]): Plan {
  return makeDeletePlan(planInput(world));
}

describe("delete", () => {
  it("deletes what is named and carries our mark, and nothing else", () => {
    const other = liveFrom(anApp("other"), uuid(2));
    const plan = deleting({ desired: [bot], live: [live, other] });
    expect(summary(plan)).toEqual(["prune App/bot"]);
    expect(plan.waves).toMatchObject([{ stage: "remove", changes: [{ live: { uuid: uuid(1) } }] }]);
  });

  it("says so when it is not there", () => {
    const plan = deleting({ desired: [bot] });
    expect(plan.changes).toEqual([]);
    expect(plan.notes).toEqual([objectWith({ code: "delete/absent", key: "App/bot" })]);
  });

  it.each([
    { says: "unmanaged when it carries no mark", object: unmarked(live), plan: ["hold unmanaged App/bot"] },
    { says: "owned when it is another set's", object: remarked(live, { set: "other" }), plan: ["hold owned App/bot"] },
    {
      says: "protected when its mark says so",
      object: remarked(live, { protect: true }),
      plan: ["hold protected App/bot"],
    },
  ])("holds it as $says", ({ object, plan }) => {
    expect(summary(deleting({ desired: [bot], live: [object] }))).toEqual(plan);
  });

  it("holds what the manifest protects", () => {
    expect(summary(deleting({ desired: [{ ...bot, protect: true }], live: [live] }))).toEqual([
      "hold protected App/bot",
    ]);
  });

  it("leaves what is to outlive its manifest, with a note", () => {
    const plan = deleting({ desired: [{ ...bot, deletionPolicy: "Orphan" }], live: [live] });
    expect(plan.changes).toEqual([]);
    expect(plan.notes).toEqual([objectWith({ code: "delete/orphan" })]);
  });

  it("holds copies, since one of them may be somebody's own", () => {
    expect(summary(deleting({ desired: [bot], live: [live, { ...live, uuid: uuid(2) }] }))).toEqual([
      "hold copy App/bot",
    ]);
  });

  it("deletes a datasource without a mark only when every entry is ours", () => {
    const docs = aDatasource("docs");
    const object = liveFrom(docs, uuid(3));
    const ours = liveEntry(docs.key, anEntry("a"), uuid(31));
    const holding = (entries: readonly ReturnType<typeof foreignEntry>[]) =>
      summary(deleting({ desired: [docs], live: [object], entries: { [uuid(3)]: entries } }));
    expect(holding([ours])).toEqual(["prune Datasource/docs"]);
    expect(holding([ours, foreignEntry(uuid(32))])).toEqual(["hold foreign-entries Datasource/docs"]);
    expect(holding([])).toEqual(["hold markless Datasource/docs"]);
  });

  it("obeys --only", () => {
    expect(
      summary(
        deleting({
          desired: [bot, anApp("b")],
          live: [live, liveFrom(anApp("b"), uuid(2))],
          policy: { only: ["App/b"] },
        }),
      ),
    ).toEqual(["prune App/b"]);
  });

  it("is refused when nothing is named", () => {
    expect(deleting({ live: [live] }).refusals).toEqual([objectWith({ rule: "empty" })]);
  });
});
