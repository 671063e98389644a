import { randomUUID } from "node:crypto";
import { apply, type ApplyEvent } from "../../apply/apply.ts";
import { kinds } from "../../kinds/index.ts";
import type { Outcome } from "../../model/outcome.ts";
import type { Plan } from "../../model/plan.ts";
import type { ResourceKey } from "../../model/resource.ts";
import type { Batch } from "./batcher.ts";
import { keyOf } from "./closure.ts";
import { decideBatch, type Decided } from "./decide-batch.ts";
import { changesOf, ownerOf } from "./plan-batch.ts";
import { readBatch, type ReadBatch } from "./read-batch.ts";
import type { Items, SyncGroup } from "./sync-group.ts";
import type { SyncOutcome } from "./sync-outcome.ts";
import { syncOutcomeOf } from "./sync-outcome-of.ts";
import type { SyncItem, World } from "./world.ts";

/** Longer waits are for the next look: a reconcile has its own limit. */
const ENTRY_TIMEOUT_MS = 60_000;

/** Makes a batch of resources of one server true, with one look at the server for all of them. */
export async function runSync(
  { items: batch, settle }: Batch<SyncItem, SyncOutcome>,
  group: SyncGroup,
  world: World,
): Promise<void> {
  const items: Items = new Map([...batch.values()].map((item) => [keyOf(item.object), item]));
  const keyOfItem = new Map([...batch].map(([id, { object }]) => [keyOf(object), id]));
  const tell = (key: ResourceKey, outcome: SyncOutcome): void => settle(keyOfItem.get(key) ?? "", outcome);
  const read = await readBatch(items, group, world);
  for (const [key, verdict] of read.unfit) tell(key, { verdict, refs: read.refsOf(key), done: [], isOfServer: false });
  if (read.fit.size === 0) return;
  const decided = await decideBatch(read, group, world);
  await carryOut(decided, { ...read, group, world, tell });
}

interface Telling extends ReadBatch {
  readonly group: SyncGroup;
  readonly world: World;
  readonly tell: (key: ResourceKey, outcome: SyncOutcome) => void;
}

async function carryOut({ decision, batch }: Decided, telling: Telling): Promise<void> {
  const { fit, group, world, tell } = telling;
  const { plan } = batch;
  const { connection } = group;
  const outcomes = new Map<ResourceKey, Outcome[]>();
  const open = new Map<ResourceKey, number>();
  for (const change of plan.changes) {
    const isStanding = change.op === "keep" || change.op === "hold";
    if (!isStanding) open.set(ownerOf(change), (open.get(ownerOf(change)) ?? 0) + 1);
  }
  const finish = (key: ResourceKey): void => {
    if (fit.has(key)) tell(key, outcomeOf(key, [...standing(plan, key), ...(outcomes.get(key) ?? [])]));
  };
  const outcomeOf = (key: ResourceKey, all: readonly Outcome[]): SyncOutcome =>
    syncOutcomeOf(key, all, { batch, decision, read: telling, group });
  for (const key of fit.keys()) if (!open.has(key)) finish(key);
  if (open.size === 0) return;
  const intents = plan.changes.filter((change) => change.subject === "resource" && change.op === "create");
  await Promise.all(
    intents.map(async ({ key, kind }) => {
      const object = fit.get(key)?.object;
      const mark = connection.client.rules.capabilities.kinds[kind]?.mark;
      if (object !== undefined && mark === "none") await world.recordIntent(object, connection);
    }),
  );
  await apply(plan, {
    client: connection.lists.writer,
    kinds,
    signal: world.signal,
    parallelism: connection.spec.parallelism,
    entryTimeoutMs: ENTRY_TIMEOUT_MS,
    now: () => new Date(),
    nonce: () => randomUUID(),
    onEvent: (event: ApplyEvent) => {
      if (event.type !== "finished") return;
      const key = ownerOf(event.change);
      outcomes.set(key, [...(outcomes.get(key) ?? []), event.outcome]);
      const left = (open.get(key) ?? 1) - 1;
      open.set(key, left);
      if (left === 0) finish(key);
    },
  });
}

/** What a plan leaves as it is, as outcomes. */
function standing(plan: Plan, key: ResourceKey): readonly Outcome[] {
  return changesOf(plan, key).flatMap((change): readonly Outcome[] => {
    if (change.op !== "keep" && change.op !== "hold") return [];
    const live = change.subject === "resource" ? change.live : undefined;
    const status = change.op === "keep" ? "kept" : "held";
    return [{ change, status, ...(live !== undefined && { uuid: live.uuid }), warnings: [], durationMs: 0 }];
  });
}
