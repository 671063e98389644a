import { describe, expect, it } from "vitest";
import { kinds } from "../../src/kinds/index.ts";
import type { JsonObject } from "../../src/model/json.ts";
import type { AppVersions } from "../../src/model/live.ts";
import { classifyDrift } from "../../src/plan/drift.ts";
import { anApp, uuid } from "../support/plan-builders.ts";
import { aVersion, planVersioned, runningApp, versionsOf } from "../support/version-builders.ts";

const base: JsonObject = {
  description: "first",
  config: { greeting: "Hello" },
  processors: [
    { id: "a", config: { model: "small" } },
    { id: "b", config: { model: "small" } },
  ],
};
const written = runningApp(anApp("bot", { document: base }), uuid(1));
const ours = versionsOf(written);

/** Who moved, by place, where the manifest asks for `desired` and `live` runs. */
function moved(desired: JsonObject, live: JsonObject, versions: Partial<AppVersions>): readonly (readonly string[])[] {
  const row = { ...written, document: { ...written.document, ...live } };
  const running = aVersion(5, row.document, row.mark, "");
  const plan = planVersioned({
    desired: [anApp("bot", { document: { ...base, ...desired } })],
    live: [row],
    versions: { [uuid(1)]: { ...ours, live: running, newestComment: "", ...versions } },
  });
  const [change] = classifyDrift(plan, kinds).changes;
  return (change?.fields ?? [])
    .filter(({ field }) => !field.pointer.startsWith("/x-llmstack-sync"))
    .map(({ field, class: name }) => [field.pointer, name]);
}

const since: Partial<AppVersions> = { base: aVersion(3, written.document, written.mark, ours.newestComment) };

describe("who moved since we wrote last", () => {
  it("is the manifests where what we wrote still runs", () => {
    const running = { live: { ...aVersion(3, written.document, written.mark), comment: ours.newestComment } };
    expect(moved({ description: "second" }, {}, running)).toEqual([["/description", "pending"]]);
  });

  it("is told place by place from what we wrote, where somebody wrote over it", () => {
    expect(moved({ description: "second" }, { config: { greeting: "Hey" } }, since)).toEqual([
      ["/config/greeting", "drift"],
      ["/description", "pending"],
    ]);
  });

  it("is the server where both moved", () => {
    expect(moved({ description: "second" }, { description: "by hand" }, since)).toEqual([["/description", "drift"]]);
  });

  it("finds processors by their id, wherever they stand", () => {
    const desired = {
      processors: [{ id: "new" }, { id: "b", config: { model: "large" } }, { id: "a", config: { model: "small" } }],
    };
    const live = {
      processors: [{ id: "hand" }, { id: "a", config: { model: "hand" } }, { id: "b", config: { model: "small" } }],
    };
    expect(moved(desired, live, since)).toEqual([
      ["/processors", "pending"],
      ["/processors/0", "pending"],
      ["/processors/1/config/model", "pending"],
      ["/processors/2/config/model", "drift"],
      ["/processors/0", "drift"],
    ]);
  });

  it("stays open where nothing that we wrote is left", () => {
    expect(moved({ description: "second" }, {}, {})).toEqual([["/description", "pending-or-drift"]]);
  });

  it("is the server where a version was taken down", () => {
    const down = { draft: aVersion(5, written.document, written.mark), newestComment: "", comments: [""] };
    const plan = planVersioned({
      desired: [anApp("bot", { document: base })],
      live: [{ ...written, hasLiveVersion: false }],
      versions: { [uuid(1)]: down },
    });
    expect(classifyDrift(plan, kinds).changes.map((change) => change.class)).toEqual(["drift"]);
  });
});
