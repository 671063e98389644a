import type { Drift } from "../../src/model/drift.ts";
import type { Report } from "../../src/model/outcome.ts";
import type { Plan } from "../../src/model/plan.ts";
import { aChange, aDrift, anEntryChange, anOutcome, aPlan, aReport, aTarget } from "../support/report-builders.ts";

const OLD_PROMPT = `You answer customers.\n\n- Be short.\n- Be kind.\n- Use the documents.\n`;
const NEW_PROMPT = `You answer customers.\n\n- Be short.  \n- Use the documents.\n- Name the document.\n`;

const changes = {
  prune: aChange({ op: "prune", name: "old-bot", displayName: "Old bot" }),
  replace: aChange({
    op: "replace",
    name: "agent",
    displayName: "Agent",
    fields: [{ pointer: "/type_slug", before: "text-chat", after: "agent" }],
  }),
  update: aChange({
    op: "update",
    displayName: "Support bot",
    fields: [
      { pointer: "/config/welcome_message", before: "Hello", after: "Hello!" },
      { pointer: "/processors/_inputs1/config/instructions", before: OLD_PROMPT, after: NEW_PROMPT },
      { pointer: "/processors/_inputs1/config/headers/Authorization", secret: true },
      { pointer: "/processors/_inputs1/config/k", after: 4 },
      { pointer: "/icon", before: "https://example.com/icon.png" },
      { pointer: "/description", before: `${"a".repeat(200)} one ${"b".repeat(200)}`, after: `${"a".repeat(200)} two` },
    ],
  }),
  adopt: aChange({ op: "adopt", name: "by-hand", displayName: "Made by hand" }),
  create: aChange({
    op: "create",
    name: "greeter",
    displayName: "Greeter",
    fields: [
      {
        pointer: "",
        after: { name: "Greeter", type_slug: "web", processors: [{ id: "_inputs1" }], config: { system: NEW_PROMPT } },
      },
    ],
  }),
  hold: aChange({
    op: "hold",
    name: "intake",
    hold: { reason: "copy", detail: "3f0b7c1e carries the mark of App/support-bot", remedy: "delete the copy" },
  }),
  keep: aChange({ op: "keep", name: "triage" }),
  keptDatasource: aChange({ op: "keep", kind: "Datasource", name: "docs", displayName: "Docs" }),
  newDatasource: aChange({ op: "create", kind: "Datasource", name: "faq", displayName: "FAQ" }),
};

const entries = {
  gone: anEntryChange("prune", "docs", "docs/old.md"),
  changed: anEntryChange("update", "docs", "docs/refunds.md", "Refunds take 30 days."),
  same: anEntryChange("keep", "docs", "docs/same.md"),
  added: anEntryChange("create", "faq", "tyres", "x".repeat(3000)),
};

/** One of everything, in the order in which a plan gives it. */
export const mixedPlan: Plan = aPlan(
  [
    changes.prune,
    changes.replace,
    entries.gone,
    changes.update,
    changes.adopt,
    entries.changed,
    changes.create,
    changes.newDatasource,
    entries.added,
    changes.hold,
    changes.keep,
    changes.keptDatasource,
    entries.same,
  ],
  {
    target: { ...aTarget, account: "bots@example.com" },
    notes: [{ code: "unmanaged", message: "2 apps on the server carry no mark and are left alone" }],
  },
);

export const refusedPlan: Plan = aPlan([changes.prune], {
  refusals: [
    {
      rule: "max-deletes",
      detail: "4 of 10 managed objects would be deleted; 3 are allowed",
      remedy: "--max-deletes 4",
    },
  ],
});

export const emptyPlan: Plan = aPlan([changes.keep, changes.keptDatasource, entries.same]);

export const mixedReport: Report = aReport([
  anOutcome(changes.prune),
  anOutcome(changes.replace, { uuid: "7d9c2a34-0f5e-4b6a-8c1d-2e3f4a5b6c7d" }),
  anOutcome(changes.update, { warnings: ["the server keeps /icon differently"] }),
  anOutcome(changes.adopt),
  anOutcome(changes.create, {
    status: "failed",
    failure: {
      class: "rejected",
      message: "POST /api/apps answered 400: type_slug is unknown",
      remedy: "correct spec.definition.type_slug",
    },
  }),
  anOutcome(changes.newDatasource, {
    status: "unknown",
    failure: { class: "ambiguous_write", message: "POST /api/datasources got no answer" },
  }),
  anOutcome(entries.added, {
    status: "blocked",
    failure: { class: "dependency_failed", message: "Datasource/faq was not created" },
  }),
  anOutcome(entries.changed, {
    status: "stale",
    failure: { class: "stale_plan", message: "the entry is gone" },
  }),
  anOutcome(changes.hold, { status: "held" }),
  anOutcome(changes.keep, { status: "kept" }),
]);

export const mixedDrift: Drift = aDrift([
  {
    change: changes.update,
    class: "drift",
    fields: changes.update.fields.map((field, index) => ({ field, class: index < 2 ? "drift" : "pending" })),
  },
  { change: changes.create, class: "pending", fields: [] },
  { change: entries.changed, class: "pending-or-drift", fields: [] },
]);
