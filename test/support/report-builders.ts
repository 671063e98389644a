import { type LiveResource } from "../../src/model/live.ts";
import type { ClassifiedChange, Drift } from "../../src/model/drift.ts";
import type { Outcome, Report } from "../../src/model/outcome.ts";
import type { Change, EntryChange, FieldDiff, Op, Plan, ResourceChange, Target } from "../../src/model/plan.ts";
import { type DesiredEntry, type Resource, type ResourceKey, resourceKey } from "../../src/model/resource.ts";
import { sha256 } from "../../src/model/digest.ts";
import type { TemplateObject } from "../../src/model/template.ts";

/** Builders of what a report is made from: only what a test says differs from a plain, valid value. */
export const aTarget: Target = {
  server: "https://llmstack.example.com",
  dialect: "doc",
  set: "shop",
  source: "manifests",
};

const UUID = "3f0b7c1e-8a52-4c55-9a57-0d4d3c1b9f10";

export function aResource(kind: string, name: string, document: TemplateObject = {}): Resource {
  return {
    key: resourceKey(kind, name),
    kind,
    name,
    type: "text-chat",
    document,
    entriesPolicy: "Keep",
    deletionPolicy: "Delete",
    protect: false,
    movedFrom: [],
    formerSets: [],
    dependsOn: [],
  };
}

export function aLive(kind: string, name: string, document: LiveResource["document"] = {}): LiveResource {
  const createdAt = "2026-01-02T03:04:05.000000Z";
  return { kind, uuid: UUID, name, type: "text-chat", document, isOwned: true, createdAt, updatedAt: createdAt };
}

export interface ChangeTraits {
  readonly op: Op;
  readonly kind?: string;
  readonly name?: string;
  readonly displayName?: string;
  readonly fields?: readonly FieldDiff[];
  readonly hold?: {
    readonly reason: "unmanaged" | "copy" | "protected";
    readonly detail: string;
    readonly remedy: string;
  };
}

const A_HOLD = {
  reason: "unmanaged",
  detail: "an object of this name exists and carries no mark",
  remedy: "--adopt",
} as const;

export function aChange(traits: ChangeTraits): ResourceChange {
  const { op, kind = "App", name = "support-bot", displayName = name, fields = [], hold = A_HOLD } = traits;
  const key = resourceKey(kind, name);
  const desired = aResource(kind, name);
  const live = aLive(kind, name);
  const base = {
    subject: "resource" as const,
    id: sha256(`${key} ${op}`),
    kind,
    key,
    name: displayName,
    fields,
    needs: [],
  };
  if (op === "create") return { ...base, op, desired };
  if (op === "prune") return { ...base, op, live };
  if (op === "hold") return { ...base, op, hold, desired, live };
  return { ...base, op, desired, live };
}

export function anEntryChange(
  op: "create" | "update" | "prune" | "keep" | "hold",
  datasource: string,
  name: string,
  content = "Refunds take 14 days.",
): EntryChange {
  const owner = resourceKey("Datasource", datasource);
  const key = `${owner}/entries/${name}` as ResourceKey;
  const desired: DesiredEntry = {
    name,
    body: { kind: "content", value: content },
    metadata: {},
    sha256: sha256(content),
  };
  const base = {
    subject: "entry" as const,
    id: sha256(`${key} ${op}`),
    kind: "Datasource",
    key,
    name,
    fields: [],
    needs: [owner],
    datasource: owner,
  };
  const live = [{ uuid: UUID, name, status: "READY" as const, createdAt: "2026-01-02T03:04:05.000000Z" }];
  if (op === "create") return { ...base, op, desired };
  if (op === "prune") return { ...base, op, live };
  if (op === "hold") return { ...base, op, hold: A_HOLD, live };
  return { ...base, op, desired, live };
}

const OPS: readonly Op[] = ["create", "update", "replace", "adopt", "prune", "hold", "keep"];

export function aPlan(changes: readonly Change[], traits: Partial<Plan> = {}): Plan {
  const counts = Object.fromEntries(OPS.map((op) => [op, changes.filter((change) => change.op === op).length]));
  return {
    target: aTarget,
    policy: {
      set: "shop",
      isSetImplicit: false,
      prune: true,
      adopt: false,
      allowReplace: false,
      allowEmpty: false,
      discardDrafts: false,
      only: [],
    },
    changes,
    waves: [],
    refusals: [],
    notes: [],
    counts: counts as Plan["counts"],
    digest: sha256(changes.map(({ id }) => id).join(" ")),
    ...traits,
  };
}

export function anOutcome(change: Change, traits: Partial<Outcome> = {}): Outcome {
  return { change, status: "done", warnings: [], durationMs: 12, ...traits };
}

export function aReport(outcomes: readonly Outcome[], traits: Partial<Report> = {}): Report {
  return {
    target: aTarget,
    outcomes,
    isInterrupted: false,
    requests: 24,
    startedAt: "2026-01-02T03:04:05.000Z",
    durationMs: 1234,
    ...traits,
  };
}

export function aDrift(changes: readonly ClassifiedChange[], traits: Partial<Drift> = {}): Drift {
  return { target: aTarget, changes, notes: [], ...traits };
}
