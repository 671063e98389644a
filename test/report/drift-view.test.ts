import { describe, expect, it } from "vitest";
import { driftView } from "../../src/report/drift-view.ts";
import { aChange, aDrift } from "../support/report-builders.ts";

const field = (pointer: string) => ({ pointer, before: "a", after: "b" });

describe("drift", () => {
  it("and what is pending stand apart, also within one object", () => {
    const change = aChange({ op: "update", fields: [field("/description"), field("/icon")] });
    const { sections } = driftView(
      aDrift([
        {
          change,
          class: "drift",
          fields: [
            { field: field("/description"), class: "drift" },
            { field: field("/icon"), class: "pending" },
          ],
        },
      ]),
    );
    expect(sections.map(({ changes }) => changes[0]?.fields.map(({ pointer }) => pointer))).toEqual([
      ["/description"],
      ["/icon"],
    ]);
  });

  it("does not list an object once more for its digest", () => {
    const digest = field("/x-llmstack-sync/sha256");
    const change = aChange({ op: "update", fields: [field("/description"), digest] });
    const { sections } = driftView(
      aDrift([
        {
          change,
          class: "pending-or-drift",
          fields: [
            { field: field("/description"), class: "pending-or-drift" },
            { field: digest, class: "pending" },
          ],
        },
      ]),
    );
    expect(sections).toHaveLength(1);
  });

  it("counts every object once", () => {
    const drifted = { class: "drift", fields: [] } as const;
    const { summary } = driftView(
      aDrift([
        { change: aChange({ op: "update", name: "a" }), ...drifted },
        { change: aChange({ op: "update", name: "b" }), ...drifted },
      ]),
    );
    expect(summary).toBe("Drift: 2 drifted, 0 pending or drift, 0 pending.");
  });
});
