import { describe, expect, it } from "vitest";
import { changeViews } from "../../src/report/change-view.ts";
import { aChange, anEntryChange } from "../support/report-builders.ts";

describe("changes", () => {
  it("of entries stand under their datasource", () => {
    const docs = aChange({ op: "update", kind: "Datasource", name: "docs" });
    const [view, ...more] = changeViews([anEntryChange("create", "docs", "a"), docs]);
    expect(more).toEqual([]);
    expect(view).toMatchObject({ key: "Datasource/docs", entries: [{ key: "a", op: "create" }] });
  });

  it("of entries stand under the object that is changed, not under a copy that is held", () => {
    const held = aChange({ op: "hold", kind: "Datasource", name: "docs" });
    const updated = aChange({ op: "update", kind: "Datasource", name: "docs" });
    const views = changeViews([held, updated, anEntryChange("create", "docs", "a")]);
    expect(views.map(({ op, entries }) => [op, entries.length])).toEqual([
      ["update", 1],
      ["hold", 0],
    ]);
  });

  it("with a deleted entry come before other updates", () => {
    const update = aChange({ op: "update" });
    const views = changeViews([update, anEntryChange("prune", "docs", "a")]);
    expect(views.map(({ key }) => key)).toEqual(["Datasource/docs", "App/support-bot"]);
  });

  it("of a digest alone say that the mark is renewed", () => {
    const fields = [{ pointer: "/x-llmstack-sync/sha256", before: "a".repeat(64), after: "b".repeat(64) }];
    expect(changeViews([aChange({ op: "update", fields })])[0]?.fields).toMatchObject([{ after: "(mark renewed)" }]);
  });

  it("of a document do not show the digest that changes with it", () => {
    const fields = [
      { pointer: "/description", before: "a", after: "b" },
      { pointer: "/x-llmstack-sync/sha256", before: "a".repeat(64), after: "b".repeat(64) },
    ];
    expect(changeViews([aChange({ op: "update", fields })])[0]?.fields).toMatchObject([{ pointer: "/description" }]);
  });

  it("that only delete an entry name no size to upload", () => {
    const [view] = changeViews([anEntryChange("prune", "docs", "a")]);
    expect(view?.entries[0]?.size).toBeUndefined();
  });
});
