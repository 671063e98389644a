import { SyncError } from "../model/errors.ts";
import type { Wanted } from "./find-created.ts";
import { messageOf, unclear } from "./result.ts";
import type { Run } from "./run.ts";

/** Names of objects that are being made, so that a half-made one can be told whose it is. */
export class NamesInFlight {
  readonly #counts = new Map<string, number>();
  /** Names that were under way twice at one moment: nothing of that name is anybody's for sure any more. */
  readonly #shared = new Set<string>();

  enter(name: string): void {
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    if (count > 1) this.#shared.add(name);
  }

  leave(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 1) - 1);
  }

  isShared(name: string): boolean {
    return this.#shared.has(name);
  }
}

interface FailedCreate {
  /** What the server answered. */
  readonly lost: SyncError;
  /** What became of looking for it. */
  readonly error: SyncError;
  /** Whether something else of that name was being made too. */
  readonly others: "none" | "others";
}

/**
 * A server that fails on a create may have stored half of it, and that half breaks its lists. It is this create's where
 * it was not there before, has its name and no version, and nothing else of that name was under way: then it is deleted,
 * the one thing without a mark that ever is; else it is told. Gives the error that the create ends with.
 */
export async function withoutOrphan(wanted: Wanted, failed: FailedCreate, run: Run): Promise<SyncError> {
  const { lost, error } = failed;
  const spec = run.specOf(wanted.change.kind);
  try {
    const { name } = wanted.draft;
    const orphans = await run.client.findOrphans(spec, { name, known: run.known }, run.interrupt.hard);
    const [only, ...more] = orphans;
    if (only === undefined) return error;
    const isOurs = more.length === 0 && failed.others === "none" && run.plan.seen !== undefined;
    if (!isOurs) return leftBehind(wanted, orphans, lost);
    await run.client.delete(spec, only, run.interrupt.hard);
    return new SyncError(
      "server_error",
      `${lost.message} It had stored half of ${wanted.change.key} (${only}), which was deleted again.`,
      { cause: lost, remedy: "Look at the server's log for why it failed, and correct the manifest." },
    );
  } catch (failure) {
    return unclear(
      `${error.message} Whether half of it is left behind could not be seen: ${messageOf(failure)}`,
      error,
    );
  }
}

function leftBehind({ change, draft }: Wanted, orphans: readonly string[], lost: SyncError): SyncError {
  return unclear(
    `${lost.message} Half of ${change.key} may be left behind: ${orphans.join(", ")} ${orphans.length === 1 ? "has" : "have"} its name (${JSON.stringify(draft.name)}) and no version. Delete ${orphans.length === 1 ? "it" : "them"} by hand if it is.`,
    lost,
  );
}
