import type { JsonObject } from "../model/json.ts";
import type { KindSpec } from "../model/kind.ts";
import type { Change, FieldDiff, Note, Plan, Policy, Target } from "../model/plan.ts";
import type { DesiredState } from "../model/resource.ts";
import { byText } from "./collections.ts";
import { originToJson, resourceToJson } from "./saved-resource.ts";

/** Of the form that a plan file has. A reader of another number refuses it. */
export const PLAN_SCHEMA_VERSION = 1;

/**
 * The plan as one JSON document, the same bytes for the same plan, without a single secret value: what `plan -o json`
 * prints and `apply FILE` carries out. It holds all that is wanted but secrets and the bytes of files.
 */
export function savePlan(plan: Plan, desired: DesiredState, kinds: readonly KindSpec[]): JsonObject {
  const specs = new Map(kinds.map((spec) => [spec.kind, spec]));
  const resources = [...desired.values()].toSorted((a, b) => byText(a.key, b.key));
  return {
    apiVersion: "llmstack.ai/v1alpha1",
    kind: "Plan",
    schemaVersion: PLAN_SCHEMA_VERSION,
    target: targetToJson(plan.target),
    policy: policyToJson(plan.policy),
    digest: plan.digest,
    counts: { ...plan.counts },
    refusals: plan.refusals.map(({ rule, detail, remedy }) => ({ rule, detail, remedy })),
    notes: plan.notes.map(noteToJson),
    changes: plan.changes.map(changeToJson),
    waves: plan.waves.map(({ stage, changes }) => ({ stage, changes: changes.map(({ id }) => id) })),
    resources: resources.flatMap((resource) => {
      const spec = specs.get(resource.kind);
      return spec === undefined ? [] : [resourceToJson(resource, spec)];
    }),
  };
}

function targetToJson({ server, dialect, account, set, source, revision, tree, base }: Target): JsonObject {
  return {
    ...(base === undefined ? { server, dialect } : { base }),
    ...(account !== undefined && { account }),
    set,
    source,
    ...(revision !== undefined && { revision }),
    ...(tree !== undefined && { tree }),
  };
}

function policyToJson({ maxDeletes, takeOver, ...policy }: Policy): JsonObject {
  return {
    ...policy,
    ...(maxDeletes !== undefined && { maxDeletes: { ...maxDeletes } }),
    ...(takeOver !== undefined && { takeOver }),
  };
}

function noteToJson({ code, message, key }: Note): JsonObject {
  return { code, message, ...(key !== undefined && { key }) };
}

function changeToJson(change: Change): JsonObject {
  const { id, subject, op, kind, key, name, fields, needs, origin } = change;
  return {
    id,
    subject,
    op,
    kind,
    key,
    name,
    ...uuidsToJson(change),
    ...(change.op === "hold" && {
      hold: { reason: change.hold.reason, detail: change.hold.detail, remedy: change.hold.remedy },
    }),
    fields: fields.map(fieldToJson),
    needs,
    ...(origin !== undefined && { origin: originToJson(origin) }),
  };
}

/** Which live objects a change is about. */
function uuidsToJson(change: Change): JsonObject {
  if (change.subject === "resource")
    return "live" in change && change.live !== undefined ? { uuid: change.live.uuid } : {};
  const { datasource, datasourceUuid } = change;
  const current = change.op === "update" ? change.current : undefined;
  return {
    datasource,
    ...(datasourceUuid !== undefined && { datasourceUuid }),
    ...("live" in change && { live: change.live.map(({ uuid }) => uuid) }),
    ...(current !== undefined && { current: current.uuid }),
  };
}

function fieldToJson({ pointer, before, after, secret, from }: FieldDiff): JsonObject {
  return {
    pointer,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(secret && { secret }),
    ...(from !== undefined && { from: from.map((origin) => ({ ...origin })) }),
  };
}
