import type { ClassifiedChange, Drift, DriftClass } from "../model/drift.ts";
import { MARK_KEY } from "../model/mark.ts";
import type { Change, FieldDiff, Plan } from "../model/plan.ts";
import { pointer } from "../model/pointer.ts";
import { isPublishField } from "./compare-publish.ts";

/**
 * Who moved, manifests or server: where the mark's digest is the desired one, a differing document is drift; where it
 * is another one, nothing on a server without versions tells the two apart.
 */
export function classifyDrift(plan: Plan): Drift {
  return {
    target: plan.target,
    changes: plan.changes.filter(({ op }) => op !== "keep").map(classify),
    notes: plan.notes,
  };
}

function classify(change: Change): ClassifiedChange {
  const fields = change.fields.map((field) => ({ field, class: classOfField(field, change) }));
  const worst = ALARMING.find((candidate) => fields.some((field) => field.class === candidate));
  return { change, class: worst ?? classWithoutFields(change), fields };
}

const ALARMING: readonly DriftClass[] = ["drift", "pending-or-drift", "pending"];

function classOfField(field: FieldDiff, change: Change): DriftClass {
  // Nobody but us writes marks, and a live entry's content cannot be changed: there the manifests moved.
  if (change.subject === "entry") return change.op === "update" ? "pending" : "pending-or-drift";
  if (field.pointer.startsWith(`${pointer(MARK_KEY)}/`)) return "pending";
  if (!("live" in change) || change.live?.mark?.sha256 === undefined) return "pending-or-drift";
  // The mark's digest is of the document; who may see it is not in there.
  if (isPublishField(field)) return "pending-or-drift";
  return change.fields.some(({ pointer: place }) => place === DIGEST) ? "pending-or-drift" : "drift";
}

const DIGEST = pointer(MARK_KEY, "sha256");

/** A prune is work that the manifests ask for; a hold without fields has not come to comparing. */
function classWithoutFields({ op }: Change): DriftClass {
  return op === "prune" || op === "update" ? "pending" : "pending-or-drift";
}
