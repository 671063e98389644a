import { SyncError } from "../model/errors.ts";
import type { LiveEntry } from "../model/live.ts";
import type { EntryChange } from "../model/plan.ts";
import { messageOf, resultOf } from "./result.ts";
import type { Run } from "./run.ts";
import { againAfter, HINTS } from "../model/hints.ts";

/** Changes of the entries of one datasource, in one wave. */
export interface EntryGroup<C extends EntryChange> {
  /** Uuid of the datasource as it is now: of the new one, where it is made or replaced in this run. */
  readonly datasource: string;
  readonly changes: readonly C[];
  /** Its entries right before the first of these changes. */
  readonly before: readonly LiveEntry[];
}

/**
 * Does the entries of a wave, datasource by datasource, all at the same time. Each datasource is read right before, but
 * for one that this run has just made. Where that is not possible all its changes are settled as what stands against it.
 */
export async function inGroups<C extends EntryChange>(
  changes: readonly C[],
  run: Run,
  carryOut: (group: EntryGroup<C>) => Promise<void>,
): Promise<void> {
  const groups = [...Map.groupBy(changes, ({ datasource }) => datasource).values()];
  await Promise.all(
    groups.map(async (group) => {
      const admitted = group.filter((change) => run.ledger.admits(change));
      if (admitted.length === 0) return;
      try {
        const datasource = datasourceOf(admitted, run);
        await carryOut({ datasource, changes: admitted, before: await entriesOf(datasource, admitted, run) });
      } catch (error) {
        for (const change of admitted) if (run.ledger.begin(change)) run.ledger.settle(change, resultOf(error));
      }
    }),
  );
}

function datasourceOf([change]: readonly EntryChange[], { uuids }: Run): string {
  const uuid = change === undefined ? undefined : (uuids.get(change.datasource) ?? change.datasourceUuid);
  if (uuid !== undefined) return uuid;
  throw new SyncError("dependency_failed", `${change?.datasource ?? "The datasource"} is not on the server.`, {
    ...againAfter("Settle that first."),
  });
}

async function entriesOf(uuid: string, [change]: readonly EntryChange[], run: Run): Promise<readonly LiveEntry[]> {
  if (run.empty.has(uuid)) return [];
  try {
    return (await run.limit(() => run.listEntries(uuid))).items;
  } catch (error) {
    if (!(error instanceof SyncError) || error.class === "cancelled") throw error;
    throw new SyncError(
      error.class === "ambiguous_write" ? "incomplete_read" : error.class,
      `The entries of ${change?.datasource ?? uuid} could not be read, so nothing was done to them: ${messageOf(error)}`,
      { cause: error, ...HINTS.again },
    );
  }
}
