import type { LiveEntry } from "../model/live.ts";
import { awaitEntries, type Ready, type Sent } from "./await-entries.ts";
import type { EntryAdding } from "./changes.ts";
import { deleteEntry } from "./delete-entry.ts";
import { entryDraftOf, matcherOf } from "./entry-draft.ts";
import { type EntryGroup, inGroups } from "./entry-groups.ts";
import { isSameEntry } from "./moved.ts";
import { done, halfDone, messageOf, type Result, resultOf, stale } from "./result.ts";
import type { Run } from "./run.ts";
import { send } from "./send.ts";

/**
 * Adds what is new, waits until it is READY, and only then deletes what it stands in for, so that a search never misses
 * it. What is there already, from a run that ended in the middle, is not uploaded again. Settles every change.
 */
export async function addEntries(changes: readonly EntryAdding[], run: Run): Promise<void> {
  await inGroups(changes, run, (group) => addGroup(group, run));
}

async function addGroup(group: EntryGroup<EntryAdding>, run: Run): Promise<void> {
  const { datasource, changes } = group;
  const sent = await Promise.all(changes.map((change) => run.limit(() => addOne(change, group, run))));
  const finishing: Promise<void>[] = [];
  await awaitEntries(
    datasource,
    sent.filter((one) => one !== undefined),
    run,
    {
      ready: (one) => finishing.push(run.limit(() => giveUpOld(one, datasource, run))),
      failed: (change, result, listed) =>
        finishing.push(run.limit(() => giveUpFailed({ change, listed }, result, datasource, run))),
    },
  );
  await Promise.all(finishing);
}

/** Undefined when the change is settled already. */
async function addOne(change: EntryAdding, group: EntryGroup<EntryAdding>, run: Run): Promise<Sent | undefined> {
  if (!run.ledger.begin(change)) return undefined;
  try {
    assertAsPlanned(change, group.before);
    return await addUnlessThere(change, group, run);
  } catch (error) {
    run.ledger.settle(change, resultOf(error));
    return undefined;
  }
}

async function addUnlessThere(
  change: EntryAdding,
  { datasource, before }: EntryGroup<EntryAdding>,
  run: Run,
): Promise<Sent> {
  const draft = entryDraftOf(change, run);
  const isItsOwn = matcherOf(draft, run);
  const ignored = new Set([
    ...before.filter(({ status }) => status === "FAILED").map(({ uuid }) => uuid),
    ...(change.op === "update" ? change.live.map(({ uuid }) => uuid) : []),
  ]);
  const current = change.op === "update" ? change.current?.uuid : undefined;
  const matches = (entry: LiveEntry): boolean =>
    entry.uuid === current || (isItsOwn(entry) && !ignored.has(entry.uuid));
  if (before.some(matches)) return { change, matches };
  const sent = await send(
    run,
    async (signal) => {
      await run.client.createEntry(datasource, draft, signal);
      return "added" as const;
    },
    async (refusal) => {
      if (refusal.class !== "rate_limited") return undefined;
      return (await run.listEntries(datasource)).items.some(matches) ? "added" : undefined;
    },
  );
  return sent.is === "answered" ? { change, matches } : { change, matches, unclear: sent.error };
}

/** Throws SyncError `stale_plan` when what the change stands in for is not what the plan saw. */
function assertAsPlanned(change: EntryAdding, before: readonly LiveEntry[]): void {
  if (change.op === "create") return;
  for (const seen of change.live) {
    const now = before.find(({ uuid }) => uuid === seen.uuid);
    if (now === undefined) throw stale(`${change.key} (${seen.uuid}) is gone since the plan was made.`);
    if (!isSameEntry(seen, now))
      throw stale(`${change.key} (${seen.uuid}) is not what the plan saw: its mark changed.`);
  }
}

/**
 * Of an entry that the server fails to process one try is kept for people to look at: without that each run would leave
 * one more.
 */
async function giveUpFailed(
  { change, listed }: Pick<Ready, "change" | "listed">,
  result: Result,
  datasource: string,
  run: Run,
): Promise<void> {
  const earlier = change.op === "update" ? change.live.filter(({ status }) => status === "FAILED") : [];
  const doomed = earlier.filter((seen) => listed.some((now) => now.uuid === seen.uuid && isSameEntry(seen, now)));
  try {
    for (const { uuid } of doomed) await deleteEntry({ datasource, entry: uuid, key: change.key }, run);
    run.ledger.settle(change, result);
  } catch (error) {
    const warning = `An earlier try of ${change.key} is still there: ${messageOf(error)}`;
    run.ledger.settle(change, { ...result, warnings: [...result.warnings, warning] });
  }
}

async function giveUpOld(ready: Ready, datasource: string, run: Run): Promise<void> {
  const { change, entries } = ready;
  const kept = oldestOfEachName(entries);
  const uuid = kept[0]?.uuid;
  const doomed = [...oldOnes(ready), ...entries.filter((entry) => !kept.includes(entry))];
  try {
    for (const { uuid: old } of doomed) await deleteEntry({ datasource, entry: old, key: change.key }, run);
    run.ledger.settle(change, done(uuid));
  } catch (error) {
    const result = halfDone(error, uuid);
    const warning = `${change.key} is in place as ${uuid ?? "a new entry"}, and an old one is still beside it.`;
    run.ledger.settle(change, { ...result, warnings: [warning] });
  }
}

/** What the plan saw and the new ones stand in for, as far as it is still there and unchanged. */
function oldOnes({ change, entries, listed }: Ready): readonly LiveEntry[] {
  if (change.op === "create") return [];
  return change.live.filter((seen) => {
    const now = listed.find(({ uuid }) => uuid === seen.uuid);
    return now !== undefined && isSameEntry(seen, now) && !entries.includes(now);
  });
}

/**
 * Two runs at once may have added the same content twice. The oldest stays: every run decides the same. One call that
 * made several entries gave them names of their own.
 */
function oldestOfEachName(entries: readonly LiveEntry[]): readonly LiveEntry[] {
  const byAge = entries.toSorted((a, b) => compare(a.createdAt, b.createdAt) || compare(a.uuid, b.uuid));
  return [...new Map(byAge.toReversed().map((entry) => [entry.name, entry])).values()];
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
