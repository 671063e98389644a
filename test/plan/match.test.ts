import { describe, expect, it } from "vitest";
import type { LiveResource } from "../../src/model/live.ts";
import { resourceKey } from "../../src/model/resource.ts";
import {
  aDatasource,
  anApp,
  changeOf,
  liveFrom,
  objectWith,
  planOf,
  ref,
  remarked,
  rulesWith,
  summary,
  textWith,
  unmarked,
  uuid,
} from "../support/plan-builders.ts";

const bot = anApp("bot");
const live = liveFrom(bot, uuid(1));

describe("an app and its live object", () => {
  it.each<{ says: string; desired?: typeof bot; live: readonly LiveResource[]; plan: readonly string[] }>([
    { says: "is created when nothing like it is there", live: [], plan: ["create App/bot"] },
    { says: "is in sync when the live object carries our mark and content", live: [live], plan: [] },
    {
      says: "is found by its mark whatever it is called now",
      live: [{ ...live, name: "Renamed by hand", document: { ...live.document, name: "Renamed by hand" } }],
      plan: ["update App/bot"],
    },
    {
      says: "is held as unmanaged when only its name and type are there",
      live: [unmarked(live)],
      plan: ["hold unmanaged App/bot"],
    },
    {
      says: "is created when the one of its name has another type",
      live: [{ ...unmarked(live), type: "web" }],
      plan: ["create App/bot"],
    },
    {
      says: "is held as ambiguous when two of its name and type are there",
      live: [unmarked(live), unmarked({ ...live, uuid: uuid(2) })],
      plan: ["hold ambiguous App/bot"],
    },
    {
      says: "is held as owned when another set has an object of its key",
      live: [remarked(live, { set: "other" })],
      plan: ["hold owned App/bot"],
    },
    {
      says: "is never matched with what is only shared with the account",
      live: [{ ...unmarked(live), isOwned: false }],
      plan: ["create App/bot"],
    },
    {
      says: "is never matched with a foreign object, even when that carries our mark",
      live: [{ ...live, isOwned: false }],
      plan: ["create App/bot"],
    },
    {
      says: "is the object that spec.uuid names, which still wants --adopt",
      desired: { ...bot, uuid: uuid(2) },
      live: [unmarked(live), unmarked({ ...live, uuid: uuid(2) })],
      plan: ["hold unmanaged App/bot"],
    },
    {
      says: "is held as owned when spec.uuid names a foreign object",
      desired: { ...bot, uuid: uuid(1) },
      live: [{ ...unmarked(live), isOwned: false }],
      plan: ["hold owned App/bot"],
    },
    {
      says: "is held as owned when spec.uuid names another set's object",
      desired: { ...bot, uuid: uuid(1) },
      live: [remarked(live, { set: "other", key: "App/theirs" })],
      plan: ["hold owned App/bot"],
    },
    {
      says: "follows its mark rather than spec.uuid",
      desired: { ...bot, uuid: uuid(2) },
      live: [live, unmarked({ ...live, uuid: uuid(2) })],
      plan: [],
    },
  ])("$says", ({ desired = bot, live: objects, plan }) => {
    expect(summary(planOf({ desired: [desired], live: objects }))).toEqual(plan);
  });

  it("lists the uuids of ambiguous candidates and says how to choose", () => {
    const plan = planOf({ desired: [bot], live: [unmarked(live), unmarked({ ...live, uuid: uuid(2) })] });
    expect(changeOf(plan, "App/bot")).toMatchObject({
      hold: { detail: textWith(`${uuid(1)}, ${uuid(2)}`), remedy: textWith("spec.uuid") },
    });
  });

  it("is adopted with --adopt", () => {
    const plan = planOf({ desired: [bot], live: [unmarked(live)], policy: { adopt: true } });
    expect(summary(plan)).toEqual(["adopt App/bot"]);
  });

  it("says which flag moves it when another set owns it", () => {
    const plan = planOf({ desired: [bot], live: [remarked(live, { set: "other" })] });
    expect(changeOf(plan, "App/bot")).toMatchObject({ hold: { remedy: textWith("--take-over other") } });
  });

  it.each([
    { by: "the flag", desired: bot, policy: { takeOver: "other" } },
    { by: "the annotation", desired: { ...bot, takeOver: "other" }, policy: {} },
  ])("is taken over from another set by $by, which marks it anew", ({ desired, policy }) => {
    const plan = planOf({ desired: [desired], live: [remarked(live, { set: "other" })], policy });
    expect(changeOf(plan, "App/bot")).toMatchObject({
      op: "update",
      fields: [{ pointer: "/x-llmstack-sync/set", before: "other", after: "team" }],
    });
  });

  it("keeps its object when metadata.name changes and movedFrom says so", () => {
    const moved = anApp("new-bot", { name: "The bot", movedFrom: [resourceKey("App", "bot")] });
    const plan = planOf({ desired: [moved], live: [live] });
    expect(changeOf(plan, "App/new-bot")).toMatchObject({
      op: "update",
      live: { uuid: uuid(1) },
      fields: [{ pointer: "/x-llmstack-sync/key", before: "App/bot", after: "App/new-bot" }],
    });
  });

  it("is not taken from a resource that still has that name", () => {
    const moved = anApp("new-bot", { movedFrom: [resourceKey("App", "bot")] });
    expect(summary(planOf({ desired: [bot, moved], live: [live] }))).toEqual(["create App/new-bot"]);
  });

  it("is matched by one resource at most", () => {
    const [a, b] = [anApp("a", { name: "Same" }), anApp("b", { name: "Same" })];
    const plan = planOf({ desired: [a, b], live: [unmarked(liveFrom(a, uuid(1)))], policy: { adopt: true } });
    expect(summary(plan)).toEqual(["hold ambiguous App/a", "hold ambiguous App/b"]);
  });

  it("is looked for by name when spec.uuid names nothing, with a note", () => {
    const plan = planOf({ desired: [{ ...bot, uuid: uuid(9) }], live: [] });
    expect(summary(plan)).toEqual(["create App/bot"]);
    expect(plan.notes).toEqual([objectWith({ code: "match/unknown-uuid", key: "App/bot" })]);
  });

  it("refuses to plan a kind whose list was not read", () => {
    expect(() => planOf({ desired: [{ ...bot, kind: "Connection" }] })).toThrow(
      objectWith({ class: "incomplete_read" }),
    );
  });
});

describe("several live objects with one mark", () => {
  const copy = { ...live, uuid: uuid(2), name: "The bot (copy)" };
  const younger = remarked({ ...live, uuid: uuid(3), createdAt: "2024-05-01T10:00:00.000001Z" }, { nonce: "another" });

  it("are all held when they share the nonce, with their uuids", () => {
    const plan = planOf({ desired: [bot], live: [live, copy], policy: { prune: true } });
    expect(summary(plan)).toEqual(["hold copy App/bot"]);
    expect(changeOf(plan, "App/bot")).toMatchObject({
      hold: { detail: textWith(`${uuid(1)}, ${uuid(2)}`) },
    });
  });

  it("are told apart by spec.uuid", () => {
    const plan = planOf({ desired: [{ ...bot, uuid: uuid(1) }], live: [live, copy] });
    expect(plan.changes.map(({ op }) => op)).toEqual(["hold", "keep"]);
    expect(plan.changes[0]).toMatchObject({ hold: { reason: "copy" }, live: { uuid: uuid(2) } });
  });

  it("leave the oldest in place when their nonces differ, and list the younger ones", () => {
    const plan = planOf({ desired: [bot], live: [younger, live], policy: { prune: true } });
    expect(plan.changes.map(({ op }) => op)).toEqual(["hold", "keep"]);
    expect(plan.changes).toMatchObject([{ live: { uuid: uuid(3) } }, { live: { uuid: uuid(1) } }]);
  });

  it("are told apart by uuid when they are equally old", () => {
    const twin = remarked({ ...live, uuid: uuid(0) }, { nonce: "another" });
    const plan = planOf({ desired: [bot], live: [live, twin] });
    expect(plan.changes).toMatchObject([
      { op: "hold", live: { uuid: uuid(1) } },
      { op: "keep", live: { uuid: uuid(0) } },
    ]);
  });

  it("hold what refers to them, because its reference would be a guess", () => {
    const caller = anApp("caller", { document: { output_template: { markdown: ref("bot", "app") } } });
    const plan = planOf({ desired: [bot, caller], live: [live, copy] });
    expect(summary(plan)).toEqual(["hold copy App/bot", "hold depends-on-held App/caller"]);
  });
});

describe("a datasource that carries no mark", () => {
  const docs = aDatasource("docs");
  const liveDocs = liveFrom(docs, uuid(1));

  it("is matched without --adopt when it is the only one of its name and type", () => {
    expect(summary(planOf({ desired: [docs], live: [liveDocs] }))).toEqual([]);
  });

  it("is held as ambiguous when there are two", () => {
    const plan = planOf({ desired: [docs], live: [liveDocs, { ...liveDocs, uuid: uuid(2) }] });
    expect(summary(plan)).toEqual(["hold ambiguous Datasource/docs"]);
  });

  it("is not created twice under one name, since nothing would tell the two apart", () => {
    const [a, b] = [aDatasource("a", { name: "Same" }), aDatasource("b", { name: "Same" })];
    const plan = planOf({ desired: [a, b] });
    expect(summary(plan)).toEqual(["hold ambiguous Datasource/a", "hold ambiguous Datasource/b"]);
  });

  it("is renamed when spec.uuid names it", () => {
    const renamed = aDatasource("docs", { name: "New name", uuid: uuid(1) });
    const plan = planOf({ desired: [renamed], live: [liveDocs] });
    expect(changeOf(plan, "Datasource/docs")).toMatchObject({
      op: "update",
      fields: [{ pointer: "/name", before: "The docs", after: "New name" }],
    });
  });
});

describe("where marks are fixed at creation", () => {
  const rules = rulesWith("Datasource", { mark: "fixed" });
  const docs = aDatasource("docs");
  const liveDocs: LiveResource = {
    ...liveFrom(docs, uuid(1)),
    mark: { v: 1, set: "team", key: "Datasource/docs", nonce: "n" },
  };

  it("a mark is compared by set and key only", () => {
    expect(summary(planOf({ desired: [docs], live: [liveDocs], rules }))).toEqual([]);
  });

  it("an older object without a mark is matched without --adopt, because that writes nothing", () => {
    expect(summary(planOf({ desired: [docs], live: [unmarked(liveDocs)], rules }))).toEqual([]);
  });

  it("a toggled protection is held, because the mark cannot take it up", () => {
    const plan = planOf({ desired: [{ ...docs, protect: true }], live: [liveDocs], rules });
    expect(summary(plan)).toEqual(["hold mark-immutable Datasource/docs"]);
  });

  it("another set is accepted through formerSets, not through --take-over", () => {
    const theirs = remarked(liveDocs, { set: "other" });
    const taken = planOf({ desired: [docs], live: [theirs], rules, policy: { takeOver: "other" } });
    expect(changeOf(taken, "Datasource/docs")).toMatchObject({
      hold: { reason: "owned", remedy: textWith("formerSets: [other]") },
    });
    expect(summary(planOf({ desired: [{ ...docs, formerSets: ["other"] }], live: [theirs], rules }))).toEqual([]);
  });

  it("an earlier key stays in the mark for good", () => {
    const moved = aDatasource("manuals", { name: "The docs", movedFrom: [docs.key] });
    expect(summary(planOf({ desired: [moved], live: [liveDocs], rules }))).toEqual([]);
  });
});
