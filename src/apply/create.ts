import pLimit, { type LimitFunction } from "p-limit";
import type { Draft } from "../client/client.ts";
import { ApiError, SyncError } from "../model/errors.ts";
import type { LiveResource } from "../model/live.ts";
import type { Making } from "./changes.ts";
import { draftOf } from "./draft.ts";
import { findCreated, lookOnce, type Wanted } from "./find-created.ts";
import { NamesInFlight, withoutOrphan } from "./orphans.ts";
import type { Run } from "./run.ts";
import { send } from "./send.ts";
import { HINTS } from "../model/hints.ts";

/** Something that was just made, before anybody looked whether it is what was asked for. */
export interface Made {
  readonly change: Making;
  readonly draft: Draft;
  readonly live: LiveResource;
  /** `answer`: the server said that it made this one. `search`: its answer was lost, and this was found. */
  readonly knownBy: "answer" | "search";
}

/** How creates of one run behave towards a server that fails them. */
export interface CreateGate {
  /** Creates go through here one at a time after the first 5xx, so that an orphan can be told whose it is. */
  readonly oneAtATime: LimitFunction;
  hasFailed: boolean;
  /** Unclear creates in a row that were never found. */
  fruitless: number;
  readonly names: NamesInFlight;
}

/** A server that lost this many creates in a row is not asked for more: each costs the time of a search. */
const MOST_FRUITLESS = 5;

export function openGate(): CreateGate {
  return { oneAtATime: pLimit(1), hasFailed: false, fruitless: 0, names: new NamesInFlight() };
}

/** Makes one object and finds it, where its answer was lost. Throws SyncError when that did not work out. */
export async function create(change: Making, run: Run, gate: CreateGate): Promise<Made> {
  if (gate.fruitless >= MOST_FRUITLESS) throw givenUp(change);
  const draft = await draftOf(change, run);
  const wanted = { change, draft };
  const name = `${change.kind} ${draft.name}`;
  gate.names.enter(name);
  try {
    const post = () => send(run, ...requestFor(wanted, run));
    const sent = await (gate.hasFailed ? gate.oneAtATime(post) : post());
    if (sent.is === "answered") {
      gate.fruitless = 0;
      run.known.add(sent.value.uuid);
      return { ...wanted, live: sent.value, knownBy: "answer" };
    }
    return await search(wanted, sent.error, run, gate);
  } finally {
    gate.names.leave(name);
  }
}

/** The request, and how to see that it did its work although it was refused. */
function requestFor(wanted: Wanted, run: Run): readonly [Write, Look] {
  const spec = run.specOf(wanted.change.kind);
  return [
    (signal) => run.client.create(spec, wanted.draft, signal),
    async (refusal) => (refusal.class === "rate_limited" ? lookOnce(wanted, run) : undefined),
  ];
}

type Write = (signal: AbortSignal) => Promise<LiveResource>;
type Look = (refusal: SyncError) => Promise<LiveResource | undefined>;

/** Finds what was made although nobody said so; what a failure left behind half-made is done away with. */
async function search(wanted: Wanted, lost: SyncError, run: Run, gate: CreateGate): Promise<Made> {
  const isFailure = lost instanceof ApiError && lost.status >= 500;
  if (isFailure) gate.hasFailed = true;
  try {
    const live = await findCreated(wanted, run, lost);
    gate.fruitless = 0;
    return { ...wanted, live, knownBy: "search" };
  } catch (error) {
    gate.fruitless += 1;
    const others = gate.names.isShared(`${wanted.change.kind} ${wanted.draft.name}`) ? "others" : "none";
    if (isFailure && error instanceof SyncError) throw await withoutOrphan(wanted, { lost, error, others }, run);
    throw error;
  }
}

function givenUp({ key }: Making): SyncError {
  return new SyncError(
    "server_error",
    `${key} was not sent: of the last ${MOST_FRUITLESS} creates the server gave no usable answer, and none was found.`,
    { ...HINTS.seeProxies },
  );
}
