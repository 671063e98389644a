import type { ClassifiedChange, Drift, DriftClass } from "../model/drift.ts";
import type { KindSpec } from "../model/kind.ts";
import { MARK_KEY } from "../model/mark.ts";
import type { Change, FieldDiff, Plan, ResourceChange } from "../model/plan.ts";
import { pointer } from "../model/pointer.ts";
import { isPublishField } from "./compare-publish.ts";
import { baseOf, hasMovedSince } from "./drift-base.ts";

/**
 * Who moved, manifests or server: where the mark's digest is the desired one, a differing document is drift; where it
 * is another one, the last version that we wrote tells the two apart, and where none is kept, nothing does.
 */
export function classifyDrift(plan: Plan, kinds: readonly KindSpec[] = []): Drift {
  return {
    target: plan.target,
    changes: plan.changes.filter(({ op }) => op !== "keep").map((change) => classify(change, kinds)),
    notes: plan.notes,
  };
}

function classify(change: Change, kinds: readonly KindSpec[]): ClassifiedChange {
  const fields = change.fields.map((field) => ({ field, class: classOfField(field, change, kinds) }));
  const worst = ALARMING.find((candidate) => fields.some((field) => field.class === candidate));
  return { change, class: worst ?? classWithoutFields(change), fields };
}

const ALARMING: readonly DriftClass[] = ["drift", "pending-or-drift", "pending"];

function classOfField(field: FieldDiff, change: Change, kinds: readonly KindSpec[]): DriftClass {
  // Nobody but us writes marks, and a live entry's content cannot be changed: there the manifests moved.
  if (change.subject === "entry") return change.op === "update" ? "pending" : "pending-or-drift";
  if (field.pointer.startsWith(`${pointer(MARK_KEY)}/`)) return "pending";
  // We leave no drafts, and take no version down.
  if (field.pointer === pointer("draft")) return "drift";
  if (!("live" in change) || change.live?.mark?.sha256 === undefined) return "pending-or-drift";
  // The mark's digest is of the document; who may see it is not in there.
  if (isPublishField(field)) return "pending-or-drift";
  return change.fields.some(({ pointer: place }) => place === DIGEST) ? classByBase(field, change, kinds) : "drift";
}

const DIGEST = pointer(MARK_KEY, "sha256");

/** Both moved, or one did: what we wrote last is still there, or is not. */
function classByBase(field: FieldDiff, change: ResourceChange, kinds: readonly KindSpec[]): DriftClass {
  const base = baseOf(change);
  if (base === undefined) return "pending-or-drift";
  const spec = kinds.find(({ kind }) => kind === change.kind);
  return hasMovedSince(base, field, change, spec) ? "drift" : "pending";
}

/** A prune is work that the manifests ask for; a hold without fields has not come to comparing. */
function classWithoutFields({ op }: Change): DriftClass {
  return op === "prune" || op === "update" ? "pending" : "pending-or-drift";
}
