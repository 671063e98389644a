import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kinds } from "../../src/kinds/index.ts";
import type { FieldDiff, Plan, Policy } from "../../src/model/plan.ts";
import { resourceKey, type Resource } from "../../src/model/resource.ts";
import { Reference } from "../../src/model/template.ts";
import { planBetween } from "../../src/plan/between.ts";
import { aDatasource, anApp, anEntry, desiredState, policy, ref, secret } from "../support/plan-builders.ts";
import { desiredResources, SECRET_PREFIX } from "../support/plan-arbitraries.ts";

const target = { server: "", dialect: "", set: "team", source: "head", base: "base" };

function between(base: readonly Resource[], head: readonly Resource[], allowed: Partial<Policy> = {}): Plan {
  return planBetween({
    base: desiredState(base),
    head: desiredState(head),
    kinds,
    policy: { ...policy, ...allowed },
    target,
  });
}

function brief({ changes }: Plan): readonly string[] {
  return changes
    .filter(({ op }) => op !== "keep")
    .flatMap(({ op, key, fields }) => [`${op} ${key}`].concat(fields.flatMap(fieldText)));
}

function fieldText({ pointer, before, after, ...field }: FieldDiff): readonly string[] {
  if (pointer.endsWith("/sha256")) return [];
  return [field.secret ? `  ${pointer} (secret)` : `  ${pointer} ${JSON.stringify([before, after])}`];
}

describe("between two sets of manifests", () => {
  it("what is new is created, what is gone deleted, what differs updated field by field", () => {
    const base = [anApp("old"), anApp("bot", { document: { config: { k: 4 } } }), anApp("same")];
    const head = [anApp("new"), anApp("bot", { document: { config: { k: 6 } } }), anApp("same")];
    expect(brief(between(base, head))).toEqual([
      "prune App/old",
      "update App/bot",
      "  /config/k [4,6]",
      "create App/new",
      '  /name [null,"The new"]',
      '  /type_slug [null,"text-chat"]',
    ]);
  });

  it("says that what is gone is deleted with --prune only, where it is off", () => {
    const codes = (plan: Plan): readonly string[] => plan.notes.map(({ code }) => code);
    expect(codes(between([anApp("old")], []))).toEqual(["between/prune"]);
    expect(codes(between([anApp("old")], [], { prune: true }))).toEqual([]);
  });

  it("is no matter of safety rules: everything may go", () => {
    const base = Array.from({ length: 20 }, (_, index) => anApp(`bot-${index}`));
    const plan = between(base, [], { isSetImplicit: true });
    expect([plan.refusals, plan.counts.prune]).toEqual([[], 20]);
  });

  it("references read as Kind/name on both sides, and follow what they name", () => {
    const docs = [aDatasource("a"), aDatasource("b")];
    const base = [...docs, anApp("bot", { document: { config: { uses: ref("a") } } })];
    const head = [...docs, anApp("bot", { document: { config: { uses: ref("b") } } })];
    expect(brief(between(base, head))).toEqual([
      "update App/bot",
      '  /config/uses [{"$ref":"Datasource/a"},{"$ref":"Datasource/b"}]',
    ]);
    expect(brief(between(base, base))).toEqual([]);
  });

  it("connections that nobody can look up are taken as they are named", () => {
    const uses = (name: string): Resource =>
      anApp("bot", { dependsOn: [], document: { uses: new Reference(resourceKey("Connection", name), "connection") } });
    expect(brief(between([uses("x")], [uses("y")]))).toEqual([
      "update App/bot",
      '  /uses ["Connection/x",{"$ref":"Connection/y"}]',
    ]);
  });

  it("secrets are compared by where they come from, and never shown", () => {
    const of = (name: string, value = "hush-hush"): Resource =>
      anApp("bot", { document: { config: { key: secret(value, name) } } });
    expect(brief(between([of("A")], [of("A")]))).toEqual([]);
    const moved = between([of("A")], [of("B")]);
    expect(brief(moved)).toEqual(["update App/bot", "  /config/key (secret)"]);
    expect(JSON.stringify([moved, brief(between([of("A")], [anApp("bot")]))])).not.toContain("hush-hush");
  });

  it("entries are compared by their content", () => {
    const of = (...contents: readonly string[]): Resource =>
      aDatasource("docs", { entries: contents.map((content) => anEntry(content.slice(0, 1), content)) });
    expect(brief(between([of("a1", "b1")], [of("a2", "c1")]))).toEqual([
      "prune Datasource/docs/entries/b",
      "update Datasource/docs/entries/a",
      "create Datasource/docs/entries/c",
    ]);
  });

  it("a renamed manifest that says movedFrom is the same object", () => {
    const renamed = anApp("bot", { name: "The old", movedFrom: [resourceKey("App", "old")] });
    expect(brief(between([anApp("old")], [renamed]))).toEqual([
      "update App/bot",
      '  /x-llmstack-sync/key ["App/old","App/bot"]',
    ]);
  });

  it("a type may change, for which server would not allow it is not known", () => {
    expect(brief(between([anApp("bot")], [anApp("bot", { type: "agent" })]))).toEqual([
      "update App/bot",
      '  /type_slug ["text-chat","agent"]',
    ]);
  });

  it("who may use an app is compared too", () => {
    const open = anApp("bot", { publish: { state: "Published" } });
    expect(brief(between([anApp("bot", { publish: { state: "Unpublished" } })], [open]))).toEqual([
      "update App/bot",
      '  /publish/state ["Unpublished","Published"]',
    ]);
  });

  it("what is protected stays, and says so", () => {
    expect(brief(between([anApp("bot", { protect: true })], []))).toEqual(["hold App/bot"]);
  });

  it("the same manifests are no difference, whatever they hold", () => {
    fc.assert(
      fc.property(desiredResources, (resources) => {
        expect(brief(between(resources, resources))).toEqual([]);
      }),
    );
  });

  it("leads from any manifests to any others: what is there no more goes, what is new comes, nothing is refused", () => {
    fc.assert(
      fc.property(desiredResources, desiredResources, (base, head) => {
        const plan = between(base, head);
        const keys = (op: string): readonly string[] =>
          plan.changes
            .filter((change) => change.subject === "resource" && change.op === op)
            .map(({ key }) => key)
            .toSorted();
        const had = new Set(base.map(({ key }) => key));
        expect(keys("create")).toEqual(
          head
            .map(({ key }) => key)
            .filter((key) => !had.has(key))
            .toSorted(),
        );
        expect(plan.refusals).toEqual([]);
        expect(JSON.stringify(plan.changes.map(({ fields }) => fields))).not.toContain(SECRET_PREFIX);
      }),
    );
  });
});
