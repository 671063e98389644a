import { describe, expect, it } from "vitest";
import { docRules } from "../../src/client/dialects/doc/rules.ts";
import { readsNeeded } from "../../src/plan/reads-needed.ts";
import { aDatasource, anApp, liveFrom, planInput, rulesWith, uuid } from "../support/plan-builders.ts";

type World = Parameters<typeof planInput>[0];

const docs = aDatasource("docs");
const live = [liveFrom(docs, uuid(1)), liveFrom(aDatasource("other"), uuid(2)), liveFrom(anApp("bot"), uuid(3))];

function entriesOf(world: World): readonly string[] {
  return readsNeeded(planInput(world)).entries;
}

describe("entries are read", () => {
  it.each<{ says: string; world: World; uuids: readonly string[] }>([
    { says: "of a matched datasource, and of no other", world: { desired: [docs], live }, uuids: [uuid(1)] },
    { says: "of nothing where nothing is matched", world: { desired: [anApp("bot")], live }, uuids: [] },
    { says: "of unmatched ones too with --prune", world: { live, policy: { prune: true } }, uuids: [uuid(1), uuid(2)] },
    {
      says: "of what is selected only",
      world: { desired: [docs], live, policy: { prune: true, only: ["App/*"] } },
      uuids: [],
    },
    {
      says: "of nothing that is somebody else's",
      world: { live: live.map((object) => ({ ...object, isOwned: false })), policy: { prune: true } },
      uuids: [],
    },
    {
      says: "of nothing that another set has marked",
      world: {
        live: live.map((object) => ({ ...object, mark: { v: 1, set: "other", key: "Datasource/x", nonce: "n" } })),
        policy: { prune: true },
        rules: rulesWith("Datasource", { mark: "fixed" }),
      },
      uuids: [],
    },
  ])("$says", ({ world, uuids }) => {
    expect(entriesOf(world)).toEqual(uuids);
  });

  it("of no app: it has none", () => {
    expect(entriesOf({ desired: [anApp("bot")], live, policy: { prune: true }, rules: docRules })).toEqual([
      uuid(1),
      uuid(2),
    ]);
  });
});
