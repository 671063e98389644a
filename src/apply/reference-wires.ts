import { SyncError } from "../model/errors.ts";
import type { ReferenceTarget } from "../model/dialect.ts";
import type { Json } from "../model/json.ts";
import { pinsWhatRuns, referenceTargetOf } from "../model/reference-target.ts";
import type { Resource, ResourceKey } from "../model/resource.ts";
import { type Reference, referencesIn } from "../model/template.ts";
import type { Run } from "./run.ts";

/**
 * What the references of a document are on the wire at this moment of the run; those that pin what runs of something
 * which this run wrote are asked for that. Throws SyncError `dependency_failed` when one stands for nothing (any more).
 */
export async function referenceWires(desired: Resource, run: Run): Promise<ReadonlyMap<Reference, Json>> {
  const references = referencesIn(desired.document);
  return new Map(
    await Promise.all(references.map(async (reference) => [reference, await wireOf(reference, desired, run)] as const)),
  );
}

async function wireOf({ form, target }: Reference, desired: Resource, run: Run): Promise<Json> {
  const { rules } = run.client;
  const isConnection = form === "connection";
  const uuid = isConnection ? run.plan.connections?.get(target) : run.uuids.get(target);
  if (uuid === undefined) throw unresolved(desired, target);
  if (isConnection || !pinsWhatRuns(form, rules)) return rules.formatReference(form, { uuid });
  const known = run.targets.get(target);
  if (known?.uuid === uuid && !run.written.has(target)) return rules.formatReference(form, known);
  return rules.formatReference(form, await run.targetNow(target, uuid));
}

/** What a reference to an object is made from, as the object runs now. */
export async function readTarget(
  key: ResourceKey,
  uuid: string,
  { client, interrupt, plan, specOf }: Pick<Run, "client" | "interrupt" | "plan" | "specOf">,
): Promise<ReferenceTarget> {
  const kind = plan.changes.find((change) => change.key === key)?.kind ?? "";
  const [app, { live }] = await Promise.all([
    client.get(specOf(kind), uuid, interrupt.hard),
    client.versions(uuid, interrupt.hard),
  ]);
  if (app !== undefined && live !== undefined) {
    return referenceTargetOf({ ...app, version: live.version, document: live.document });
  }
  throw new SyncError("dependency_failed", `Nothing runs of ${key} (${uuid}), so it cannot be called.`, {
    remedy: `Settle ${key} first, then run this again.`,
  });
}

function unresolved({ key }: Resource, target: string): SyncError {
  return new SyncError("dependency_failed", `${key} refers to ${target}, which is not on the server.`, {
    remedy: `Settle ${target} first, then run this again.`,
  });
}
