import { randomUUID } from "node:crypto";
import { apply } from "../../apply/apply.ts";
import { kinds } from "../../kinds/index.ts";
import { annotationOf, type KubeObject } from "../../kube/kube-object.ts";
import type { JsonObject } from "../../model/json.ts";
import { hasErrors } from "../../model/problem.ts";
import type { Outcome } from "../../model/outcome.ts";
import type { HoldReason, Plan, Policy } from "../../model/plan.ts";
import type { DesiredState, Resource, ResourceKey } from "../../model/resource.ts";
import { decide, readDesired } from "../../pipeline.ts";
import { makeDeletePlan } from "../../plan/delete-plan.ts";
import type { Batch } from "../resources/batcher.ts";
import { keyOf } from "../resources/closure.ts";
import { clusterSource, pathOf } from "../resources/cluster-source.ts";
import { readValues } from "../resources/read-values.ts";
import type { SyncGroup } from "../resources/sync-group.ts";
import { usesOf } from "../resources/uses.ts";
import type { SyncItem, World } from "../resources/world.ts";
import type { ServerConnection } from "../servers/server-connection.ts";
import { type Done, doneIn } from "../status/change-events.ts";
import { type Verdict, verdictOf } from "../status/verdict.ts";

/** What a run comes to for a resource that is being deleted. */
export type DeleteOutcome =
  /** Nothing of it is on the server any more, and the server said so. */
  | { readonly is: "gone"; readonly done: readonly Done[] }
  /** What is there stays there: it is not, or not surely, this resource's. */
  | { readonly is: "left"; readonly why: string }
  | { readonly is: "blocked"; readonly verdict: Verdict; readonly isOfServer: boolean };

/** Deletes what a batch of resources has on a server, with one look at it for all of them. */
export async function runDelete(
  { items: batch, settle }: Batch<SyncItem, DeleteOutcome>,
  group: SyncGroup,
  world: World,
): Promise<void> {
  const items = new Map([...batch].map(([id, item]) => [keyOf(item.object), { id, item }]));
  const { plan, contested } = await decideDeletes(items, group, world);
  const { outcomes } = await apply(plan, {
    client: group.connection.lists.writer,
    kinds,
    signal: world.signal,
    parallelism: group.connection.spec.parallelism,
    entryTimeoutMs: 0,
    now: () => new Date(),
    nonce: () => randomUUID(),
    onEvent: () => undefined,
  });
  await Promise.all(
    [...items].map(async ([key, { id }]) => {
      if (contested.has(key)) return settle(id, { is: "left", why: "It belongs to an older resource." });
      const own = outcomes.filter(({ change }) => change.key === key);
      settle(id, await confirmed(outcomeOf(own, plan, key), own, group, world));
    }),
  );
}

interface DecidedDeletes {
  readonly plan: Plan;
  /** Whose live object is an older resource's. */
  readonly contested: ReadonlySet<ResourceKey>;
}

async function decideDeletes(items: Items, group: SyncGroup, world: World): Promise<DecidedDeletes> {
  const { connection, namespace, set, owner } = group;
  const contested = new Set<ResourceKey>();
  const view = connection.lists.view("recent");
  const objects = [...items.values()].map(({ item }) => item);
  const { plan } = await decide(
    {
      readDesired: async () => {
        const values = isNamedByContent(connection) ? await valuesOf(objects, group, world) : [];
        const desired = await readAll(namespace, objects, values);
        return { desired: named(desired, items, group), problems: [], notes: [] };
      },
      connect: async () => ({ client: view.client, serverName: connection.binding.url }),
      policy: { ...DELETE_POLICY, set, ...(owner !== undefined && { owner }) },
      makePlan: (input) => {
        const first = makeDeletePlan(input);
        for (const { key, uuid } of liveIn(first)) {
          const object = items.get(key)?.item.object;
          if (object !== undefined && world.claimedBy(object, uuid, connection) !== undefined) contested.add(key);
        }
        if (contested.size === 0) return first;
        const desired = new Map([...input.desired].filter(([key]) => !contested.has(key)));
        // Nothing may be left to delete then, which is no mistake of anybody's.
        return { ...makeDeletePlan({ ...input, desired }), refusals: first.refusals };
      },
      sourceName: namespace,
      parallelism: connection.spec.parallelism,
      known: { proven: provenIn(objects, group) },
    },
    world.signal,
  );
  return { plan, contested };
}

const DELETE_POLICY: Omit<Policy, "set"> = {
  isSetImplicit: false,
  prune: false,
  adopt: false,
  allowReplace: false,
  allowEmpty: true,
  discardDrafts: false,
  maxDeletes: { percent: 100 },
  only: [],
};

function liveIn({ changes }: Plan): readonly { readonly key: ResourceKey; readonly uuid: string }[] {
  return changes.flatMap((change) =>
    change.subject === "resource" && change.op !== "create" && change.live !== undefined
      ? [{ key: change.key, uuid: change.live.uuid }]
      : [],
  );
}

function isNamedByContent({ client }: ServerConnection): boolean {
  return client.rules.capabilities.entryMark === "name-suffix";
}

/** Where entries are known by what they hold, that is needed as long as it is there. */
async function valuesOf(
  items: readonly SyncItem[],
  { namespace }: SyncGroup,
  { kube, signal }: World,
): Promise<readonly JsonObject[]> {
  const used = items.flatMap(({ object }) => usesOf(object).values);
  return (await readValues(kube, namespace, used, signal)).documents;
}

/** What its manifest says, as far as it can be read: what is to go needs no secret, and no manifest that is right. */
async function readAll(
  namespace: string,
  items: readonly SyncItem[],
  values: readonly JsonObject[],
): Promise<DesiredState> {
  const objects = items.map(({ object }) => object);
  const { desired, problems } = await readDesired(clusterSource(namespace, objects, values), {
    env: () => "",
    missingSecrets: "warning",
  });
  return new Map(
    objects.map((object): readonly [ResourceKey, Resource] => {
      const key = keyOf(object);
      const path = pathOf(object.kind, object.metadata.name);
      const isSound = !hasErrors(problems.filter((problem) => problem.path === path));
      const read = isSound ? desired.get(key) : undefined;
      return [key, { ...(read ?? bareResource(object)), dependsOn: [] }];
    }),
  );
}

function bareResource(object: KubeObject): Resource {
  const { kind, metadata } = object;
  return {
    key: keyOf({ kind, metadata }),
    kind,
    name: metadata.name,
    type: "",
    document: {},
    entriesPolicy: "Keep",
    deletionPolicy: "Delete",
    protect: annotationOf(object, "llmstack.ai/protect") === "true",
    movedFrom: [],
    formerSets: [],
    dependsOn: [],
  };
}

type Items = ReadonlyMap<ResourceKey, { readonly id: string; readonly item: SyncItem }>;

/** Where no mark tells, our own record does: which live object is meant. */
function named(desired: DesiredState, items: Items, { connection }: SyncGroup): DesiredState {
  return new Map(
    [...desired].map(([key, resource]): readonly [ResourceKey, Resource] => {
      const { uuid, server } = items.get(key)?.item.facts ?? {};
      const isMarkless = connection.client.rules.capabilities.kinds[resource.kind]?.mark === "none";
      const isKnown = isMarkless && uuid !== undefined && server?.uid === connection.binding.uid;
      return [key, isKnown ? { ...resource, uuid } : resource];
    }),
  );
}

function provenIn(items: readonly SyncItem[], { connection }: SyncGroup): ReadonlySet<string> {
  const own = items.filter(({ facts }) => facts.isCreated && facts.server?.uid === connection.binding.uid);
  return new Set(own.flatMap(({ facts }) => facts.uuid ?? []));
}

/** Holds that say that the live object is not ours to delete: letting go of it is all there is to do. */
const NOT_OURS: ReadonlySet<HoldReason> = new Set(["unmanaged", "owned", "markless", "ambiguous"]);

function outcomeOf(own: readonly Outcome[], plan: Plan, key: ResourceKey): DeleteOutcome {
  const failed = own.find(({ status }) => status !== "done" && status !== "held");
  if (failed !== undefined) {
    return { is: "blocked", verdict: verdictOf(own, ""), isOfServer: failed.failure?.class === "unreachable" };
  }
  const holds = own.flatMap(({ change }) =>
    change.op === "hold" && "desired" in change && change.subject === "resource" && change.desired !== undefined
      ? [change.hold]
      : [],
  );
  const [hold] = holds;
  if (hold !== undefined && NOT_OURS.has(hold.reason)) return { is: "left", why: hold.detail };
  const isCopy = hold?.reason === "copy" && own.some(({ status }) => status === "done");
  if (hold !== undefined && !isCopy) return { is: "blocked", verdict: verdictOf(own, ""), isOfServer: false };
  const orphan = plan.notes.find((note) => note.key === key && note.code === "delete/orphan");
  if (orphan !== undefined) return { is: "left", why: orphan.message };
  return { is: "gone", done: doneIn(own, "wanted") };
}

/** Gone is what a read says to be gone, not what a delete was answered with. */
async function confirmed(
  outcome: DeleteOutcome,
  own: readonly Outcome[],
  { connection }: SyncGroup,
  { signal }: World,
): Promise<DeleteOutcome> {
  if (outcome.is !== "gone") return outcome;
  for (const { change } of own) {
    if (change.subject !== "resource" || change.op !== "prune") continue;
    const spec = kinds.find(({ kind }) => kind === change.kind);
    const live = spec && (await connection.client.get(spec, change.live.uuid, signal));
    if (live === undefined) continue;
    const message = `${change.live.uuid} is still there after it was deleted.`;
    return { is: "blocked", verdict: { reason: "Deleting", message }, isOfServer: false };
  }
  return outcome;
}
