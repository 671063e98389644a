import type { LiveResource, LiveState } from "../model/live.ts";
import { byText } from "./collections.ts";
import { type Context, makeContext, type PlanInput } from "./context.ts";
import { decideAll } from "./decide.ts";
import { matchAll, type Matches } from "./match.ts";
import { findLeftoverDoubts, isPruning } from "./prune.ts";

/** What a plan can only be made from after it was read, once the lists of all kinds are there. */
export interface ReadsNeeded {
  /** Uuids of the datasources whose entries are needed, sorted. */
  readonly entries: readonly string[];
  /** Uuids of the objects whose versions are needed and not there yet, sorted. What they say may ask for more. */
  readonly versions: readonly string[];
  /** Whether manifests refer to connections. */
  readonly connections: "needed" | "unneeded";
}

/** `where-needed`: only where a list leaves a doubt. `everywhere`: of all that is managed, to find what lists hide. */
export type VersionReads = "where-needed" | "everywhere";

type ReadSoFar = Pick<LiveState, "resources"> & Partial<LiveState>;

/**
 * One call for each matched object that can have entries; of unmatched ones only where a prune may concern them.
 * Versions where live is not plainly what is wanted, where a reference pins what runs, and where several objects carry
 * one mark. To be asked again, with what was read, until no more versions are needed.
 */
export function readsNeeded(
  input: Omit<PlanInput, "live"> & { readonly live: ReadSoFar },
  versionReads: VersionReads = "where-needed",
): ReadsNeeded {
  const context = makeContext({ ...input, live: { entries: new Map(), ...input.live } });
  const isReadFurther = (kind: string): boolean => context.isVersioned(kind) || context.specOf(kind).hasEntries;
  const matches = matchAll(context, isReadFurther);
  const entries = entriesNeeded(context, matches);
  return {
    entries,
    versions: versionsNeeded(context, matches, versionReads, entries),
    connections: context.resources.some((resource) => context.connectionsIn(resource).size > 0) ? "needed" : "unneeded",
  };
}

function entriesNeeded(context: Context, matches: Matches): readonly string[] {
  const mayBePruned = ({ kind, mark, isOwned, uuid }: LiveResource): boolean =>
    isPruning(context) &&
    isOwned &&
    !matches.isClaimed(uuid) &&
    (mark === undefined ? context.capabilitiesOf(kind).mark !== "mutable" : mark.set === context.policy.set);
  const concerned = new Set(matchedObjects(matches, context).map(({ uuid }) => uuid));
  const uuids = context.kinds
    .filter(({ hasEntries }) => hasEntries)
    .flatMap(({ kind }) => context.liveOf(kind))
    .filter((live) => concerned.has(live.uuid) || mayBePruned(live))
    .map(({ uuid }) => uuid);
  return uuids.toSorted(byText);
}

/** Decides as far as that goes, and notes what was missing. Entries that are still to be read decide nothing here. */
function versionsNeeded(
  context: Context,
  matches: Matches,
  versionReads: VersionReads,
  entries: readonly string[],
): readonly string[] {
  if (!context.rules.capabilities.versions) return [];
  const managed = matchedObjects(matches, context).filter(({ kind }) => context.isVersioned(kind));
  const all = versionReads === "everywhere" ? managed.map(({ uuid }) => uuid) : [];
  const unread = entries.every((uuid) => context.live.entries.has(uuid))
    ? decideAll(context, matches, new Map()).unread
    : new Set<string>();
  const needed = new Set([...all, ...unread, ...matches.doubts, ...findLeftoverDoubts(context, matches)]);
  return [...needed].filter((uuid) => context.versionsOf(uuid) === undefined).toSorted(byText);
}

/** What selected resources are matched with, old halves of unfinished replacements included. */
function matchedObjects(matches: Matches, { resources, isSelected }: Context): readonly LiveResource[] {
  return resources.flatMap(({ key }) => {
    const match = matches.of(key);
    if (!isSelected(key) || (match.status !== "found" && match.status !== "candidate")) return [];
    return match.status === "found" ? [match.live, ...match.replaced] : [match.live];
  });
}
