import type { KindSpec } from "../model/kind.ts";
import { digest } from "../model/digest.ts";
import type { Change, Plan } from "../model/plan.ts";
import type { DesiredState, Resource, ResourceKey } from "../model/resource.ts";
import { symbolicObject } from "../model/template.ts";
import { resourceToJson } from "../plan/saved-resource.ts";

/** What is wanted at two revisions. */
export interface TwoRevisions {
  readonly base: DesiredState;
  readonly head: DesiredState;
  readonly kinds: readonly KindSpec[];
}

/**
 * The changes of a plan that going from one revision to the other does not ask for: neither what they are about, nor
 * its entries, nor anything it refers to is wanted differently. They are drift, or a surprise.
 */
export function unexplainedChanges(plan: Plan, revisions: TwoRevisions): readonly Change[] {
  const touched = touchedKeys(revisions);
  return plan.changes.filter((change) => change.op !== "keep" && !isExplained(change, touched, revisions.head));
}

/** Keys of resources and of entries that are wanted differently, or at one of the revisions only. */
function touchedKeys({ base, head, kinds }: TwoRevisions): ReadonlySet<string> {
  const before = wantedDigests(base, kinds);
  const after = wantedDigests(head, kinds);
  return new Set([...before.keys(), ...after.keys()].filter((key) => before.get(key) !== after.get(key)));
}

function wantedDigests(desired: DesiredState, kinds: readonly KindSpec[]): ReadonlyMap<string, string> {
  const specs = new Map(kinds.map((spec) => [spec.kind, spec]));
  const digests = new Map<string, string>();
  for (const resource of desired.values()) {
    const spec = specs.get(resource.kind);
    if (spec !== undefined) digests.set(resource.key, digestOf(resource, spec));
    for (const { name, sha256 } of resource.entries ?? []) digests.set(`${resource.key}/entries/${name}`, sha256);
  }
  return digests;
}

/** Where it is written does not count, and entries count for themselves. */
function digestOf(resource: Resource, spec: KindSpec): string {
  const { origin: _origin, entries: _entries, ...wanted } = resource;
  return digest({ ...resourceToJson(wanted, spec), document: symbolicObject(wanted.document) });
}

function isExplained(change: Change, touched: ReadonlySet<string>, head: DesiredState): boolean {
  if (change.subject === "entry") return touched.has(change.key) || touched.has(change.datasource);
  const seen = new Set<ResourceKey>();
  const queue: ResourceKey[] = [change.key];
  for (const key of queue) {
    if (seen.has(key)) continue;
    if (touched.has(key)) return true;
    seen.add(key);
    queue.push(...(head.get(key)?.dependsOn ?? []));
  }
  return false;
}
