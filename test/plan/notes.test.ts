import { describe, expect, it } from "vitest";
import { aDatasource, anApp, liveFrom, objectWith, planOf, textWith, uuid } from "../support/plan-builders.ts";

const reader = anApp("reader", {
  document: {
    processors: [
      { id: "p", provider_slug: "promptly", processor_slug: "datasource_search", config: { datasources: [uuid(1)] } },
    ],
  },
});

describe("a literal uuid in a manifest", () => {
  it("is noted when nothing live has it", () => {
    expect(planOf({ desired: [reader] }).notes).toEqual([
      objectWith({
        code: "reference/unknown-uuid",
        key: "App/reader",
        message: textWith("/processors/0/config/datasources/0"),
      }),
    ]);
  });

  it("is fine when a live object has it, somebody else's too", () => {
    const docs = { ...liveFrom(aDatasource("docs"), uuid(1)), isOwned: false };
    expect(planOf({ desired: [reader], live: [docs] }).notes).toEqual([]);
  });
});
