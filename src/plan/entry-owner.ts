import type { LiveEntry } from "../model/live.ts";
import { entryKey, type EntryOwners, entryOwnersOf, liveEntryNames } from "../model/mark-of.ts";
import type { DesiredEntry, Resource } from "../model/resource.ts";
import type { Context } from "./context.ts";

/** Whose a live entry is: a wanted entry's (with its content or another), ours but wanted no more, or not ours. */
export type EntryOwner =
  | { readonly status: "wanted"; readonly name: string; readonly isEqual: boolean }
  | { readonly status: "leftover" }
  | { readonly status: "foreign" };

const FOREIGN: EntryOwner = { status: "foreign" };

/** Tells for each live entry of this resource whose it is. */
export function entryOwners(resource: Resource, { rules, policy }: Context): (entry: LiveEntry) => EntryOwner {
  const accepted = entryOwnersOf(policy.set, resource);
  const desired = resource.entries ?? [];
  return rules.capabilities.entryMark === "metadata"
    ? ownersByMark(desired, accepted)
    : ownersByName(desired, accepted);
}

/** True for an entry that this set made, whichever resource it made it for. */
export function isEntryOfSets(entry: LiveEntry, sets: readonly string[]): boolean {
  return entry.mark !== undefined && sets.includes(entry.mark.set);
}

function ownersByMark(desired: readonly DesiredEntry[], { sets, keys }: EntryOwners): (entry: LiveEntry) => EntryOwner {
  const wanted = new Map(desired.flatMap((entry) => keys.map((key) => [entryKey(key, entry.name) as string, entry])));
  return (live) => {
    const { mark } = live;
    if (mark === undefined || !sets.includes(mark.set)) return FOREIGN;
    const entry = wanted.get(mark.key);
    if (entry === undefined) return { status: "leftover" };
    return { status: "wanted", name: entry.name, isEqual: mark.sha256 === entry.sha256 };
  };
}

/**
 * Where the mark is a digest in the name, it proves only what is wanted now: an earlier content of a wanted entry is
 * known by its name, and whose anything else is cannot be told, so it counts as foreign.
 */
function ownersByName(desired: readonly DesiredEntry[], owners: EntryOwners): (entry: LiveEntry) => EntryOwner {
  const names = new Set(desired.map(({ name }) => name));
  const equal = new Map(desired.flatMap((entry) => liveEntryNames(entry, owners).map((name) => [name, entry.name])));
  return (live) => {
    const exact = equal.get(live.name);
    if (exact !== undefined) return { status: "wanted", name: exact, isEqual: true };
    const base = /^(.*)~[0-9a-f]{10}$/su.exec(live.name)?.[1];
    return base !== undefined && names.has(base) ? { status: "wanted", name: base, isEqual: false } : FOREIGN;
  };
}
