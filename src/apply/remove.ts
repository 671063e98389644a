import { SyncError } from "../model/errors.ts";
import type { LiveResource } from "../model/live.ts";
import type { Removing } from "./changes.ts";
import { whatMoved } from "./moved.ts";
import { AGAIN, done, halfDone, messageOf, type Result, stale, unclear } from "./result.ts";
import type { Run } from "./run.ts";
import { counted } from "./text.ts";

/**
 * Deletes what a prune or the second half of a replace is about, after one more look at it. Gone already is done.
 * Throws SyncError `stale_plan`, with nothing sent, when it is not what the plan saw.
 */
export async function remove(change: Removing, run: Run): Promise<Result> {
  const written = run.ledger.writtenOf(change);
  try {
    if (await isAsPlanned(change, run)) await deleteForSure(change, run);
    return written ?? done();
  } catch (error) {
    return halfOf(change, error, written);
  }
}

/** A replace whose old object stays has still made its new one. */
function halfOf(change: Removing, error: unknown, written: Result | undefined): Result {
  if (written === undefined) throw error;
  const result = halfDone(error, written.uuid);
  const warning = `${change.key} is replaced by ${written.uuid}, and the old one (${change.live.uuid}) is still there.`;
  return { ...result, warnings: [...written.warnings, warning] };
}

/** False when it is gone. */
async function isAsPlanned(change: Removing, run: Run): Promise<boolean> {
  const { key, kind, live } = change;
  const spec = run.specOf(kind);
  const now = await run.client.get(spec, live.uuid, run.interrupt.hard);
  if (now === undefined) return false;
  const moved = whatMoved(live, now);
  if (moved !== undefined) throw stale(`${key} (${live.uuid}) is not what the plan saw: ${moved}. It was not deleted.`);
  if (spec.hasEntries && !isExclusive(change)) await assertNoForeignEntries(change, live, run);
  return true;
}

/** Somebody may have added an entry since the plan was made; it would go with its datasource (design.md 6.4). */
async function assertNoForeignEntries(change: Removing, live: LiveResource, run: Run): Promise<void> {
  const { items } = await run.client.listEntries(live.uuid, run.interrupt.hard);
  const ours = setsOf(change, run);
  const foreign = items.filter(({ mark }) => mark === undefined || !ours.has(mark.set));
  if (foreign.length > 0) {
    throw stale(
      `${change.key} (${live.uuid}) now holds ${counted(foreign.length, "entry", "entries")} without our mark, which would go with it. It was not deleted.`,
    );
  }
  if (items.length === 0 && live.mark === undefined) {
    throw stale(
      `${change.key} (${live.uuid}) holds no entry any more, so nothing proves that it is ours. It was not deleted.`,
    );
  }
}

/** Sets whose marks count as ours here. */
function setsOf(change: Removing, { plan }: Run): ReadonlySet<string> {
  const { takeOver } = plan.policy;
  const former = change.op === "replace" ? change.desired.formerSets : [];
  return new Set([plan.target.set, ...former, ...(takeOver === undefined ? [] : [takeOver])]);
}

function isExclusive(change: Removing): boolean {
  return change.op === "replace" && change.desired.entriesPolicy === "Exclusive";
}

/** After an answer that says nothing the object is looked for once more. */
async function deleteForSure({ key, kind, live }: Removing, run: Run): Promise<void> {
  const spec = run.specOf(kind);
  const { client, interrupt } = run;
  try {
    await client.delete(spec, live.uuid, interrupt.hard);
  } catch (error) {
    if (!(error instanceof SyncError) || !UNCLEAR.has(error.class)) throw error;
    if (interrupt.hard.aborted)
      throw unclear(`The run was ended while ${key} (${live.uuid}) was being deleted.`, error);
    const now = await lookAgain(() => client.get(spec, live.uuid, interrupt.hard), error);
    if (now !== undefined) throw stillThere(`${key} (${live.uuid})`, error);
  }
}

/** Reads after an unclear delete. Throws SyncError `ambiguous_write` when that is not possible either. */
export async function lookAgain<T>(read: () => Promise<T>, error: SyncError): Promise<T> {
  try {
    return await read();
  } catch (failure) {
    throw unclear(`${error.message} It could not be looked at afterwards either: ${messageOf(failure)}`, failure);
  }
}

/** What is left to say when an unclear delete did nothing. */
export function stillThere(what: string, error: SyncError): SyncError {
  return new SyncError("server_error", `${what} is still there after it was deleted: ${error.message}`, {
    cause: error,
    remedy: AGAIN,
  });
}

/** Failures after which a delete may have happened all the same. */
export const UNCLEAR: ReadonlySet<string> = new Set([
  "ambiguous_write",
  "unreachable",
  "server_error",
  "incomplete_read",
  "cancelled",
]);
