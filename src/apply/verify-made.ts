import { SyncError } from "../model/errors.ts";
import { jsonEqual } from "../model/json.ts";
import type { LiveResource } from "../model/live.ts";
import type { Made } from "./create.ts";
import { byAge, marksOf } from "./find-created.ts";
import { done, halfDone, type Result, resultOf, stale, unclear } from "./result.ts";
import type { Run } from "./run.ts";
import { settleRewrites } from "./settle-rewrites.ts";
import { HINTS } from "../model/hints.ts";

/**
 * Looks at everything that a wave has made, with one list a kind: each is there once, and as it was sent. Of what
 * several runs made at the same moment one stays (design.md 3, races). `settle` hears of every one of them.
 */
export async function verifyMade(
  made: readonly Made[],
  run: Run,
  settle: (one: Made, result: Result) => void,
): Promise<void> {
  const byKind = Map.groupBy(made, ({ change }) => change.kind);
  await Promise.all([...byKind].map(([kind, group]) => verifyKind(kind, group, run, settle)));
}

async function verifyKind(
  kind: string,
  made: readonly Made[],
  run: Run,
  settle: (one: Made, result: Result) => void,
): Promise<void> {
  const shown = await shownOrError(kind, run);
  await Promise.all(
    made.map((one) =>
      run.limit(async () => {
        try {
          if (shown instanceof Error) throw notVerified(one, shown);
          settle(one, await verify(one, shown, run));
        } catch (error) {
          settle(one, halfDone(error, one.live.uuid));
        }
      }),
    ),
  );
}

/** One list of a kind, to be asked about each of many. */
interface Shown {
  readonly byUuid: ReadonlyMap<string, LiveResource>;
  /** What is taken for one and the same thing: equal set and key, or equal name and type where there are no marks. */
  readonly byIdentity: ReadonlyMap<string, readonly LiveResource[]>;
}

async function shownOrError(kind: string, run: Run): Promise<Shown | Error> {
  try {
    const { items } = await run.list(kind);
    return {
      byUuid: new Map(items.map((item) => [item.uuid, item])),
      byIdentity: Map.groupBy(items, (item) => identityOf(item, kind, run)),
    };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function identityOf(
  { mark, name, type }: Pick<LiveResource, "mark" | "name" | "type">,
  kind: string,
  run: Run,
): string {
  if (marksOf(kind, run) === "none") return JSON.stringify([name, type]);
  return mark === undefined ? "" : JSON.stringify([mark.set, mark.key]);
}

async function verify(one: Made, { byUuid, byIdentity }: Shown, run: Run): Promise<Result> {
  const { change, draft, knownBy } = one;
  const live = byUuid.get(one.live.uuid);
  if (live === undefined) {
    throw unclear(`${change.key} was created as ${one.live.uuid}, but the list of ${change.kind} does not show it.`);
  }
  const equals = byIdentity.get(identityOf(draft, change.kind, run)) ?? [];
  const twins = equals.filter((item) => isTwin(item, one, run));
  const doubled = twins.filter(({ mark }) => mark !== undefined && mark.nonce === draft.mark.nonce);
  if (doubled.length > 0) throw createdTwice(one, doubled);
  const [oldest] = [live, ...twins].toSorted(byAge);
  if (oldest !== undefined && oldest !== live) return giveWay(one, oldest, run);
  const answer = knownBy === "answer" ? { answer: one.live } : {};
  return done(live.uuid, await settleRewrites({ change, draft, live, ...answer }, run));
}

/** Made by another run, after the plan saw the server. Where there are no marks only a sure one of ours may give way. */
function isTwin(item: LiveResource, { live, knownBy, change }: Made, run: Run): boolean {
  if (item.uuid === live.uuid || !item.isOwned || run.known.has(item.uuid)) return false;
  return knownBy === "answer" || marksOf(change.kind, run) !== "none";
}

/** Deletes the younger one, which this run has just made, in favour of another run's. */
async function giveWay({ change, draft, live }: Made, oldest: LiveResource, run: Run): Promise<Result> {
  await run.client.delete(run.specOf(change.kind), live.uuid, run.interrupt.hard);
  run.known.add(oldest.uuid);
  if (!jsonEqual(oldest.document, draft.document)) {
    const message = `${change.key} was created by another run at the same moment, with other content, as ${oldest.uuid}; that one stays and ours (${live.uuid}) was deleted.`;
    return resultOf(stale(message), { uuid: oldest.uuid });
  }
  const warning = `${change.key} was created by another run at the same moment; ${oldest.uuid} is older and stays, ours (${live.uuid}) was deleted.`;
  return done(oldest.uuid, [warning]);
}

function notVerified({ change, live }: Made, error: Error): SyncError {
  const failure = error instanceof SyncError && error.class !== "cancelled" ? error.class : "incomplete_read";
  return new SyncError(
    failure,
    `${change.key} was created as ${live.uuid}, but could not be looked at afterwards: ${error.message}`,
    { cause: error, ...HINTS.again },
  );
}

function createdTwice({ change, live }: Made, doubled: readonly LiveResource[]): SyncError {
  const uuids = [live, ...doubled].map(({ uuid }) => uuid).join(", ");
  return new SyncError(
    "server_error",
    `${change.key} was sent once and is there ${doubled.length + 1} times: ${uuids}.`,
    {
      remedy: "A proxy may have repeated the request, or somebody has just duplicated it: delete all but one by hand.",
    },
  );
}
