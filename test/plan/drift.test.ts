import { describe, expect, it } from "vitest";
import type { DriftClass } from "../../src/model/drift.ts";
import type { Plan } from "../../src/model/plan.ts";
import { classifyDrift } from "../../src/plan/drift.ts";
import {
  aDatasource,
  anApp,
  anEntry,
  liveEntry,
  liveFrom,
  planOf,
  remarked,
  unmarked,
  uuid,
} from "../support/plan-builders.ts";

const bot = anApp("bot", { document: { description: "wanted" } });
const live = liveFrom(bot, uuid(1));
const byHand = { ...live, document: { ...live.document, description: "by hand" } };
const oldMark = liveFrom(anApp("bot", { document: { description: "old" } }), uuid(1));

describe("who moved", () => {
  it.each<{ says: string; plan: Plan; class: DriftClass }>([
    {
      says: "the server, when the mark still says what is wanted",
      plan: planOf({ desired: [bot], live: [byHand] }),
      class: "drift",
    },
    {
      says: "unknown, when the mark says something else too",
      plan: planOf({ desired: [bot], live: [oldMark] }),
      class: "pending-or-drift",
    },
    {
      says: "the manifests, when only the mark differs",
      plan: planOf({ desired: [bot], live: [remarked(live, { sha256: "0" })] }),
      class: "pending",
    },
    { says: "unknown, when nothing is there", plan: planOf({ desired: [bot] }), class: "pending-or-drift" },
    {
      says: "unknown, where there is no mark",
      plan: planOf({ desired: [bot], live: [unmarked(byHand)] }),
      class: "pending-or-drift",
    },
    {
      says: "the manifests, when an entry has another content",
      plan: planOf({
        desired: [aDatasource("docs", { entries: [anEntry("a", "new")] })],
        live: [liveFrom(aDatasource("docs"), uuid(1))],
        entries: { [uuid(1)]: [liveEntry(aDatasource("docs").key, anEntry("a", "old"), uuid(2))] },
      }),
      class: "pending",
    },
    {
      says: "the manifests, when something has none any more",
      plan: planOf({ live: [live], policy: { prune: true } }),
      class: "pending",
    },
  ])("$says", ({ plan, class: expected }) => {
    expect(classifyDrift(plan).changes.map((change) => change.class)).toEqual([expected]);
  });

  it("is said of each field", () => {
    const marked = remarked(byHand, { protect: true });
    const [change] = classifyDrift(planOf({ desired: [bot], live: [marked] })).changes;
    expect(change?.fields.map(({ field, class: name }) => [field.pointer, name])).toEqual([
      ["/description", "drift"],
      ["/x-llmstack-sync/protect", "pending"],
    ]);
    expect(change?.class).toBe("drift");
  });

  it("is not asked where nothing differs", () => {
    expect(classifyDrift(planOf({ desired: [bot], live: [live] })).changes).toEqual([]);
  });
});
