import { describe, expect, it } from "vitest";
import { kinds } from "../../src/kinds/index.ts";
import { docRules } from "../../src/client/dialects/doc/rules.ts";
import { Reference } from "../../src/model/template.ts";
import { resourceKey } from "../../src/model/resource.ts";
import { savePlan } from "../../src/plan/saved-plan.ts";
import {
  anApp,
  changeOf,
  desiredState,
  holdOf,
  objectWith,
  planOf,
  summary,
  uuid,
  waveKeys,
} from "../support/plan-builders.ts";
import {
  callerOf,
  liveCaller,
  overwritingRules,
  planVersioned,
  readsOf,
  runningApp,
  versionedRules,
  versionsOf,
} from "../support/version-builders.ts";

const callee = anApp("callee", { document: { input_fields: [{ name: "question" }] } });
const caller = callerOf("caller", "callee");
const liveCallee = runningApp(callee, uuid(1));

function wire(version: number, parts: object = {}): string {
  return JSON.stringify({
    promptly_app_uuid: uuid(1),
    promptly_app_published_uuid: uuid(900),
    promptly_app_version: version,
    promptly_app_input_fields: [{ name: "question" }],
    input: {},
    ...parts,
  });
}

const inSync = liveCaller(caller, uuid(2), wire(3));
const versions = { [uuid(1)]: versionsOf(liveCallee), [uuid(2)]: versionsOf(inSync) };

describe("a reference from app to app", () => {
  it("pins what runs of the callee, so its versions are looked at, and the caller's only if it differs", () => {
    const desired = [caller, callee];
    expect(readsOf({ desired, live: [liveCallee, inSync] }).versions).toEqual([uuid(1)]);
    const known = { [uuid(1)]: versionsOf(liveCallee) };
    expect(readsOf({ desired, live: [liveCallee, inSync], versions: known }).versions).toEqual([]);
    const stale = liveCaller(caller, uuid(2), wire(2));
    expect(readsOf({ desired, live: [liveCallee, stale], versions: known }).versions).toEqual([uuid(2)]);
  });

  it("is in sync with the callee's published uuid, live version and inputs in it", () => {
    expect(summary(planVersioned({ desired: [caller, callee], live: [liveCallee, inSync], versions }))).toEqual([]);
  });

  it.each([
    ["another version runs", wire(2)],
    ["the callee has other inputs", wire(3, { promptly_app_input_fields: [] })],
    ["the callee is published elsewhere", wire(3, { promptly_app_published_uuid: uuid(901) })],
  ])("is renewed where %s, and says so", (_says, text) => {
    const live = liveCaller(caller, uuid(2), text);
    const plan = planVersioned({
      desired: [caller, callee],
      live: [liveCallee, live],
      versions: { ...versions, [uuid(2)]: versionsOf(live) },
    });
    expect(changeOf(plan, "App/caller")).toMatchObject({
      op: "update",
      fields: [
        { pointer: "/processors/0/config/promptly_app", before: { $ref: "App/callee" }, after: { $ref: "App/callee" } },
      ],
    });
    expect(plan.notes).toContainEqual(objectWith({ code: "reference/renewed", key: "App/caller" }));
  });

  const newer = anApp("callee", { document: { input_fields: [{ name: "question" }], description: "newer" } });

  it("is renewed in the plan that changes the callee, after it", () => {
    const world = { desired: [caller, newer], live: [liveCallee, inSync] };
    expect(readsOf(world).versions).toEqual([uuid(1), uuid(2)]);
    const plan = planVersioned({ ...world, versions });
    expect(summary(plan)).toEqual(["update App/callee", "update App/caller"]);
    expect(waveKeys(plan)).toEqual([
      ["write", "App/callee"],
      ["write", "App/caller"],
    ]);
    expect(changeOf(plan, "App/caller").needs).toEqual(["App/callee"]);
  });

  it("has one change id whatever versions there are on the way", () => {
    const idAt = (version: number): string => {
      const row = runningApp(callee, uuid(1), { version });
      const live = liveCaller(caller, uuid(2), wire(version));
      const seen = { [uuid(1)]: versionsOf(row), [uuid(2)]: versionsOf(live) };
      return changeOf(planVersioned({ desired: [caller, newer], live: [row, live], versions: seen }), "App/caller").id;
    };
    expect(idAt(3)).toBe(idAt(8));
  });

  it("stays where a write goes over the version that runs, unless the callee's inputs change", () => {
    const rules = overwritingRules;
    const world = { live: [liveCallee, inSync], versions, rules };
    expect(summary(planVersioned({ ...world, desired: [caller, newer] }))).toEqual(["update App/callee"]);
    const otherInputs = anApp("callee", { document: { input_fields: [{ name: "topic" }] } });
    expect(summary(planVersioned({ ...world, desired: [caller, otherInputs] }))).toEqual([
      "update App/callee",
      "update App/caller",
    ]);
  });

  it("stays where only who may see the callee changes", () => {
    const published = { ...callee, publish: { state: "Published" as const, visibility: "private" as const } };
    const live = [{ ...liveCallee, publish: { state: "Unpublished" as const } }, inSync];
    const plan = planVersioned({ desired: [caller, published], live, versions });
    expect(summary(plan)).toEqual(["update App/callee"]);
    expect(waveKeys(plan)).toEqual([["widen", "App/callee"]]);
  });

  it("names a uuid and nothing else on servers without versions", () => {
    const live = liveCaller(caller, uuid(2), JSON.stringify({ promptly_app_uuid: uuid(1), input: {} }));
    expect(summary(planOf({ desired: [caller, newer], live: [liveCallee, live], rules: docRules }))).toEqual([
      "update App/callee",
    ]);
  });
});

describe("a reference to a connection", () => {
  const uses = (name: string) =>
    anApp("bot", {
      document: { config: { connection_id: new Reference(resourceKey("Connection", name), "connection") } },
    });

  it("makes the connections be read, and nothing else does", () => {
    expect(readsOf({ desired: [uses("mail")] }).connections).toBe("needed");
    expect(readsOf({ desired: [callee] }).connections).toBe("unneeded");
  });

  it("stands for the id of the one that has the name", () => {
    const desired = [uses("Mail/in")];
    const plan = planVersioned({ desired, connections: { "Mail/in": [uuid(7)] } });
    expect(summary(plan)).toEqual(["create App/bot"]);
    expect(plan.connections).toEqual(new Map([["Connection/Mail/in", uuid(7)]]));
    expect(JSON.stringify(savePlan(plan, desiredState(desired), kinds))).toContain('"$ref":"Connection/Mail/in"');
    const live = runningApp(uses("Mail/in"), uuid(1), {
      document: { name: "The bot", type_slug: "text-chat", config: { connection_id: uuid(7) } },
    });
    expect(summary(planVersioned({ desired, live: [live], connections: { "Mail/in": [uuid(7)] } }))).toEqual([]);
  });

  it.each([
    [
      "none has the name",
      { slack: [uuid(7)], smtp: [uuid(8)] },
      'No connection is named "mail". There are: "slack", "smtp".',
    ],
    ["there is none", {}, 'No connection is named "mail". There is none at all.'],
    ["several have it", { mail: [uuid(8), uuid(7)] }, `2 connections are named "mail": ${uuid(7)}, ${uuid(8)}.`],
  ])("is held where %s, saying what there is", (_says, connections, detail) => {
    const plan = planVersioned({ desired: [uses("mail")], connections });
    expect(summary(plan)).toEqual(["hold connection App/bot"]);
    expect(holdOf(plan, "App/bot").detail).toBe(detail);
  });

  it("is asked of the dialect like any other", () => {
    expect(versionedRules.formatReference("connection", { uuid: uuid(7) })).toBe(uuid(7));
  });
});
