import type { Draft } from "../client/client.ts";
import { SyncError } from "../model/errors.ts";
import type { LiveResource } from "../model/live.ts";
import type { Changing } from "./changes.ts";
import { draftOf } from "./draft.ts";
import { marksOf } from "./find-created.ts";
import { readAsPlanned, whatMovedSince } from "./as-planned.ts";
import { isSameMark } from "./moved.ts";
import { growingPauses, wait } from "./patience.ts";
import { done, halfDone, messageOf, type Result, stale, unclear } from "./result.ts";
import { rewritesIn } from "./rewrites.ts";
import type { Run } from "./run.ts";
import { send } from "./send.ts";
import { settleRewrites } from "./settle-rewrites.ts";
import { HINTS } from "../model/hints.ts";

/**
 * Reads, writes, reads again. Throws SyncError `stale_plan` with nothing sent when the object is not what the plan saw.
 * A write whose answer was lost is looked for, and repeated only when the object is still what it was.
 */
export async function update(change: Changing, run: Run): Promise<Result> {
  const draft = await draftOf(change, run);
  const before = await readStill(change, run);
  const landed = await write({ change, draft }, before, run);
  try {
    const live = landed.live ?? (await readBack(change, run));
    if (live.hasLiveVersion === false) throw stale(`${change.key} (${live.uuid}) was written, and then taken down.`);
    const answer = landed.answer === undefined ? {} : { answer: landed.answer };
    return done(live.uuid, await settleRewrites({ change, draft, live, ...answer }, run));
  } catch (error) {
    return halfDone(error, change.live.uuid);
  }
}

/** What a write left behind: its own answer, or what was found after the answer was lost. */
type Landed =
  { readonly answer: LiveResource; readonly live?: never } | { readonly live: LiveResource; readonly answer?: never };

interface Update {
  readonly change: Changing;
  readonly draft: Draft;
}

async function write({ change, draft }: Update, before: LiveResource, run: Run): Promise<Landed> {
  const { client, patience, interrupt } = run;
  const spec = run.specOf(change.kind);
  const pauses = growingPauses(patience);
  for (let attempt = 1; ; attempt += 1) {
    const sent = await send(
      run,
      (signal) => client.update(spec, before, draft, signal),
      async () => {
        await readStill(change, run);
        return undefined;
      },
    );
    if (sent.is === "answered") return { answer: sent.value };
    await wait(pauses.next().value, interrupt.hard);
    const now = await readAfterUnclear(change, run, sent.error);
    if (hasLanded({ change, draft }, now, run)) return { live: now };
    const moved = whatMovedSince(change, now, run);
    if (moved !== undefined)
      throw stale(`${change.key} (${now.uuid}) was written, its answer was lost, and now ${moved}.`);
    if (attempt === patience.attempts) throw neverLanded(change, sent.error);
    interrupt.stop.throwIfAborted();
  }
}

/** Throws SyncError `stale_plan` when the object is gone or is not what the plan saw. */
async function readStill(change: Changing, run: Run): Promise<LiveResource> {
  const now = await readAsPlanned(change, run);
  if (now === undefined) throw stale(`${change.key} (${change.live.uuid}) is gone since the plan was made.`);
  return now;
}

async function readAfterUnclear({ key, kind, live }: Changing, run: Run, error: SyncError): Promise<LiveResource> {
  try {
    const now = await run.client.get(run.specOf(kind), live.uuid, run.interrupt.hard);
    if (now !== undefined) return now;
  } catch (failure) {
    throw unclear(`${error.message} It could not be looked at afterwards either: ${messageOf(failure)}`, failure);
  }
  throw stale(`${key} (${live.uuid}) is gone since the plan was made.`);
}

async function readBack({ key, kind, live }: Changing, run: Run): Promise<LiveResource> {
  try {
    const now = await run.client.get(run.specOf(kind), live.uuid, run.interrupt.hard);
    if (now !== undefined) return now;
  } catch (error) {
    throw new SyncError(
      "incomplete_read",
      `${key} (${live.uuid}) was written, but could not be looked at afterwards: ${messageOf(error)}`,
      { cause: error, ...HINTS.again },
    );
  }
  throw stale(`${key} (${live.uuid}) was written, and somebody deleted it right after that.`);
}

/** True when the object is what was sent: by its mark, where that changes with every change, else by its content. */
function hasLanded({ change, draft }: Update, now: LiveResource, run: Run): boolean {
  if (now.hasLiveVersion === false) return false;
  const isMarkNew = !isSameMark(change.live.mark, draft.mark);
  if (marksOf(change.kind, run) === "mutable" && isMarkNew) return isSameMark(now.mark, draft.mark);
  const scope = { spec: run.specOf(change.kind), rules: run.client.rules };
  return rewritesIn({ template: change.desired.document, sent: draft.document, got: now.document }, scope).length === 0;
}

function neverLanded({ key }: Changing, error: SyncError): SyncError {
  return new SyncError(
    "server_error",
    `${key} was sent several times and never changed. The last time: ${error.message}`,
    {
      cause: error,
      ...HINTS.seeProxies,
    },
  );
}
