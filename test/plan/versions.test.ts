import { describe, expect, it } from "vitest";
import type { AppVersions, LiveResource } from "../../src/model/live.ts";
import type { Resource } from "../../src/model/resource.ts";
import {
  anApp,
  changeOf,
  holdOf,
  objectWith,
  remarked,
  summary,
  textWith,
  unmarked,
  uuid,
  waveKeys,
} from "../support/plan-builders.ts";
import {
  aVersion,
  overwritingRules,
  planVersioned,
  readsOf,
  runningApp,
  versionsOf,
} from "../support/version-builders.ts";

const bot = anApp("bot", { document: { description: "wanted" } });
const live = runningApp(bot, uuid(1));
const edited: LiveResource = { ...live, document: { ...live.document, description: "by hand" } };

function worldOf(row: LiveResource, versions?: AppVersions, desired: Resource = bot) {
  return { desired: [desired], live: [row], ...(versions !== undefined && { versions: { [row.uuid]: versions } }) };
}

describe("versions are looked at", () => {
  it.each<{ says: string; row: LiveResource; looks: boolean }>([
    { says: "of nothing that a list shows to be as wanted and to run", row: live, looks: false },
    { says: "where the content is another", row: edited, looks: true },
    { says: "where the mark is another", row: remarked(live, { sha256: "0" }), looks: true },
    { says: "where nothing runs", row: { ...live, hasLiveVersion: false }, looks: true },
    { says: "where somebody's object may be adopted", row: unmarked(live), looks: true },
    {
      says: "not for who may see it",
      row: { ...live, publish: { state: "Unpublished" } },
      looks: false,
    },
  ])("$says", ({ row, looks }) => {
    const desired = anApp("bot", { document: { description: "wanted" }, publish: { state: "Published" } });
    expect(readsOf(worldOf(row, undefined, desired)).versions).toEqual(looks ? [uuid(1)] : []);
  });

  it("of everything managed where that is asked for", () => {
    expect(readsOf(worldOf(live), "everywhere").versions).toEqual([uuid(1)]);
  });

  it("once", () => {
    expect(readsOf(worldOf(edited, versionsOf(edited)), "everywhere").versions).toEqual([]);
  });

  it("or else nothing is decided", () => {
    expect(() => planVersioned(worldOf(edited))).toThrow(expect.objectContaining({ class: "incomplete_read" }));
  });
});

describe("what runs is compared", () => {
  const draft = aVersion(4, edited.document, live.mark);
  const behind = versionsOf(live, { draft, newestComment: "", comments: ["", ...versionsOf(live).comments] });

  it("and not the draft that a list shows: a draft beside what is wanted is only told of", () => {
    const plan = planVersioned(worldOf({ ...edited, version: 4 }, behind));
    expect(summary(plan)).toEqual([]);
    expect(plan.notes).toEqual([objectWith({ code: "draft/waiting", key: "App/bot", message: textWith("version 4") })]);
  });

  it("and an edit behind a draft that looks as wanted is found where all is looked at", () => {
    const versions = versionsOf(edited, { draft: aVersion(4, live.document, live.mark) });
    const plan = planVersioned(worldOf({ ...live, version: 4 }, versions));
    expect(changeOf(plan, "App/bot")).toMatchObject({
      op: "update",
      fields: [{ pointer: "/description", before: "by hand", after: "wanted" }],
    });
  });

  it("a draft that would be lost stops an update", () => {
    const desired = anApp("bot", { document: { description: "newer" } });
    const plan = planVersioned(worldOf({ ...edited, version: 4 }, behind, desired));
    expect(summary(plan)).toEqual(["hold draft App/bot"]);
    expect(holdOf(plan, "App/bot")).toMatchObject({
      detail: textWith("version 4"),
      remedy: textWith("--discard-drafts"),
    });
  });

  it("a draft of exactly what is wanted stops nothing: publishing it loses nothing", () => {
    const desired = anApp("bot", { document: { description: "by hand" } });
    const plan = planVersioned(worldOf({ ...edited, version: 4 }, behind, desired));
    expect(summary(plan)).toEqual(["update App/bot"]);
  });

  it.each([
    ["beside other changes", anApp("bot", { document: { description: "newer" } })],
    ["where nothing else is to change", bot],
  ])("a draft is overwritten with --discard-drafts, %s", (_says, desired) => {
    const plan = planVersioned({
      ...worldOf({ ...edited, version: 4 }, behind, desired),
      policy: { discardDrafts: true },
    });
    expect(changeOf(plan, "App/bot")).toMatchObject({ op: "update" });
    expect(changeOf(plan, "App/bot").fields).toContainEqual({ pointer: "/draft", before: true, after: false });
    expect(plan.notes.map(({ code }) => code)).toEqual(["draft/overwritten"]);
  });

  it("a draft does not stop a change of who may see what runs", () => {
    const desired = anApp("bot", { document: { description: "wanted" }, publish: { state: "Unpublished" } });
    const row = { ...edited, version: 4, publish: { state: "Published" as const } };
    expect(waveKeys(planVersioned(worldOf(row, behind, desired)))).toEqual([["narrow", "App/bot"]]);
  });

  it("a draft that lost the mark does not make its app somebody else's", () => {
    const row = { ...unmarked(edited), version: 4 };
    expect(readsOf(worldOf(row)).versions).toEqual([uuid(1)]);
    expect(summary(planVersioned(worldOf(row, behind)))).toEqual([]);
  });

  it("a draft that only says what runs is none", () => {
    const versions = versionsOf(live, { draft: aVersion(4, live.document, live.mark) });
    const plan = planVersioned(worldOf({ ...live, version: 4 }, versions));
    expect([summary(plan), plan.notes]).toEqual([[], []]);
  });

  it("processors that a draft would bring back cannot be emptied", () => {
    const rules = { ...overwritingRules };
    const kinds = {
      ...rules.capabilities.kinds,
      App: { mark: "mutable" as const, fixed: [], unsupported: [], unclearable: ["/processors"] },
    };
    const withProcessors = { ...live.document, processors: [{ id: "_inputs1" }] };
    const plan = planVersioned({
      ...worldOf(live, versionsOf(live, { draft: aVersion(4, withProcessors, live.mark) })),
      policy: { discardDrafts: true },
      rules: { ...rules, capabilities: { ...rules.capabilities, kinds } },
    });
    expect(summary(plan)).toEqual(["hold unclearable App/bot"]);
  });
});

describe("an app of which nothing runs", () => {
  const down = { ...live, hasLiveVersion: false };
  const only = (document: LiveResource["document"]): AppVersions => ({
    draft: aVersion(0, document, live.mark),
    newestComment: "",
    comments: [""],
  });

  it("is published where its draft is what is wanted", () => {
    expect(changeOf(planVersioned(worldOf(down, only(live.document))), "App/bot")).toMatchObject({
      op: "update",
      fields: [{ pointer: "/draft", before: true, after: false }],
    });
  });

  it("waits where its draft is somebody's work", () => {
    const row = { ...edited, hasLiveVersion: false };
    expect(summary(planVersioned(worldOf(row, only(edited.document))))).toEqual(["hold draft App/bot"]);
  });

  it("is adopted with its draft, which is all that the plan has to show", () => {
    const row = { ...unmarked(edited), hasLiveVersion: false };
    const draft = { draft: aVersion(0, edited.document), newestComment: "", comments: [""] };
    const plan = planVersioned({ ...worldOf(row, draft), policy: { adopt: true } });
    expect(changeOf(plan, "App/bot")).toMatchObject({
      op: "adopt",
      fields: [{ pointer: "/description" }, { pointer: "/draft" }],
    });
  });

  it("is updated where there is no version at all", () => {
    const empty = { newestComment: "", comments: [] };
    expect(summary(planVersioned(worldOf(down, empty)))).toEqual(["update App/bot"]);
  });
});

describe("objects that carry one mark", () => {
  const original = runningApp(bot, uuid(1));
  const copy = { ...runningApp(bot, uuid(2)), ...(original.mark && { mark: original.mark }) };
  const both = [copy, original];
  const ours = versionsOf(original);
  const theirs = versionsOf(copy, { newestComment: "First version", comments: ["First version"] });

  it("are told apart by their versions, which are looked at then", () => {
    expect(readsOf({ desired: [bot], live: both }).versions).toEqual([uuid(1), uuid(2)]);
  });

  it("the one that we wrote is the right one, the copy is held", () => {
    const plan = planVersioned({ desired: [bot], live: both, versions: { [uuid(1)]: ours, [uuid(2)]: theirs } });
    expect(summary(plan)).toEqual(["hold copy App/bot"]);
    expect(holdOf(plan, "App/bot").detail).toContain(`(${uuid(2)}) is a copy of ${uuid(1)}`);
  });

  it.each([
    ["none of them was written by us", { [uuid(1)]: theirs, [uuid(2)]: theirs }],
    ["all of them say so", { [uuid(1)]: ours, [uuid(2)]: ours }],
    ["one was not looked at", { [uuid(1)]: ours }],
  ])("are all held where %s", (_says, versions) => {
    const plan = planVersioned({ desired: [bot], live: both, versions });
    expect(summary(plan)).toEqual(["hold copy App/bot"]);
    expect(holdOf(plan, "App/bot").detail).toContain("nothing tells which is the original");
  });

  it("are pruned without their copies", () => {
    const world = { desired: [anApp("other")], live: both, policy: { prune: true, maxDeletes: { count: 5 } } };
    expect(readsOf(world).versions).toEqual([uuid(1), uuid(2)]);
    const plan = planVersioned({ ...world, versions: { [uuid(1)]: ours, [uuid(2)]: theirs } });
    expect(summary(plan)).toEqual(["prune App/bot", "create App/other", "hold copy App/bot"]);
    expect(changeOf(plan, "App/bot")).toMatchObject({ op: "prune", live: { uuid: uuid(1) } });
  });
});

describe("what two runs made at once", () => {
  const first = runningApp(bot, uuid(1));
  const second = runningApp(bot, uuid(2), { createdAt: "2024-05-02T10:00:00Z", publish: { state: "Unpublished" } });

  function planWith(parts: Partial<LiveResource>, versions: Partial<AppVersions> = {}) {
    const younger = { ...second, ...parts };
    return planVersioned({
      desired: [bot],
      live: [first, younger],
      versions: { [uuid(1)]: versionsOf(first), [uuid(2)]: versionsOf(younger, versions) },
    });
  }

  it("is one again: the younger goes where nobody saw or touched it, without --prune", () => {
    expect(summary(planWith({}))).toEqual(["prune App/bot"]);
    expect(changeOf(planWith({}), "App/bot")).toMatchObject({ live: { uuid: uuid(2) } });
  });

  it.each([
    ["was published", { publish: { state: "Published" as const } }, {}],
    ["was written to", {}, { comments: ["", "First version"] }],
    ["has somebody's draft", {}, { draft: aVersion(1, edited.document) }],
    ["may be published, the server does not tell", { publish: {} }, {}],
  ])("is held where the younger %s", (_says, parts, versions) => {
    expect(summary(planWith(parts, versions))).toEqual(["hold copy App/bot"]);
  });
});
