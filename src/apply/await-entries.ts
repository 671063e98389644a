import { SyncError } from "../model/errors.ts";
import type { LiveEntry } from "../model/live.ts";
import type { EntryMark } from "../model/mark.ts";
import type { EntryAdding } from "./changes.ts";
import { isMarked } from "./entry-draft.ts";
import { growingPauses, wait } from "./patience.ts";
import { AGAIN, halfDone, messageOf, type Result, unclear } from "./result.ts";
import type { Run } from "./run.ts";

/** An entry that was sent, until the server says that it is READY. */
export interface Sent {
  readonly change: EntryAdding;
  readonly mark: EntryMark;
  /** Why it is not certain that it was added; absent where it is. */
  readonly unclear?: SyncError;
}

export interface Ready {
  readonly change: EntryAdding;
  readonly mark: EntryMark;
  /** Some servers make several of one call. */
  readonly entries: readonly LiveEntry[];
  /** All entries of the datasource in the list that shows them READY. */
  readonly listed: readonly LiveEntry[];
}

/**
 * Looks at a datasource until every entry that was sent is READY or never will be: one list at a time for all of them.
 * The ones that are not are given to `fail`. `ignored` are uuids that were there before.
 */
export async function awaitEntries(
  {
    datasource,
    sent,
    ignored,
  }: { readonly datasource: string; readonly sent: readonly Sent[]; readonly ignored: ReadonlySet<string> },
  run: Run,
  fail: (change: EntryAdding, result: Result) => void,
): Promise<readonly Ready[]> {
  const ready: Ready[] = [];
  const start = performance.now();
  let waiting = sent;
  for (const pause of growingPauses(run.patience)) {
    if (waiting.length === 0) break;
    const look = { ...(await lookAt(datasource, run)), elapsed: performance.now() - start + pause, ignored, run };
    const verdicts = waiting.map((one) => judge(one, look));
    ready.push(...verdicts.flatMap((verdict) => (verdict.is === "ready" ? [verdict] : [])));
    for (const verdict of verdicts) if (verdict.is === "failed") fail(verdict.change, verdict.result);
    waiting = verdicts.flatMap((verdict) => (verdict.is === "waiting" ? [verdict.one] : []));
    if (waiting.length > 0 && !(await hasWaited(pause, run))) {
      for (const { change } of waiting) fail(change, halfDone(stoppedWaiting(change)));
      break;
    }
  }
  return ready;
}

type Verdict =
  | (Ready & { readonly is: "ready" })
  | { readonly is: "waiting"; readonly one: Sent }
  | { readonly is: "failed"; readonly change: EntryAdding; readonly result: Result };

/** What one list says about one entry. */
function judge(one: Sent, look: Look): Verdict {
  const { change, mark } = one;
  const entries = look.entries.filter((entry) => isMarked(entry, mark) && !look.ignored.has(entry.uuid));
  if (isReady(entries)) return { is: "ready", change, mark, entries, listed: look.entries };
  const failure = failureOf(one, entries, look);
  return failure === undefined
    ? { is: "waiting", one }
    : { is: "failed", change, result: halfDone(failure, entries[0]?.uuid) };
}

interface Look {
  readonly entries: readonly LiveEntry[];
  /** Why the list could not be read; empty where it could. */
  readonly trouble: string;
  /** Milliseconds that will have passed when the next list would begin. */
  readonly elapsed: number;
  readonly ignored: ReadonlySet<string>;
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
    "Give it more time with --entry-timeout, or look at the server's workers; the next run goes on from here.",
  );
}

function isReady(entries: readonly LiveEntry[]): boolean {
  return entries.length > 0 && entries.every(({ status }) => status === "READY");
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
  return entryFailed(
    `The server failed to process ${change.key} (${uuid}): ${why}.${kept(change)}`,
    "Look at what it holds and at the server's log; the next run tries again.",
  );
}

function stoppedWaiting(change: EntryAdding): SyncError {
  return new SyncError(
    "cancelled",
    `${change.key} was added, and the run was ended before it was READY.${kept(change)}`,
    {
      remedy: AGAIN,
    },
  );
}

function entryFailed(message: string, remedy: string): SyncError {
  return new SyncError("entry_failed", message, { remedy });
}

function kept({ op }: EntryAdding): string {
  return op === "update" ? " The old one was kept." : "";
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}
