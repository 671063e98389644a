import type { LiveResource } from "../model/live.ts";
import type { Mark } from "../model/mark.ts";
import type { Hold, Note } from "../model/plan.ts";
import type { ResourceKey } from "../model/resource.ts";
import { counted, groupBy, listed } from "./collections.ts";
import { type Context, inOneOrder } from "./context.ts";
import { deletionHold } from "./deletion.ts";
import { isEntryOfSets } from "./entry-owner.ts";
import * as holds from "./holds.ts";
import type { Matches } from "./match.ts";
import { originalOf } from "./same-mark.ts";
import { keyFromMark } from "./scope.ts";
import { wouldPrune } from "../model/hints.ts";

/** A live object that is to go. */
export interface Removal {
  readonly key: ResourceKey;
  readonly live: LiveResource;
  /** `prune`: no manifest names it. `finish`: what took its place is there, the deletion was not come to. */
  readonly why: "prune" | "finish";
}

export interface Leftovers {
  readonly removals: readonly Removal[];
  readonly held: readonly { readonly key: ResourceKey; readonly live: LiveResource; readonly hold: Hold }[];
  readonly notes: readonly Note[];
  /** Managed objects that no manifest names, held ones included, those that are to outlive their manifest not. */
  readonly managed: number;
}

/** True where this plan may delete what no manifest names. */
export function isPruning({ policy }: Pick<Context, "policy">): boolean {
  return policy.prune && policy.only.length === 0;
}

/** Managed live objects that no manifest names: what is to go with --prune, what is left and why. */
export function findLeftovers(context: Context, matches: Matches): Leftovers {
  const unclaimed = findUnclaimed(context, matches);
  const { set, owner } = context.policy;
  const marked = unclaimed.filter(({ mark }) => mark?.set === set && isKeptHere(mark, owner));
  const orphans = marked.filter(({ mark }) => mark?.orphan);
  const managed = marked.filter(({ mark }) => !mark?.orphan);
  if (!isPruning(context))
    return { removals: [], held: [], notes: leftoverNotes(managed, context), managed: managed.length };
  const markless = findMarkless(unclaimed, context);
  const candidates = [...managed.map((live) => ({ key: keyFromMark(live.mark?.key ?? ""), live })), ...markless.ours];
  const copiesOf = findCopies(candidates);
  const verdicts = candidates.map(({ key, live }) => {
    const original = originalOf(copiesOf({ key, live }), context.versionsOf);
    const isCopy = original !== live;
    const hold = isCopy ? copyHold(live, original, copiesOf({ key, live })) : pruneHold({ key, live }, context);
    return { key, live, isCopy, hold };
  });
  return {
    removals: verdicts.flatMap(({ hold, key, live }) =>
      hold === undefined ? [{ key, live, why: "prune" as const }] : [],
    ),
    held: verdicts.flatMap(({ hold, key, live }) => (hold === undefined ? [] : [{ key, live, hold }])),
    notes: [...orphans.map(orphanNote), ...markless.notes],
    managed: verdicts.filter(({ isCopy }) => !isCopy).length,
  };
}

function isKeptHere(mark: Mark, owner: string | undefined): boolean {
  return owner === undefined || mark.owner === undefined || mark.owner === owner;
}

function findUnclaimed(context: Context, matches: Matches): readonly LiveResource[] {
  return context.kinds.flatMap(({ kind }) =>
    context.liveOf(kind).filter(({ isOwned, uuid }) => isOwned && !matches.isClaimed(uuid)),
  );
}

/** Uuids of what shares its mark with others that no manifest names: their versions tell which of them is ours. */
export function findLeftoverDoubts(context: Context, matches: Matches): readonly string[] {
  if (!isPruning(context)) return [];
  const managed = findUnclaimed(context, matches).filter(
    ({ kind, mark }) => context.isVersioned(kind) && mark?.set === context.policy.set && !mark.orphan,
  );
  const candidates = managed.map((live) => ({ key: keyFromMark(live.mark?.key ?? ""), live }));
  const copiesOf = findCopies(candidates);
  return candidates.filter((candidate) => copiesOf(candidate).length > 1).map(({ live }) => live.uuid);
}

function copyHold(live: LiveResource, original: LiveResource | undefined, copies: readonly LiveResource[]): Hold {
  return original === undefined ? holds.copies(copies) : holds.copyOf(live, original);
}

interface Candidate {
  readonly key: ResourceKey;
  readonly live: LiveResource;
}

/** Those that share a candidate's mark and nonce, itself included. */
function findCopies(candidates: readonly Candidate[]): (candidate: Candidate) => readonly LiveResource[] {
  const identity = ({ live: { uuid, mark } }: Candidate): string =>
    mark === undefined ? uuid : JSON.stringify([mark.key, mark.nonce]);
  const groups = groupBy(candidates, identity);
  return (candidate) => (groups.get(identity(candidate)) ?? []).map(({ live }) => live);
}

/** Why a managed object is not deleted although no manifest names it. A manifest of its key may still speak for it. */
function pruneHold({ key, live }: Candidate, context: Context): Hold | undefined {
  const isProtected = live.mark?.protect ?? context.desired.get(key)?.protect ?? false;
  return isProtected ? holds.protectedFromDeletion(live, "protect") : deletionHold(live, context);
}

interface Markless {
  readonly ours: readonly Candidate[];
  readonly notes: readonly Note[];
}

/** Objects without a mark, of kinds where none can be given: their entries may say that they are ours. */
function findMarkless(unclaimed: readonly LiveResource[], context: Context): Markless {
  const candidates = unclaimed.filter(
    ({ kind, mark }) =>
      mark === undefined && context.specOf(kind).hasEntries && context.capabilitiesOf(kind).mark !== "mutable",
  );
  const bare: LiveResource[] = [];
  const ours = candidates.flatMap((live) => {
    const entries = inOneOrder(context.live.entries.get(live.uuid)?.items ?? []);
    if (entries.length === 0) bare.push(live);
    const mark = entries.find((entry) => isEntryOfSets(entry, [context.policy.set]))?.mark;
    return mark === undefined ? [] : [{ key: keyOfEntryMark(mark.key), live }];
  });
  return { ours, notes: bare.length === 0 ? [] : [marklessNote(bare)] };
}

/** `Datasource/docs/entries/refunds` is of `Datasource/docs`. */
function keyOfEntryMark(key: string): ResourceKey {
  const end = key.indexOf("/entries/");
  return keyFromMark(end < 0 ? key : key.slice(0, end));
}

function leftoverNotes(managed: readonly LiveResource[], { policy }: Context): readonly Note[] {
  const count = managed.filter(({ mark }) => !mark?.protect).length;
  if (policy.only.length > 0 || count === 0) return [];
  const objects = counted(count, "managed object has", "managed objects have");
  return [{ code: "prune/off", ...wouldPrune(`${objects} no manifest`, count) }];
}

function orphanNote({ kind, name, uuid, mark }: LiveResource): Note {
  return {
    code: "prune/orphan",
    message: `${kind} "${name}" (${uuid}) has no manifest and stays: its deletionPolicy was Orphan.`,
    key: keyFromMark(mark?.key ?? ""),
  };
}

function marklessNote(bare: readonly LiveResource[]): Note {
  const names = bare.map(({ name, uuid }) => `"${name}" (${uuid})`);
  return {
    code: "prune/markless",
    message: `${counted(bare.length, "object")} without a mark and without entries stay, because nothing shows that this set made them: ${listed(names)}.`,
  };
}
