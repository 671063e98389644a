import { describe, expect, it } from "vitest";
import { docRules } from "../../src/client/dialects/doc/rules.ts";
import type { JsonObject } from "../../src/model/json.ts";
import type { Publish } from "../../src/model/resource.ts";
import {
  aDatasource,
  anApp,
  anEntry,
  liveEntry,
  liveFrom,
  planOf,
  ref,
  rulesWith,
  summary,
  unmarked,
  uuid,
  waveKeys,
} from "../support/plan-builders.ts";

describe("waves", () => {
  it("make datasources, then entries, then apps along their references", () => {
    const docs = aDatasource("docs", { entries: [anEntry("a")] });
    const callee = anApp("a-callee", { document: { config: { d: ref("docs") } } });
    const caller = anApp("a-caller", { document: { config: { c: ref("a-callee", "app") } } });
    expect(waveKeys(planOf({ desired: [caller, anApp("z"), callee, docs] }))).toEqual([
      ["write", "Datasource/docs"],
      ["write", "Datasource/docs/entries/a"],
      ["write", "App/a-callee", "App/z"],
      ["write", "App/a-caller"],
    ]);
  });

  it("delete what refers before what it refers to, and entries before datasources", () => {
    const call = (id: string): JsonObject => ({
      processors: [
        {
          id: "p",
          provider_slug: "promptly",
          processor_slug: "promptly_app",
          config: { promptly_app: docRules.formatReference("app", { uuid: id }) },
        },
      ],
    });
    const [callee, caller, stays] = [
      anApp("a-callee"),
      anApp("z-caller"),
      aDatasource("stays", { entries: [anEntry("a"), anEntry("b")] }),
    ];
    const liveCaller = liveFrom(caller, uuid(2));
    const gone = aDatasource("gone");
    const plan = planOf({
      desired: [stays, anApp("x"), anApp("y")],
      live: [
        liveFrom(anApp("x"), uuid(8)),
        liveFrom(anApp("y"), uuid(9)),
        liveFrom(callee, uuid(1)),
        { ...liveCaller, document: { ...liveCaller.document, ...call(uuid(1)) } },
        liveFrom(stays, uuid(3)),
        liveFrom(gone, uuid(4)),
      ],
      entries: {
        [uuid(3)]: ["a", "b", "old"].map((name, index) => liveEntry(stays.key, anEntry(name), uuid(30 + index))),
        [uuid(4)]: [liveEntry(gone.key, anEntry("g"), uuid(40))],
      },
      policy: { prune: true },
    });
    expect(waveKeys(plan)).toEqual([
      ["remove", "App/z-caller"],
      ["remove", "App/a-callee"],
      ["remove", "Datasource/stays/entries/old"],
      ["remove", "Datasource/gone"],
    ]);
  });

  it("hold no keeps and no holds", () => {
    const plan = planOf({
      desired: [anApp("a"), anApp("b")],
      live: [liveFrom(anApp("a"), uuid(1)), unmarked(liveFrom(anApp("b"), uuid(2)))],
    });
    expect(plan.counts).toMatchObject({ keep: 1, hold: 1 });
    expect(plan.waves).toEqual([]);
  });
});

describe("who may see an app", () => {
  const rules = rulesWith("App", { unsupported: [] });
  const stagesOf = (desired: Publish, live: Publish | undefined): readonly string[] => {
    const app = anApp("a", { publish: desired });
    const object = liveFrom(app, uuid(1));
    return planOf({ desired: [app], live: live === undefined ? [] : [{ ...object, publish: live }], rules }).waves.map(
      ({ stage }) => stage,
    );
  };

  it.each<{ says: string; desired: Publish; live: Publish | undefined; stages: readonly string[] }>([
    { says: "less is first", desired: { visibility: "private" }, live: { visibility: "public" }, stages: ["narrow"] },
    { says: "more is last", desired: { state: "Published" }, live: { state: "Unpublished" }, stages: ["widen"] },
    {
      says: "unpublishing is less",
      desired: { state: "Unpublished" },
      live: { state: "Published" },
      stages: ["narrow"],
    },
    {
      says: "another reader in place of one is both",
      desired: { readers: ["b"] },
      live: { readers: ["a"] },
      stages: ["narrow", "widen"],
    },
    { says: "lists are sets", desired: { writers: ["a", "b"] }, live: { writers: ["b", "a"] }, stages: [] },
    { says: "what is not stated is left as it is", desired: {}, live: { state: "Published" }, stages: [] },
    {
      says: "a new app is opened once it is there",
      desired: { state: "Published" },
      live: undefined,
      stages: ["write", "widen"],
    },
  ])("$says", ({ desired, live, stages }) => {
    expect(stagesOf(desired, live)).toEqual(stages);
  });
});

describe("reading order", () => {
  it("is deletes, replaces, updates, creates, holds, keeps", () => {
    const live = [
      liveFrom(anApp("a-keep"), uuid(1)),
      unmarked(liveFrom(anApp("b-hold"), uuid(2))),
      liveFrom(anApp("d-update", { document: { description: "old" } }), uuid(4)),
      liveFrom(anApp("e-replace", { type: "web" }), uuid(5)),
      liveFrom(anApp("f-prune"), uuid(6)),
    ];
    const desired = ["e-replace", "d-update", "c-create", "b-hold", "a-keep"].map((name) => anApp(name));
    const plan = planOf({
      desired,
      live,
      rules: rulesWith("App", { fixed: ["/type_slug"] }),
      policy: { prune: true, allowReplace: true },
    });
    expect(plan.changes.map(({ op }) => op)).toEqual(["prune", "replace", "update", "create", "hold", "keep"]);
  });
});

describe("--only", () => {
  const docs = aDatasource("docs");
  const app = anApp("bot", { document: { config: { d: ref("docs") } } });
  const only = (globs: readonly string[]) => ({ policy: { only: globs } });

  it.each([
    { globs: ["App/bot"], plan: ["create App/bot"] },
    { globs: ["App/*"], plan: ["create App/bot"] },
    { globs: ["*/b*"], plan: ["create App/bot"] },
    { globs: ["Datasource/other", "App/b?t"], plan: ["create App/bot"] },
    { globs: ["bot"], plan: [] },
  ])("$globs selects by key", ({ globs, plan }) => {
    expect(summary(planOf({ desired: [docs, app], live: [liveFrom(docs, uuid(1))], ...only(globs) }))).toEqual(plan);
  });

  it("holds what needs something that is neither selected nor there", () => {
    const plan = planOf({ desired: [docs, app], ...only(["App/bot"]) });
    expect(summary(plan)).toEqual(["hold depends-on-held App/bot"]);
  });

  it("makes what is needed when that is selected too", () => {
    expect(summary(planOf({ desired: [docs, app], ...only(["App/bot", "Datasource/docs"]) }))).toEqual([
      "create App/bot",
      "create Datasource/docs",
    ]);
  });

  it("keeps what a selected one refers to in the plan, so that its uuid is known", () => {
    const plan = planOf({
      desired: [docs, app, anApp("x")],
      live: [liveFrom(docs, uuid(1)), liveFrom(anApp("x"), uuid(2))],
      ...only(["App/bot"]),
    });
    expect(plan.changes.map(({ op, key }) => `${op} ${key}`)).toEqual(["create App/bot", "keep Datasource/docs"]);
  });

  it("notes a glob that selects nothing", () => {
    const plan = planOf({ desired: [app, docs], live: [liveFrom(docs, uuid(1))], ...only(["App/bot", "App/boot"]) });
    expect(plan.notes.map(({ code, message }) => [code, message])).toEqual([
      ["only/no-match", "--only App/boot matches no manifest."],
    ]);
  });
});
