import type { Draft } from "../client/client.ts";
import type { LiveResource } from "../model/live.ts";
import type { Making } from "./changes.ts";
import { growingPauses, wait } from "./patience.ts";
import { messageOf, unclear } from "./result.ts";
import type { Run } from "./run.ts";

/** What a create is known by when its answer did not arrive. */
export interface Wanted {
  readonly change: Making;
  readonly draft: Draft;
}

/**
 * Looks in list after list for what a create with a lost answer made, until patience ends. Throws SyncError
 * `ambiguous_write` when it is not there by then, or when several could be it.
 */
export async function findCreated(wanted: Wanted, run: Run, error: Error): Promise<LiveResource> {
  const { patience, interrupt } = run;
  const deadline = performance.now() + patience.lookForMs;
  let trouble = "";
  for (const pause of growingPauses(patience)) {
    try {
      const found = await lookOnce(wanted, run);
      if (found !== undefined) return found;
      trouble = "";
    } catch (failure) {
      if (interrupt.hard.aborted || messageOf(failure) === SEVERAL) throw failure;
      trouble = ` The last look failed: ${messageOf(failure)}`;
    }
    if (performance.now() + pause > deadline) break;
    await wait(pause, interrupt.hard);
  }
  const seconds = Math.round(patience.lookForMs / 1000);
  throw unclear(
    `${error.message} It may have been created all the same: it was looked for during ${seconds} s and not found.${trouble}`,
    error,
  );
}

/** The newcomer of one list that this create made, if it is there. Throws when several could be it. */
export async function lookOnce({ change, draft }: Wanted, run: Run): Promise<LiveResource | undefined> {
  const { items } = await run.list(change.kind);
  const newcomers = items.filter(({ uuid, isOwned }) => isOwned && !run.known.has(uuid));
  const hasMarks = marksOf(change.kind, run) !== "none";
  const candidates = newcomers.filter((item) =>
    hasMarks ? item.mark?.nonce === draft.mark.nonce : item.name === draft.name && item.type === draft.type,
  );
  if (!hasMarks && (candidates.length > 1 || hasNamesake(change, run))) throw unclear(SEVERAL);
  const [first] = candidates.toSorted(byAge);
  if (first !== undefined) run.known.add(first.uuid);
  return first;
}

export function marksOf(kind: string, { client }: Run): "mutable" | "fixed" | "none" {
  return client.rules.capabilities.kinds[kind]?.mark ?? "none";
}

/** Oldest first, then by uuid: every run that looks puts them in the same order (design.md 3). */
export function byAge(left: LiveResource, right: LiveResource): number {
  return byText(instant(left.createdAt), instant(right.createdAt)) || byText(left.uuid, right.uuid);
}

/** Servers leave out a fraction of zero; without the zone the order of the texts is that of the moments. */
function instant(createdAt: string): string {
  return createdAt.replace(/(?:Z|\+00:00)$/u, "");
}

function byText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** True when this plan makes another one of that name and type: without marks they cannot be told apart. */
function hasNamesake(change: Making, { plan }: Run): boolean {
  const { name, type } = change.desired;
  return plan.changes.some(
    (other) =>
      other.subject === "resource" &&
      (other.op === "create" || other.op === "replace") &&
      other.id !== change.id &&
      other.kind === change.kind &&
      other.desired.name === name &&
      other.desired.type === type,
  );
}

const SEVERAL =
  "Its answer was lost, and several new ones of that name and type are there: this server keeps no mark to tell them apart.";
