import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import type { LiveEntry, LiveResource } from "../../src/model/live.ts";
import { entryMarkOf } from "../../src/model/mark-of.ts";
import type { Plan, Policy } from "../../src/model/plan.ts";
import type { Resource } from "../../src/model/resource.ts";
import {
  aDatasource,
  anApp,
  anEntry,
  foreignEntry,
  holdOf,
  liveEntry,
  liveFrom,
  objectWith,
  planOf,
  remarked,
  rulesWith,
  summary,
  textWith,
  unmarked,
  uuid,
  waveKeys,
} from "../support/plan-builders.ts";

const bot = anApp("bot");
const others = Array.from({ length: 5 }, (_, index) => anApp(`other-${index}`));
const liveOthers = others.map((app, index) => liveFrom(app, uuid(100 + index)));
const gone = liveFrom(bot, uuid(1));

interface World {
  readonly live: readonly LiveResource[];
  readonly desired?: readonly Resource[];
  readonly entries?: Readonly<Record<string, readonly LiveEntry[]>>;
  readonly policy?: Partial<Policy>;
}

/** Five apps are in sync, so that a prune of one or two is within the limits. */
function pruning({ live, desired = [], entries = {}, policy = {} }: World): Plan {
  return planOf({
    desired: [...others, ...desired],
    live: [...liveOthers, ...live],
    entries,
    policy: { prune: true, ...policy },
  });
}

describe("a managed object that no manifest names", () => {
  it("stays without --prune, counted in a note", () => {
    const plan = pruning({
      live: [gone, liveFrom(anApp("b"), uuid(2)), liveFrom(anApp("c"), uuid(3))],
      policy: { prune: false },
    });
    expect(summary(plan)).toEqual([]);
    expect(plan.notes).toEqual([
      {
        code: "prune/off",
        message: "3 managed objects have no manifest; --prune would delete them.",
        inCluster: "3 managed objects have no manifest; spec.prune: true would delete them.",
      },
    ]);
  });

  it("goes with --prune", () => {
    expect(summary(pruning({ live: [gone] }))).toEqual(["prune App/bot"]);
  });

  it("stays with --only, which says that prune is off", () => {
    const plan = pruning({ live: [gone], policy: { only: ["App/other-*"] } });
    expect(summary(plan)).toEqual([]);
    expect(plan.notes).toEqual([objectWith({ code: "prune/only" })]);
  });

  it.each([
    { says: "has no mark", live: unmarked(gone) },
    { says: "is another set's", live: remarked(gone, { set: "other" }) },
    { says: "belongs to somebody else", live: { ...gone, isOwned: false } },
  ])("stays when it $says", ({ live }) => {
    expect(summary(pruning({ live: [live] }))).toEqual([]);
  });

  it("is held while it is protected", () => {
    const plan = pruning({ live: [remarked(gone, { protect: true })] });
    expect(summary(plan)).toEqual(["hold protected App/bot"]);
    expect(holdOf(plan, "App/bot").remedy).toContain("llmstack.ai/protect");
  });

  it("is left with a note when its deletionPolicy was Orphan", () => {
    const plan = pruning({ live: [remarked(gone, { orphan: true })] });
    expect(summary(plan)).toEqual([]);
    expect(plan.notes).toEqual([objectWith({ code: "prune/orphan", key: "App/bot" })]);
  });

  it("is held with its copies, since one of them may be somebody's own", () => {
    const plan = pruning({ live: [gone, { ...gone, uuid: uuid(2) }] });
    expect(summary(plan)).toEqual(["hold copy App/bot", "hold copy App/bot"]);
  });

  it("goes together with the duplicate that two runs made of it", () => {
    const twin = remarked({ ...gone, uuid: uuid(2) }, { nonce: "another" });
    expect(summary(pruning({ live: [gone, twin] }))).toEqual(["prune App/bot", "prune App/bot"]);
  });

  it("stays when a candidate of a held resource has its mark", () => {
    const plan = pruning({ desired: [bot], live: [gone, { ...gone, uuid: uuid(2) }] });
    expect(summary(plan)).toEqual(["hold copy App/bot"]);
  });
});

describe("a datasource without a mark that no manifest names", () => {
  const docs = aDatasource("docs");
  const liveDocs = liveFrom(docs, uuid(1));
  const ours = liveEntry(docs.key, anEntry("a"), uuid(11));
  const holding = (entries: readonly LiveEntry[]): Plan =>
    pruning({ live: [liveDocs], entries: { [uuid(1)]: entries } });

  it("goes when it has entries and every one carries our mark", () => {
    expect(summary(holding([ours]))).toEqual(["prune Datasource/docs"]);
  });

  it("is held when one entry is foreign, with their number", () => {
    const plan = holding([ours, foreignEntry(uuid(12))]);
    expect(summary(plan)).toEqual(["hold foreign-entries Datasource/docs"]);
    expect(holdOf(plan, "Datasource/docs").detail).toContain("Foreign entries: 1.");
  });

  it("stays when it has no entries, with a note", () => {
    const plan = holding([]);
    expect(summary(plan)).toEqual([]);
    expect(plan.notes).toEqual([objectWith({ code: "prune/markless", message: textWith(uuid(1)) })]);
  });

  it("stays without a word when no entry is ours", () => {
    const theirs = { ...ours, mark: entryMarkOf(docs.key, anEntry("a"), "other") };
    const plan = holding([foreignEntry(uuid(12)), theirs]);
    expect(summary(plan)).toEqual([]);
    expect(plan.notes).toEqual([]);
  });

  it("stays when its entries were not read", () => {
    const plan = planOf({
      desired: others,
      live: [...liveOthers, liveDocs],
      entries: { [uuid(1)]: [ours] },
      unreadEntries: [uuid(1)],
      policy: { prune: true },
    });
    expect(summary(plan)).toEqual([]);
  });

  it("is pruned as a whole: its entries are its proof, and are not deleted before", () => {
    expect(holding([ours, { ...ours, uuid: uuid(12) }]).waves).toMatchObject([
      { stage: "remove", changes: [{ op: "prune", live: { uuid: uuid(1) } }] },
    ]);
  });

  it("is held while the manifest of its key says protect", () => {
    const renamed = aDatasource("docs", { name: "New name", protect: true });
    const plan = pruning({ desired: [renamed], live: [liveDocs], entries: { [uuid(1)]: [ours] } });
    expect(summary(plan)).toEqual(["create Datasource/docs", "hold protected Datasource/docs"]);
  });
});

describe("a marked datasource that no manifest names", () => {
  const rules = rulesWith("Datasource", { mark: "fixed" });
  const docs = aDatasource("docs");
  const mark = { v: 1 as const, set: "team", key: docs.key, nonce: "n" };
  const plan = (entries: readonly LiveEntry[]): Plan =>
    planOf({
      desired: others,
      live: [...liveOthers, liveFrom(docs, uuid(1), { mark })],
      entries: { [uuid(1)]: entries },
      policy: { prune: true },
      rules,
    });

  it("goes even when it is empty", () => {
    expect(summary(plan([]))).toEqual(["prune Datasource/docs"]);
  });

  it("is never pruned with a foreign entry in it", () => {
    expect(summary(plan([foreignEntry(uuid(12))]))).toEqual(["hold foreign-entries Datasource/docs"]);
  });
});

describe("what others refer to", () => {
  const docs = aDatasource("docs");
  const liveDocs = liveFrom(docs, uuid(1));
  const entries = { [uuid(1)]: [liveEntry(docs.key, anEntry("a"), uuid(11))] };
  const search = (datasource: string): JsonObject => ({
    processors: [
      {
        id: "p",
        provider_slug: "promptly",
        processor_slug: "datasource_search",
        config: { datasources: [datasource] },
      },
    ],
  });
  const reader = anApp("reader");
  const liveReader = liveFrom(reader, uuid(2), {
    document: { ...liveFrom(reader, uuid(2)).document, ...search(uuid(1)) },
  });

  it("stays while a live app that this plan does not change refers to it", () => {
    const plan = pruning({ live: [liveDocs, unmarked(liveReader)], entries });
    expect(summary(plan)).toEqual(["hold referenced Datasource/docs"]);
    expect(holdOf(plan, "Datasource/docs").detail).toContain(`App "The reader" (${uuid(2)})`);
  });

  it("stays while an app of somebody else refers to it", () => {
    expect(summary(pruning({ live: [liveDocs, { ...unmarked(liveReader), isOwned: false }], entries }))).toEqual([
      "hold referenced Datasource/docs",
    ]);
  });

  it("goes after the app that is pruned with it", () => {
    const plan = pruning({ live: [liveDocs, liveReader], entries });
    expect(waveKeys(plan)).toEqual([
      ["remove", "App/reader"],
      ["remove", "Datasource/docs"],
    ]);
    expect(plan.changes).toContainEqual(objectWith({ key: "Datasource/docs", needs: ["App/reader"] }));
  });

  it("stays when the app that refers to it is held itself", () => {
    const plan = pruning({ live: [liveDocs, remarked(liveReader, { protect: true })], entries });
    expect(summary(plan)).toEqual(["hold protected App/reader", "hold referenced Datasource/docs"]);
  });

  it("goes once this plan takes the reference out, and needs that to succeed", () => {
    const plan = pruning({ desired: [reader], live: [liveDocs, liveReader], entries });
    expect(summary(plan)).toEqual(["prune Datasource/docs", "update App/reader"]);
    expect(plan.changes[0]).toMatchObject({ needs: ["App/reader"] });
  });

  it("stays when the app is updated and its manifest still names the uuid", () => {
    const stubborn = anApp("reader", { document: { ...search(uuid(1)), description: "changed" } });
    const plan = pruning({ desired: [stubborn], live: [liveDocs, liveReader], entries });
    expect(summary(plan)).toEqual(["update App/reader", "hold referenced Datasource/docs"]);
  });
});
