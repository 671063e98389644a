import { SyncError } from "../model/errors.ts";
import type { LiveEntry } from "../model/live.ts";
import type { EntryAdding } from "./changes.ts";
import { growingPauses, wait } from "./patience.ts";
import { halfDone, messageOf, type Result, unclear } from "./result.ts";
import type { Run } from "./run.ts";
import { type Hint, HINTS } from "../model/hints.ts";

/** An entry that was sent, until the server says that it is READY. */
export interface Sent {
  readonly change: EntryAdding;
  /** Tells the live entries that this change made, or that an earlier run made for it. */
  matches(entry: LiveEntry): boolean;
  /** Why it is not certain that it was added; absent where it is. */
  readonly unclear?: SyncError;
}

export interface Ready {
  readonly change: EntryAdding;
  /** Some servers make several of one call. */
  readonly entries: readonly LiveEntry[];
  /** All entries of the datasource in the list that shows them READY. */
  readonly listed: readonly LiveEntry[];
}

/** Who hears of an entry when it is settled. */
export interface Listener {
  ready(one: Ready): void;
  /** `listed`: all entries of the datasource, where one of them is a new one that the server failed to process. */
  failed(change: EntryAdding, result: Result, listed: readonly LiveEntry[]): void;
}

/**
 * Looks at a datasource until every entry that was sent is READY or never will be: one list at a time for all of them.
 */
export async function awaitEntries(
  datasource: string,
  sent: readonly Sent[],
  run: Run,
  listener: Listener,
): Promise<void> {
  const start = performance.now();
  let waiting = sent;
  for (const pause of growingPauses(run.patience)) {
    if (waiting.length === 0) return;
    const look = { ...(await lookAt(datasource, run)), elapsed: performance.now() - start + pause, run };
    const left: Sent[] = [];
    for (const one of waiting) if (!tell(one, look, listener)) left.push(one);
    if (left.length > 0 && !(await hasWaited(pause, run))) {
      for (const { change } of left) listener.failed(change, halfDone(stoppedWaiting(change)), []);
      return;
    }
    waiting = left;
  }
}

/** Tells what one list says about one entry; false where it is to be waited for. */
function tell(one: Sent, look: Look, listener: Listener): boolean {
  const { change } = one;
  const entries = look.entries.filter((entry) => one.matches(entry));
  if (isReady(entries)) {
    listener.ready({ change, entries, listed: look.entries });
    return true;
  }
  const failure = failureOf(one, entries, look);
  const hasFailed = entries.some(({ status }) => status === "FAILED");
  if (failure !== undefined)
    listener.failed(change, halfDone(failure, entries[0]?.uuid), hasFailed ? look.entries : []);
  return failure !== undefined;
}

interface Look {
  readonly entries: readonly LiveEntry[];
  /** Why the list could not be read; empty where it could. */
  readonly trouble: string;
  /** Milliseconds that will have passed when the next list would begin. */
  readonly elapsed: number;
  readonly run: Run;
}

/** Why it is not to be waited for any longer; undefined while it is. */
function failureOf({ change, unclear: lost }: Sent, entries: readonly LiveEntry[], look: Look): SyncError | undefined {
  const { elapsed, trouble, run } = look;
  const bad = entries.find(({ status }) => status === "FAILED");
  if (bad !== undefined) return failed(change, bad);
  const why = trouble === "" ? "" : ` The last look failed: ${trouble}`;
  if (entries.length === 0 && elapsed > run.patience.lookForMs) {
    const first = lost === undefined ? `${change.key} was added, and no list shows it.` : lost.message;
    return unclear(`${first} It was looked for during ${seconds(run.patience.lookForMs)} s and not found.${why}`, lost);
  }
  if (elapsed <= run.entryTimeoutMs) return undefined;
  return entryFailed(
    `${change.key} was added and is not READY after ${seconds(run.entryTimeoutMs)} s.${kept(change)}${why}`,
    HINTS.slowEntry,
  );
}

/** UNKNOWN is for servers that do not tell: being there is all that can be seen. */
function isReady(entries: readonly LiveEntry[]): boolean {
  return entries.length > 0 && entries.every(({ status }) => status === "READY" || status === "UNKNOWN");
}

async function lookAt(datasource: string, run: Run): Promise<Pick<Look, "entries" | "trouble">> {
  try {
    const { items } = await run.limit(() => run.listEntries(datasource));
    return { entries: items, trouble: "" };
  } catch (error) {
    return { entries: [], trouble: messageOf(error) };
  }
}

async function hasWaited(pause: number, { interrupt }: Run): Promise<boolean> {
  try {
    await wait(pause, interrupt.hard);
    return true;
  } catch {
    return false;
  }
}

function failed(change: EntryAdding, { uuid, reason }: LiveEntry): SyncError {
  const why = reason === undefined ? "the server does not say why" : reason;
  return entryFailed(`The server failed to process ${change.key} (${uuid}): ${why}.${kept(change)}`, {
    remedy: "Look at what it holds and at the server's log; the next run tries again.",
  });
}

function stoppedWaiting(change: EntryAdding): SyncError {
  return new SyncError(
    "cancelled",
    `${change.key} was added, and the run was ended before it was READY.${kept(change)}`,
    {
      ...HINTS.again,
    },
  );
}

function entryFailed(message: string, hint: Hint): SyncError {
  return new SyncError("entry_failed", message, hint);
}

function kept({ op }: EntryAdding): string {
  return op === "update" ? " The old one was kept." : "";
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}
