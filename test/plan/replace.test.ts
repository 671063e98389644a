import { describe, expect, it } from "vitest";
import { docRules } from "../../src/client/dialects/doc/rules.ts";
import type { LiveEntry, LiveResource } from "../../src/model/live.ts";
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
  ref,
  remarked,
  rulesWith,
  summary,
  textWith,
  unmarked,
  uuid,
  waveKeys,
} from "../support/plan-builders.ts";

const fixedType = rulesWith("App", { fixed: ["/type_slug"] });
const bot = anApp("bot", { type: "web" });
const live = liveFrom(anApp("bot"), uuid(1));
const caller = anApp("caller", { document: { config: { promptly_app: ref("bot", "app") } } });
const liveCaller = liveFrom(anApp("caller"), uuid(2), {
  document: {
    name: "The caller",
    type_slug: "text-chat",
    config: { promptly_app: docRules.formatReference("app", { uuid: uuid(1) }) },
  },
});

function plan(desired: readonly Resource[], objects: readonly LiveResource[], policy: Partial<Policy> = {}): Plan {
  return planOf({ desired, live: objects, rules: fixedType, policy });
}

describe("a place that no write can change", () => {
  it("is held without --allow-replace, with everything a replacement would do", () => {
    const { detail, remedy } = holdOf(plan([bot, caller], [live, liveCaller]), "App/bot");
    for (const part of ["/type_slug", "new uuid", "links", "history", "App/caller"]) expect(detail).toContain(part);
    expect(remedy).toContain("--allow-replace");
  });

  it("is replaced with --allow-replace, and who refers to it is updated in the same plan", () => {
    const replaced = plan([bot, caller], [live, liveCaller], { allowReplace: true });
    expect(summary(replaced)).toEqual(["replace App/bot", "update App/caller"]);
    expect(replaced.changes[1]).toMatchObject({ needs: ["App/bot"] });
    expect(replaced.notes).toEqual([objectWith({ code: "replace/consequences", message: textWith("App/caller") })]);
    expect(waveKeys(replaced)).toEqual([
      ["write", "App/bot"],
      ["write", "App/caller"],
      ["remove", "App/bot"],
    ]);
  });

  it("leaves who refers to it alone while it is held", () => {
    const quiet = {
      ...liveCaller,
      mark: liveFrom(caller, uuid(2)).mark ?? { v: 1, set: "team", key: caller.key, nonce: "n" },
    };
    expect(summary(plan([bot, caller], [live, quiet as LiveResource]))).toEqual(["hold replace App/bot"]);
  });

  it.each([
    { says: "protected by its manifest", desired: { ...bot, protect: true }, object: live },
    { says: "protected by its mark", desired: bot, object: remarked(live, { protect: true }) },
    { says: "to outlive its manifest", desired: { ...bot, deletionPolicy: "Orphan" as const }, object: live },
  ])("is held as protected when the object is $says", ({ desired, object }) => {
    expect(summary(plan([desired], [object], { allowReplace: true }))).toEqual(["hold protected App/bot"]);
  });

  it("is held while an app outside this plan refers to the object", () => {
    const outsider = unmarked({
      ...liveCaller,
      document: {
        ...liveCaller.document,
        processors: [
          {
            id: "p",
            provider_slug: "promptly",
            processor_slug: "promptly_app",
            config: { promptly_app: docRules.formatReference("app", { uuid: uuid(1) }) },
          },
        ],
      },
    });
    expect(summary(plan([bot], [live, outsider], { allowReplace: true }))).toEqual(["hold referenced App/bot"]);
  });

  it("is never replaced on an object that is not ours, not even with --adopt", () => {
    const named = { ...bot, uuid: uuid(1) };
    expect(summary(plan([named], [unmarked(live)], { allowReplace: true, adopt: true }))).toEqual([
      "hold replace App/bot",
    ]);
  });
});

describe("a replacement that a kill cut short", () => {
  const fresh = remarked(liveFrom(bot, uuid(5), { createdAt: "2024-06-01T00:00:00Z" }), { replaces: uuid(1) });

  it("is finished by the next run, whatever its flags", () => {
    const next = plan([bot], [live, fresh]);
    expect(next.changes.map(({ op }) => op)).toEqual(["prune", "keep"]);
    expect(next.changes).toMatchObject([{ live: { uuid: uuid(1) } }, { live: { uuid: uuid(5) } }]);
    expect(next.refusals).toEqual([]);
  });

  it("is finished after whoever still refers to the old object is updated", () => {
    const next = plan([bot, caller], [live, fresh, liveCaller]);
    expect(summary(next)).toEqual(["prune App/bot", "update App/caller"]);
    expect(next.waves.map(({ stage }) => stage)).toEqual(["write", "remove"]);
  });

  it("leaves the old object when that is protected by now", () => {
    expect(summary(plan([bot], [remarked(live, { protect: true }), fresh]))).toEqual(["hold protected App/bot"]);
  });
});

describe("a datasource that would have to be replaced", () => {
  const rules = rulesWith("Datasource", { mark: "fixed" });
  const docs = aDatasource("docs", { type: "url", entries: [anEntry("a", "12345")] });
  const mark = { v: 1 as const, set: "team", key: docs.key, nonce: "n" };
  const liveDocs = liveFrom(aDatasource("docs"), uuid(1), { mark });
  const ours: LiveEntry = liveEntry(docs.key, anEntry("a", "12345"), uuid(11));
  const holding = (entries: readonly LiveEntry[], policy: Partial<Policy>, desired: Resource = docs): Plan =>
    planOf({ desired: [desired], live: [liveDocs], entries: { [uuid(1)]: entries }, rules, policy });

  it("says how many entries are embedded again, and how many bytes", () => {
    expect(holdOf(holding([ours], {}), docs.key).detail).toContain("1 entry is embedded again (5 bytes)");
  });

  it("takes its entries with it: they are all made again", () => {
    const replaced = holding([ours], { allowReplace: true });
    expect(summary(replaced)).toEqual(["replace Datasource/docs", "create Datasource/docs/entries/a"]);
    expect(replaced.changes[1]).toMatchObject({ needs: ["Datasource/docs"] });
  });

  it("is held with a foreign entry in it, unless it is Exclusive", () => {
    const entries = [ours, foreignEntry(uuid(12))];
    expect(summary(holding(entries, { allowReplace: true }))).toEqual(["hold foreign-entries Datasource/docs"]);
    const exclusive = holding(entries, { allowReplace: true }, { ...docs, entriesPolicy: "Exclusive" });
    expect(summary(exclusive)).toContain("replace Datasource/docs");
  });

  it.each([
    { says: "no entry", entries: [] },
    { says: "only foreign entries", entries: [foreignEntry(uuid(12))] },
  ])("is held as markless when it carries no mark and has $says", ({ entries }) => {
    const named: Resource = { ...docs, uuid: uuid(1) };
    const held = planOf({
      desired: [named],
      live: [unmarked(liveDocs)],
      entries: { [uuid(1)]: entries },
      policy: { allowReplace: true },
    });
    expect(summary(held)).toEqual(["hold markless Datasource/docs"]);
  });
});

describe("a datasource without a mark that was replaced, and a kill came before the deletion", () => {
  const docs = aDatasource("docs", { type: "url", uuid: uuid(1), entries: [anEntry("a")] });
  const old = liveFrom(aDatasource("docs"), uuid(1));
  const fresh = liveFrom(docs, uuid(2));
  const ours = [liveEntry(docs.key, anEntry("a"), uuid(11))];
  const next = (allowReplace: boolean): Plan =>
    planOf({
      desired: [docs],
      live: [old, fresh],
      entries: { [uuid(1)]: ours },
      policy: { allowReplace },
    });

  it("is not replaced a second time: the old one goes, the new one gets its entries", () => {
    expect(summary(next(true))).toEqual(["prune Datasource/docs", "create Datasource/docs/entries/a"]);
    expect(next(true).changes[0]).toMatchObject({ live: { uuid: uuid(1) } });
  });

  it("keeps the old one without --allow-replace, because no mark says that it was allowed", () => {
    expect(summary(next(false))).toEqual(["create Datasource/docs/entries/a", "hold replace Datasource/docs"]);
  });
});

describe("what a server cannot express", () => {
  it.each([
    { says: "publish settings", desired: anApp("bot", { publish: { state: "Published" } }), place: "/publish" },
    { says: "a pipeline", desired: aDatasource("docs", { document: { pipeline: {} } }), place: "/pipeline" },
  ])("is held when a manifest states it: $says", ({ desired, place }) => {
    const held = planOf({ desired: [desired] });
    expect(holdOf(held, desired.key)).toMatchObject({ reason: "unsupported", detail: textWith(place) });
  });

  it("is held when it cannot be emptied, instead of an update that loops", () => {
    const rules = rulesWith("App", { unclearable: ["/processors"] });
    const emptied = anApp("bot", { document: { processors: [] } });
    const filled = liveFrom(anApp("bot", { document: { processors: [{ id: "a" }] } }), uuid(1));
    expect(summary(planOf({ desired: [emptied], live: [filled], rules }))).toEqual(["hold unclearable App/bot"]);
    const never = liveFrom(emptied, uuid(1), { document: { name: "The bot", type_slug: "text-chat" } });
    expect(summary(planOf({ desired: [emptied], live: [never], rules }))).toEqual([]);
  });

  it("is held when the server fails on every change of such an object, and left alone when nothing changes", () => {
    const rules = rulesWith("App", { neededForUpdate: ["/processors"] });
    const bare = anApp("bot", { document: { description: "new" } });
    const old = liveFrom(anApp("bot", { document: { description: "old" } }), uuid(1));
    expect(summary(planOf({ desired: [bare], live: [old], rules }))).toEqual(["hold unclearable App/bot"]);
    expect(summary(planOf({ desired: [bare], live: [liveFrom(bare, uuid(1))], rules }))).toEqual([]);
  });

  it("holds what needs it as long as it is not there", () => {
    const docs = aDatasource("docs", { document: { pipeline: {} } });
    const app = anApp("bot", { document: { config: { d: ref("docs") } } });
    expect(summary(planOf({ desired: [docs, app] }))).toEqual([
      "hold depends-on-held App/bot",
      "hold unsupported Datasource/docs",
    ]);
  });

  it("does not hold what needs it when it is there", () => {
    const docs = aDatasource("docs", { document: { pipeline: {} } });
    const app = anApp("bot", { document: { config: { d: ref("docs") } } });
    const planned = planOf({ desired: [docs, app], live: [liveFrom(aDatasource("docs"), uuid(1))] });
    expect(summary(planned)).toEqual(["create App/bot", "hold unsupported Datasource/docs"]);
  });
});
