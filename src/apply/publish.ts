import { SyncError } from "../model/errors.ts";
import { moreOpenThan, narrowed, publishOfReplacement, unlikeAsked } from "../model/publish.ts";
import type { Publish } from "../model/resource.ts";
import { readAsPlanned } from "./as-planned.ts";
import type { Changing, Making } from "./changes.ts";
import { UNCLEAR } from "./remove.ts";
import { done, halfDone, messageOf, type Result, stale } from "./result.ts";
import type { Run } from "./run.ts";
import { HINTS } from "../model/hints.ts";

/** The half of a change that says who may see an object: `narrow` keeps people out, `widen` does all the rest. */
export type PublishPart = "narrow" | "widen";

/** Who is to see what a change is about; undefined where it says nothing about that. */
export function publishAsked(change: Making | Changing): Publish | undefined {
  const { publish } = change.desired;
  return change.op === "replace" ? publishOfReplacement(publish, change.live.publish) : publish;
}

/**
 * Reads who may see an object, changes that, and looks whether it is so. What lets in more than was asked for is hidden
 * at once, and the change has failed: no server may make something public by mistake. Throws SyncError.
 */
export async function setPublish(change: Making | Changing, part: PublishPart, run: Run): Promise<Result> {
  const written = run.ledger.writtenOf(change);
  const uuid = written?.uuid ?? (change.op === "create" ? undefined : change.live.uuid);
  const asked = publishAsked(change);
  if (uuid === undefined || asked === undefined)
    throw new SyncError("internal", `${change.key} has nobody to be shown to.`);
  try {
    const before = await readBefore(change, uuid, run);
    const wanted = part === "narrow" ? narrowed(asked, before) : asked;
    run.published.set(uuid, await setForSure({ key: change.key, uuid, before, wanted }, run));
    return done(uuid, written?.warnings);
  } catch (error) {
    if (written === undefined) throw error;
    return { ...halfDone(error, uuid), warnings: written.warnings };
  }
}

/** Throws SyncError `stale_plan` where the object is gone, or, before this run wrote to it, where it changed. */
async function readBefore(change: Making | Changing, uuid: string, run: Run): Promise<Publish> {
  const isUntouched = run.ledger.writtenOf(change) === undefined && (change.op === "update" || change.op === "adopt");
  const now = isUntouched
    ? await readAsPlanned(change, run)
    : await run.client.get(run.specOf(change.kind), uuid, run.interrupt.hard);
  if (now === undefined) throw stale(`${change.key} (${uuid}) is gone since the plan was made.`);
  return now.publish ?? {};
}

interface Setting {
  readonly key: string;
  readonly uuid: string;
  readonly before: Publish;
  readonly wanted: Publish;
}

async function setForSure(setting: Setting, run: Run): Promise<Publish> {
  const { key, uuid, before, wanted } = setting;
  const { publish: now, error } = await setAndRead(setting, run);
  const open = moreOpenThan({ ...before, ...wanted }, now);
  if (open.length > 0) throw await hide({ key, uuid, now, open }, run);
  const unlike = unlikeAsked(wanted, now);
  if (unlike.length === 0) return now;
  if (error !== undefined) throw error;
  throw new SyncError(
    "server_rewrote_value",
    `${key} (${uuid}): the server did not take ${inWords(unlike, wanted)}; it is ${inWords(unlike, now)}.`,
    {
      remedy:
        "The account may not be allowed to publish so, or a person may be unknown there: check that, or state what it is.",
    },
  );
}

/** What is so afterwards, also where the answer was lost; `error` is why then. */
async function setAndRead(
  { key, uuid, wanted }: Setting,
  run: Run,
): Promise<{ readonly publish: Publish; readonly error?: SyncError }> {
  const { client, interrupt, plan } = run;
  try {
    return { publish: await client.publish(uuid, wanted, interrupt.hard) };
  } catch (error) {
    if (!(error instanceof SyncError) || !UNCLEAR.has(error.class) || interrupt.hard.aborted) throw error;
    const kind = plan.changes.find((change) => change.key === key)?.kind ?? "";
    const now = await client.get(run.specOf(kind), uuid, interrupt.hard);
    if (now === undefined) throw error;
    return { publish: now.publish ?? {}, error };
  }
}

interface TooOpen {
  readonly key: string;
  readonly uuid: string;
  readonly now: Publish;
  readonly open: readonly (keyof Publish)[];
}

/** Hides what became more open than asked, and says how that ended. */
async function hide({ key, uuid, now, open }: TooOpen, { client, interrupt }: Run): Promise<SyncError> {
  const what = `${key} (${uuid}) became more open than asked for: ${inWords(open, now)}.`;
  try {
    const hidden = await client.publish(uuid, { state: "Unpublished" }, interrupt.hard);
    if (hidden.state === "Unpublished") {
      return new SyncError("server_rewrote_value", `${what} It was unpublished at once.`, { ...HINTS.again });
    }
    return stillOpen(what, undefined);
  } catch (error) {
    return stillOpen(what, error);
  }
}

function stillOpen(what: string, cause: unknown): SyncError {
  const why = cause === undefined ? "" : ` ${messageOf(cause)}`;
  return new SyncError("server_rewrote_value", `${what} It could not be unpublished.${why}`, {
    cause,
    remedy: "Unpublish it by hand, now.",
  });
}

function inWords(fields: readonly (keyof Publish)[], values: Publish): string {
  return fields.map((field) => `${field} ${String(values[field] ?? "not told")}`).join(", ");
}
