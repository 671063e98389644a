import type { Policy } from "../../model/plan.ts";
import type { DesiredState, Resource, ResourceKey } from "../../model/resource.ts";
import { decide, type Decision } from "../../pipeline.ts";
import { specOf } from "../cluster.ts";
import type { ServerConnection } from "../servers/server-connection.ts";
import { fightOver } from "./flapping.ts";
import { type BatchPlan, planBatch, type Planned } from "./plan-batch.ts";
import type { ReadBatch } from "./read-batch.ts";
import { settingsOf } from "./settings.ts";
import type { Items, SyncGroup } from "./sync-group.ts";
import type { UsedRef } from "./used-ref.ts";
import type { SyncItem, World } from "./world.ts";

export interface Decided {
  readonly decision: Decision;
  readonly batch: BatchPlan;
}

/** Decides on what lists of the last seconds show; what would make anything is decided again on new ones. */
export async function decideBatch(read: ReadBatch, group: SyncGroup, world: World): Promise<Decided> {
  const own = [...read.fit.keys()];
  const lists = [...read.fit.values()].some((item) => item.lists === "new") ? "new" : "recent";
  const first = await decideOn({ lists, selected: own }, read, group, world);
  const { plan, isDangling } = first.batch;
  if (isDangling && read.dependents.length > 0) {
    return decideOn({ lists: "new", selected: [...new Set([...own, ...read.dependents])] }, read, group, world);
  }
  const isMaking = plan.counts.create + plan.counts.replace > 0;
  return isMaking && !first.isFresh ? decideOn({ lists: "new", selected: own }, read, group, world) : first;
}

interface Look {
  readonly lists: "recent" | "new";
  readonly selected: readonly ResourceKey[];
}

async function decideOn(
  { lists, selected }: Look,
  { fit, asked, refsOf }: ReadBatch,
  group: SyncGroup,
  { signal, claimedBy }: World,
): Promise<Decided & { readonly isFresh: boolean }> {
  const { connection } = group;
  const view = connection.lists.view(lists);
  const rotated = new Map([...fit].map(([key, item]) => [key, rotatedIn(item, refsOf(key))]));
  const planned = new Map(
    [...fit].map(([key, item]) => [key, plannedOf(item, { isRotated: (rotated.get(key)?.size ?? 0) > 0 })]),
  );
  const claimed = (key: ResourceKey, uuid: string): string | undefined => {
    const item = fit.get(key);
    return item === undefined ? undefined : claimedBy(item.object, uuid, connection);
  };
  let batch: BatchPlan | undefined;
  const decision = await decide(
    {
      readDesired: async () => ({ ...asked, desired: asFarAsKnown(asked.desired, fit, connection) }),
      connect: async () => ({ client: view.client, serverName: connection.binding.url }),
      policy: policyOf(group, selected),
      makePlan: (input) => {
        batch = planBatch(input, { items: planned, claimedBy: claimed });
        return batch.plan;
      },
      sourceName: group.namespace,
      parallelism: connection.spec.parallelism,
      versionReads: [...fit.values()].some(({ depth }) => depth === "everything") ? "everywhere" : "where-needed",
      known: { rotated, proven: provenIn(fit, connection) },
    },
    signal,
  );
  if (batch === undefined) throw new TypeError("decide makes a plan");
  return { decision, batch, isFresh: view.isFresh() };
}

function plannedOf({ object, facts, lists }: SyncItem, { isRotated }: Pick<Planned, "isRotated">): Planned {
  const { drift, intervalMs } = settingsOf(specOf(object));
  const { history } = facts;
  return {
    drift,
    ...(facts.digest !== undefined && { lastDigest: facts.digest }),
    isRotated,
    // Who asks for a look wants it corrected now.
    ...(lists === "recent" && {
      fight: (places, digest) => fightOver(places, { history, digest, intervalMs, now: Date.now() }),
    }),
  };
}

function policyOf({ set, owner, policies }: SyncGroup, only: readonly string[]): Policy {
  return {
    set,
    isSetImplicit: false,
    prune: false,
    adopt: policies.adopt,
    allowReplace: policies.replace,
    allowEmpty: true,
    discardDrafts: policies.discardDrafts,
    // Entries that a manifest drops are dropped: that is what it asks for.
    pruneEntries: true,
    maxDeletes: { percent: 100 },
    only,
    ...(owner !== undefined && { owner }),
  };
}

/** Where no mark tells, our own record does: which live object is meant. */
function asFarAsKnown(desired: DesiredState, items: Items, { client, binding }: ServerConnection): DesiredState {
  return new Map(
    [...desired].map(([key, resource]): readonly [ResourceKey, Resource] => {
      const facts = items.get(key)?.facts;
      const isMarkless = client.rules.capabilities.kinds[resource.kind]?.mark === "none";
      if (!isMarkless || resource.uuid !== undefined || facts?.uuid === undefined) return [key, resource];
      return [key, facts.server?.uid === binding.uid ? { ...resource, uuid: facts.uuid } : resource];
    }),
  );
}

function provenIn(items: Items, { binding }: ServerConnection): ReadonlySet<string> {
  const own = [...items.values()].filter(({ facts }) => facts.isCreated && facts.server?.uid === binding.uid);
  return new Set(own.flatMap(({ facts }) => facts.uuid ?? []));
}

/** Secrets in another version than was used last. */
function rotatedIn({ facts }: SyncItem, refs: readonly UsedRef[]): ReadonlySet<string> {
  const before = new Map(facts.refs.map(({ kind, name, resourceVersion }) => [`${kind}/${name}`, resourceVersion]));
  const changed = refs.filter(({ kind, name, resourceVersion }) => {
    const last = before.get(`${kind}/${name}`);
    return kind === "Secret" && last !== undefined && last !== resourceVersion;
  });
  return new Set(changed.map(({ name }) => name));
}
