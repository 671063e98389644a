import pLimit, { type LimitFunction } from "p-limit";
import type { Client } from "../client/client.ts";
import { SyncError } from "../model/errors.ts";
import type { KindSpec } from "../model/kind.ts";
import type { CompleteList, LiveEntry, LiveResource } from "../model/live.ts";
import type { Plan } from "../model/plan.ts";
import type { ResourceKey } from "../model/resource.ts";
import { liveOf } from "./changes.ts";
import { followInterrupt, type Interrupt } from "./interrupt.ts";
import { type ApplyEvent, Ledger } from "./ledger.ts";
import { PATIENCE, type Patience } from "./patience.ts";
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
}

export function startRun(plan: Plan, setup: ApplySetup): Run {
  const { client } = setup;
  const patience = { ...PATIENCE, ...setup.patience };
  const interrupt = followInterrupt(setup.signal, setup.hardSignal, patience.graceMs);
  const specs = new Map(setup.kinds.map((spec) => [spec.kind, spec]));
  const specOf = (kind: string): KindSpec => specs.get(kind) ?? unknownKind(kind);
  return {
    plan,
    client,
    patience,
    entryTimeoutMs: setup.entryTimeoutMs,
    interrupt,
    ledger: new Ledger(plan, interrupt.stop, (event) => setup.onEvent(event)),
    limit: pLimit(setup.parallelism),
    uuids: uuidsIn(plan),
    known: new Set(plan.changes.flatMap((change) => liveOf(change)?.uuid ?? [])),
    empty: new Set(),
    nonce: () => setup.nonce(),
    specOf,
    list: sharedBy((kind) => client.list(specOf(kind), interrupt.hard)),
    listEntries: sharedBy((datasource) => client.listEntries(datasource, interrupt.hard)),
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
function uuidsIn(plan: Plan): Map<ResourceKey, string> {
  const uuids = new Map<ResourceKey, string>();
  for (const change of plan.changes) {
    const live = liveOf(change);
    if (live === undefined || change.op === "prune") continue;
    if (change.op === "hold" && (!("desired" in change) || NOT_OURS.has(change.hold.reason))) continue;
    uuids.set(change.key, live.uuid);
  }
  return uuids;
}

/** Holds whose live object is not, or not surely, the one that the key means. */
const NOT_OURS: ReadonlySet<string> = new Set(["ambiguous", "owned", "copy"]);

function unknownKind(kind: string): never {
  throw new SyncError("internal", `The kind ${kind} is not known here.`);
}
