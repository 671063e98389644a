import { describe, expect, it } from "vitest";
import { docRules } from "../../src/client/dialects/doc/rules.ts";
import type { LiveEntry } from "../../src/model/live.ts";
import { entryMarkOf, entryNameWithMark } from "../../src/model/mark-of.ts";
import type { Plan, Policy } from "../../src/model/plan.ts";
import type { DesiredEntry, Resource } from "../../src/model/resource.ts";
import {
  aDatasource,
  anEntry,
  changeOf,
  foreignEntry,
  holdOf,
  liveEntry,
  liveFrom,
  objectWith,
  planOf,
  rulesWith,
  summary,
  textWith,
  uuid,
} from "../support/plan-builders.ts";

const refunds = anEntry("refunds");
const docs = aDatasource("docs", { entries: [refunds] });
const key = "Datasource/docs/entries/refunds";
const READY = liveEntry(docs.key, refunds, uuid(11));
const older = (parts: Partial<LiveEntry> = {}): LiveEntry =>
  liveEntry(docs.key, anEntry("refunds", "Old text."), uuid(12), parts);

function plan(live: readonly LiveEntry[], resource: Resource = docs, policy: Partial<Policy> = {}): Plan {
  return planOf({ desired: [resource], live: [liveFrom(resource, uuid(1))], entries: { [uuid(1)]: live }, policy });
}

describe("a wanted entry", () => {
  it("is created with its datasource, once that is there", () => {
    const fresh = planOf({ desired: [docs] });
    expect(summary(fresh)).toEqual(["create Datasource/docs", `create ${key}`]);
    expect(changeOf(fresh, key)).toMatchObject({ needs: ["Datasource/docs"], datasource: "Datasource/docs" });
    expect(changeOf(fresh, key)).not.toHaveProperty("datasourceUuid");
  });

  it("is created in the datasource that is there", () => {
    expect(changeOf(plan([]), key)).toMatchObject({ op: "create", datasourceUuid: uuid(1), needs: [] });
  });

  it("is never uploaded again while its content is the same", () => {
    expect(changeOf(plan([READY]), key)).toMatchObject({ op: "keep", live: [{ uuid: uuid(11) }] });
  });

  it("is found by its mark, not by the name that the server gave it", () => {
    expect(changeOf(plan([{ ...READY, name: "https://example.org/refunds" }]), key).op).toBe("keep");
  });

  it("is updated when its content changed: the new one first, then the old one goes", () => {
    expect(changeOf(plan([older()]), key)).toMatchObject({
      op: "update",
      live: [{ uuid: uuid(12) }],
      fields: [{ pointer: "/sha256", before: "sha-of-Old text.", after: refunds.sha256 }],
    });
  });

  it("is uploaded again when it failed", () => {
    expect(changeOf(plan([{ ...READY, status: "FAILED" }]), key)).toMatchObject({
      op: "update",
      live: [{ uuid: uuid(11) }],
      fields: [{ pointer: "/status", before: "FAILED", after: "READY" }],
    });
  });

  it("is kept and waited for while the server still works on it", () => {
    expect(changeOf(plan([{ ...READY, status: "PROCESSING" }]), key)).toMatchObject({
      op: "keep",
      live: [{ status: "PROCESSING" }],
    });
  });

  it("is not uploaded again after a kill between its two halves: only the old half goes", () => {
    const change = changeOf(plan([READY, older()]), key);
    expect(change).toMatchObject({ op: "update", current: { uuid: uuid(11) }, live: [{ uuid: uuid(12) }] });
  });

  it("keeps the newest READY one when there are several with its content", () => {
    const newest = { ...READY, uuid: uuid(13), createdAt: "2024-06-01T00:00:00.000000Z" };
    const working = {
      ...READY,
      uuid: uuid(14),
      status: "PROCESSING" as const,
      createdAt: "2024-07-01T00:00:00.000000Z",
    };
    expect(changeOf(plan([working, READY, newest]), key)).toMatchObject({
      current: { uuid: uuid(13) },
      live: [{ uuid: uuid(11) }, { uuid: uuid(14) }],
    });
  });

  it("waits for the one that is being worked on before the old half goes", () => {
    const working = { ...READY, status: "PROCESSING" as const };
    expect(changeOf(plan([working, older()]), key)).toMatchObject({
      current: { uuid: uuid(11) },
      live: [{ uuid: uuid(12) }],
    });
  });

  it("is known by earlier keys and sets, because entry marks never change", () => {
    const moved = aDatasource("manuals", {
      name: docs.name,
      entries: [refunds],
      movedFrom: [docs.key],
      formerSets: ["old"],
    });
    const marks = { ...entryMarkOf(docs.key, refunds, "old") };
    expect(changeOf(plan([{ ...READY, mark: marks }], moved), "Datasource/manuals/entries/refunds").op).toBe("keep");
  });

  it("is made for this set beside another set's, and a note says how to take that over", () => {
    const theirs = { ...READY, mark: entryMarkOf(docs.key, refunds, "other") };
    const made = plan([theirs]);
    expect(summary(made)).toEqual([`create ${key}`]);
    expect(made.notes).toEqual([objectWith({ code: "entries/other-set", message: textWith("formerSets: [other]") })]);
  });
});

describe("an entry that no manifest names", () => {
  const gone = liveEntry(docs.key, anEntry("gone"), uuid(20));
  const many = Array.from({ length: 4 }, (_, index) => liveEntry(docs.key, anEntry(`kept-${index}`), uuid(30 + index)));
  const wanted: DesiredEntry[] = [refunds, ...many.map((_, index) => anEntry(`kept-${index}`))];
  const full = aDatasource("docs", { entries: wanted });
  const live = [READY, ...many];

  it("stays without --prune, with a note", () => {
    const made = plan([...live, gone], full);
    expect(summary(made)).toEqual([]);
    expect(made.notes).toEqual([objectWith({ code: "prune/off-entries", key: docs.key })]);
  });

  it("goes with --prune when it carries our mark", () => {
    expect(summary(plan([...live, gone], full, { prune: true }))).toEqual(["prune Datasource/docs/entries/gone"]);
  });

  it("stays when it carries no mark of ours", () => {
    const theirs = { ...gone, uuid: uuid(21), mark: entryMarkOf(docs.key, anEntry("gone"), "other") };
    expect(summary(plan([...live, foreignEntry(uuid(22)), theirs], full, { prune: true }))).toEqual([]);
  });

  it("goes without our mark only where the datasource is Exclusive, and still only with --prune", () => {
    const exclusive: Resource = { ...full, entriesPolicy: "Exclusive" };
    expect(summary(plan([...live, foreignEntry(uuid(22))], exclusive))).toEqual([]);
    expect(summary(plan([...live, foreignEntry(uuid(22))], exclusive, { prune: true }))).toEqual([
      "prune Datasource/docs/entries/by hand",
    ]);
  });

  it("is left alone where the manifest says nothing of entries", () => {
    expect(summary(plan([gone, foreignEntry(uuid(22))], aDatasource("docs"), { prune: true }))).toEqual([]);
  });

  it("counts against the limit of its own datasource, and the old half of a changed one does not", () => {
    const refusals = plan([older(), ...many.slice(0, 1)], aDatasource("docs", { entries: [] }), {
      prune: true,
    }).refusals;
    expect(refusals).toEqual([
      objectWith({
        rule: "max-deletes",
        detail: textWith("2 of 2 managed entries of Datasource/docs"),
        remedy: textWith("--max-deletes 2"),
      }),
    ]);
    expect(plan([older()], docs, { prune: true }).refusals).toEqual([]);
  });
});

describe("where a mark can only stand in an entry's name", () => {
  const rules = { ...docRules, capabilities: { ...docRules.capabilities, entryMark: "name-suffix" as const } };
  const named = (name: string, id: string): LiveEntry => foreignEntry(id, name);
  const current = entryNameWithMark("refunds", entryMarkOf(docs.key, refunds, "team"));
  const planNamed = (live: readonly LiveEntry[], policy: Partial<Policy> = {}): Plan =>
    planOf({ desired: [docs], live: [liveFrom(docs, uuid(1))], entries: { [uuid(1)]: live }, rules, policy });

  it("equal content is known by the digest in it", () => {
    expect(current).toMatch(/^refunds~[0-9a-f]{10}$/u);
    expect(changeOf(planNamed([named(current, uuid(11))]), key).op).toBe("keep");
  });

  it("another digest behind a wanted name is the old half", () => {
    expect(changeOf(planNamed([named("refunds~0123456789", uuid(12))]), key)).toMatchObject({
      op: "update",
      live: [{ uuid: uuid(12) }],
    });
  });

  it("whose anything else is cannot be told, so it stays", () => {
    const live = [named(current, uuid(11)), named("other~0123456789", uuid(12)), named("plain", uuid(13))];
    expect(summary(planNamed(live, { prune: true }))).toEqual([]);
  });
});

describe("entries of a datasource that is held", () => {
  it("wait when the datasource is not ours to write", () => {
    const held = planOf({ desired: [docs], live: [liveFrom(docs, uuid(1)), liveFrom(docs, uuid(2))] });
    expect(summary(held)).toEqual(["hold ambiguous Datasource/docs"]);
  });

  it("go on when only its mark cannot change", () => {
    const rules = rulesWith("Datasource", { mark: "fixed" });
    const mark = { v: 1 as const, set: "team", key: docs.key, nonce: "n", protect: true as const };
    const made = planOf({ desired: [docs], live: [liveFrom(docs, uuid(1), { mark })], rules });
    expect(summary(made)).toEqual([`create ${key}`, "hold mark-immutable Datasource/docs"]);
    expect(holdOf(made, docs.key).detail).toContain("/x-llmstack-sync/protect");
  });
});

it("entries that were not read are an error, never an empty datasource", () => {
  const resource = liveFrom(docs, uuid(1));
  const read = planOf({ desired: [docs], live: [resource] });
  expect(read.counts.create).toBe(1);
  expect(() => planOf({ desired: [docs], live: [resource], unreadEntries: [uuid(1)] })).toThrow(
    expect.objectContaining({ class: "incomplete_read" }),
  );
});
