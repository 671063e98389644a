import { SyncError } from "../model/errors.ts";
import { lookAgain, stillThere, UNCLEAR } from "./remove.ts";
import { unclear } from "./result.ts";
import type { Run } from "./run.ts";

/** Deletes one entry and looks again where the answer says nothing. Gone already is fine; else throws SyncError. */
export async function deleteEntry(
  { datasource, entry, key }: { readonly datasource: string; readonly entry: string; readonly key: string },
  run: Run,
): Promise<void> {
  const { client, interrupt } = run;
  try {
    await client.deleteEntry(datasource, entry, interrupt.hard);
  } catch (error) {
    if (!(error instanceof SyncError) || !UNCLEAR.has(error.class)) throw error;
    if (interrupt.hard.aborted) throw unclear(`The run was ended while ${key} (${entry}) was being deleted.`, error);
    const { items } = await lookAgain(() => run.listEntries(datasource), error);
    if (items.some(({ uuid }) => uuid === entry)) throw stillThere(`${key} (${entry})`, error);
  }
}
