import type { EntryRemoving } from "./changes.ts";
import { deleteEntry } from "./delete-entry.ts";
import { type EntryGroup, inGroups } from "./entry-groups.ts";
import { isSameEntry } from "./moved.ts";
import type { Guard } from "./related.ts";
import { done, resultOf, stale } from "./result.ts";
import type { Run } from "./run.ts";

/** Deletes the entries that no manifest names any more, and only those that the plan saw. Settles every change. */
export async function pruneEntries(changes: readonly EntryRemoving[], run: Run, guard: Guard): Promise<void> {
  const free = changes.filter((change) => {
    const why = run.ledger.admits(change) ? guard(change) : undefined;
    if (why !== undefined) run.ledger.block(change, why);
    return why === undefined;
  });
  await inGroups(free, run, async (group) => {
    await Promise.all(group.changes.map((change) => run.limit(() => pruneOne(change, group, run))));
  });
}

async function pruneOne(
  change: EntryRemoving,
  { datasource, before }: EntryGroup<EntryRemoving>,
  run: Run,
): Promise<void> {
  if (!run.ledger.begin(change)) return;
  try {
    for (const seen of change.live) {
      const now = before.find(({ uuid }) => uuid === seen.uuid);
      if (now === undefined) continue;
      if (!isSameEntry(seen, now))
        throw stale(`${change.key} (${seen.uuid}) is not what the plan saw: its mark changed.`);
      await deleteEntry({ datasource, entry: seen.uuid, key: change.key }, run);
    }
    run.ledger.settle(change, done());
  } catch (error) {
    run.ledger.settle(change, resultOf(error));
  }
}
