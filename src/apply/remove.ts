import { SyncError } from "../model/errors.ts";
import { entryOwnersOf, isSurelyOurs } from "../model/mark-of.ts";
import type { Resource } from "../model/resource.ts";
import type { Making, Removing } from "./changes.ts";
import { readAsPlanned } from "./as-planned.ts";
import { done, halfDone, messageOf, type Result, stale, unclear } from "./result.ts";
import type { Run } from "./run.ts";
import { counted } from "./text.ts";
import { HINTS } from "../model/hints.ts";

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

/**
 * Before anything is made in its place, what a replace is to delete is looked at. Throws SyncError `stale_plan` when it is
 * gone, or is not what the plan saw.
 */
export async function assertReplaceable(change: Making, run: Run): Promise<void> {
  if (change.op !== "replace" || (await isAsPlanned(change, run))) return;
  throw stale(`${change.key} (${change.live.uuid}) is gone since the plan was made.`);
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
  if ((await readAsPlanned(change, run, " It was not deleted.")) === undefined) return false;
  if (run.specOf(change.kind).hasEntries) await assertOursInside(change, run);
  return true;
}

/** Somebody may have added an entry since the plan was made: it would go with its datasource (design.md 6.4). */
async function assertOursInside(change: Removing, run: Run): Promise<void> {
  const { key, live } = change;
  const { items } = await run.client.listEntries(live.uuid, run.interrupt.hard);
  const desired = desiredOf(change, run);
  const owners = entryOwnersOf(run.plan.target.set, desired);
  const isProven = run.plan.proven?.has(live.uuid) ?? false;
  const isOurs = isSurelyOurs(run.client.rules.capabilities.entryMark, owners, { desired: desired?.entries, isProven });
  const foreign = items.filter((entry) => !isOurs(entry)).length;
  if (live.mark === undefined && !isProven && foreign === items.length) {
    throw stale(
      `${key} (${live.uuid}) holds no entry of ours any more, which was all that proved it ours. It was not deleted.`,
    );
  }
  const isExclusive = (live.mark !== undefined || isProven) && desired?.entriesPolicy === "Exclusive";
  if (foreign === 0 || isExclusive) return;
  throw stale(
    `${key} (${live.uuid}) now holds ${counted(foreign, "entry", "entries")} without our mark, which would go with it. It was not deleted.`,
  );
}

/** The manifest that speaks for what goes: a replacement that a run did not come to finish has one of the same key. */
function desiredOf(change: Removing, { plan }: Run): Resource | undefined {
  if (change.op === "replace") return change.desired;
  if (change.manifest !== undefined) return change.manifest;
  return plan.changes
    .filter((other) => other.subject === "resource" && other.key === change.key)
    .map((other) => ("desired" in other && other.subject === "resource" ? other.desired : undefined))
    .find((desired) => desired !== undefined);
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
    ...HINTS.again,
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
