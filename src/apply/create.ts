import pLimit, { type LimitFunction } from "p-limit";
import type { Draft } from "../client/client.ts";
import { ApiError, SyncError } from "../model/errors.ts";
import type { LiveResource } from "../model/live.ts";
import type { Making } from "./changes.ts";
import { draftOf } from "./draft.ts";
import { findCreated, lookOnce } from "./find-created.ts";
import type { Run } from "./run.ts";
import { send } from "./send.ts";

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
}

/** A server that lost this many creates in a row is not asked for more: each costs the time of a search. */
const MOST_FRUITLESS = 5;

export function openGate(): CreateGate {
  return { oneAtATime: pLimit(1), hasFailed: false, fruitless: 0 };
}

/** Makes one object and finds it, where its answer was lost. Throws SyncError when that did not work out. */
export async function create(change: Making, run: Run, gate: CreateGate): Promise<Made> {
  if (gate.fruitless >= MOST_FRUITLESS) throw givenUp(change);
  const draft = draftOf(change, run);
  const wanted = { change, draft };
  const spec = run.specOf(change.kind);
  const post = () =>
    send(
      run,
      (signal) => run.client.create(spec, draft, signal),
      async (refusal) => (refusal.class === "rate_limited" ? lookOnce(wanted, run) : undefined),
    );
  const sent = await (gate.hasFailed ? gate.oneAtATime(post) : post());
  if (sent.is === "answered") {
    gate.fruitless = 0;
    run.known.add(sent.value.uuid);
    return { ...wanted, live: sent.value, knownBy: "answer" };
  }
  if (sent.error instanceof ApiError && sent.error.status >= 500) gate.hasFailed = true;
  try {
    const live = await findCreated(wanted, run, sent.error);
    gate.fruitless = 0;
    return { ...wanted, live, knownBy: "search" };
  } catch (error) {
    gate.fruitless += 1;
    throw error;
  }
}

function givenUp({ key }: Making): SyncError {
  return new SyncError(
    "server_error",
    `${key} was not sent: of the last ${MOST_FRUITLESS} creates the server gave no usable answer, and none was found.`,
    { remedy: "Look at the server's log and at proxies before it, then run this again." },
  );
}
