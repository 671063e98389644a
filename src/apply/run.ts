import pLimit, { type LimitFunction } from "p-limit";
import type { Client } from "../client/client.ts";
import { SyncError } from "../model/errors.ts";
import type { ReferenceTarget } from "../model/dialect.ts";
import type { KindSpec } from "../model/kind.ts";
import type { CompleteList, LiveEntry, LiveResource } from "../model/live.ts";
import type { Plan } from "../model/plan.ts";
import { referenceTargetOf } from "../model/reference-target.ts";
import type { Publish, ResourceKey } from "../model/resource.ts";
import { liveOf } from "./changes.ts";
import { followInterrupt, type Interrupt } from "./interrupt.ts";
import { type ApplyEvent, Ledger } from "./ledger.ts";
import { PATIENCE, type Patience } from "./patience.ts";
import { readTarget } from "./reference-wires.ts";
import { shareCalls } from "./share-calls.ts";

/** What an apply is given besides its plan. */
export interface ApplySetup {
  readonly client: Client;
  readonly kinds: readonly KindSpec[];
  /** Fires when nothing new is to start: what is in flight gets ten seconds to end. */
  readonly signal: AbortSignal;
  /** Fires when what is in flight is to be given up too. */
  readonly hardSignal?: AbortSignal;
  /** How many changes are under way at once, 1 or more. */
  readonly parallelism: number;
  /** Milliseconds until an entry has to be READY. */
  readonly entryTimeoutMs: number;
  now(): Date;
  /** A random text, another one each time. */
  nonce(): string;
  onEvent(event: ApplyEvent): void;
  /** Other waits than design.md 5 asks for. */
  readonly patience?: Partial<Patience>;
}

/** One apply while it runs: what all its parts look up and share. */
export interface Run {
  readonly plan: Plan;
  readonly client: Client;
  readonly patience: Patience;
  readonly entryTimeoutMs: number;
  readonly interrupt: Interrupt;
  readonly ledger: Ledger;
  /** Every change does its requests inside, so that no more than `parallelism` are under way. */
  readonly limit: LimitFunction;
  /** Live uuids by key, as they are at this moment of the run: what was created or replaced is in it. */
  readonly uuids: Map<ResourceKey, string>;
  /** What references to a key are made from beside its uuid, as the plan saw it. */
  readonly targets: ReadonlyMap<ResourceKey, ReferenceTarget>;
  /** Keys whose document this run wrote: another version of them runs now. */
  readonly written: Set<ResourceKey>;
  /** Who may see what this run published or hid, by uuid. */
  readonly published: Map<string, Publish>;
  /** Uuids that the plan saw or that this run made: no newcomers. */
  readonly known: Set<string>;
  /** Uuids of what this run has just made, so that nothing can be inside yet. */
  readonly empty: Set<string>;
  nonce(): string;
  /** Throws SyncError `internal` for a kind that the setup does not know. */
  specOf(kind: string): KindSpec;
  /** A list that begins after the call; those who ask at the same time share it. */
  list(kind: string): Promise<CompleteList<LiveResource>>;
  listEntries(datasource: string): Promise<CompleteList<LiveEntry>>;
  /** What references to an object are made from, as it runs now; read once after each write of this run. */
  targetNow(key: ResourceKey, uuid: string): Promise<ReferenceTarget>;
}

export function startRun(plan: Plan, setup: ApplySetup): Run {
  const { client } = setup;
  const patience = { ...PATIENCE, ...setup.patience };
  const interrupt = followInterrupt(setup.signal, setup.hardSignal, patience.graceMs);
  const specs = new Map(setup.kinds.map((spec) => [spec.kind, spec]));
  const specOf = (kind: string): KindSpec => specs.get(kind) ?? unknownKind(kind);
  const targets = new Map<ResourceKey, Promise<ReferenceTarget>>();
  return {
    plan,
    client,
    patience,
    entryTimeoutMs: setup.entryTimeoutMs,
    interrupt,
    ledger: new Ledger(plan, interrupt.stop, (event) => setup.onEvent(event)),
    limit: pLimit(setup.parallelism),
    uuids: new Map([...meantIn(plan)].map(([key, { uuid }]) => [key, uuid])),
    targets: new Map([...meantIn(plan)].map(([key, live]) => [key, referenceTargetOf(live)])),
    written: new Set(),
    published: new Map(),
    known: new Set([...(plan.seen ?? []), ...plan.changes.flatMap((change) => liveOf(change)?.uuid ?? [])]),
    empty: new Set(),
    nonce: () => setup.nonce(),
    specOf,
    list: sharedBy((kind) => client.list(specOf(kind), interrupt.hard)),
    listEntries: sharedBy((datasource) => client.listEntries(datasource, interrupt.hard)),
    targetNow: async (key, uuid) => {
      const target = targets.get(key) ?? readTarget(key, uuid, { client, interrupt, plan, specOf });
      targets.set(key, target);
      return target;
    },
  };
}

function sharedBy<T>(call: (name: string) => Promise<T>): (name: string) => Promise<T> {
  const shared = new Map<string, () => Promise<T>>();
  return (name) => {
    const ask = shared.get(name) ?? shareCalls(() => call(name));
    shared.set(name, ask);
    return ask();
  };
}

/** What a reference stands for before anything is created. What goes away is no such thing. */
function meantIn(plan: Plan): ReadonlyMap<ResourceKey, LiveResource> {
  const meant = new Map<ResourceKey, LiveResource>();
  for (const change of plan.changes) {
    const live = liveOf(change);
    if (live === undefined || change.op === "prune") continue;
    if (change.op === "hold" && (!("desired" in change) || NOT_OURS.has(change.hold.reason))) continue;
    meant.set(change.key, live);
  }
  return meant;
}

/** Holds whose live object is not, or not surely, the one that the key means. */
const NOT_OURS: ReadonlySet<string> = new Set(["ambiguous", "owned", "copy"]);

function unknownKind(kind: string): never {
  throw new SyncError("internal", `The kind ${kind} is not known here.`);
}
