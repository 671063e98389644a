import type { KindCapabilities } from "../model/dialect.ts";
import type { LiveResource } from "../model/live.ts";
import type { Hold, Note } from "../model/plan.ts";
import type { Resource, ResourceKey } from "../model/resource.ts";
import { groupBy, once } from "./collections.ts";
import type { Context } from "./context.ts";
import * as holds from "./holds.ts";
import { indexLive, type MatchIndex } from "./match-index.ts";
import { settleSameMark } from "./same-mark.ts";
import { isUntouched } from "./versions.ts";

/** What is live for a resource (design 3, "Matching"). */
export type Match =
  | { readonly status: "none" }
  /** Ours, by its mark or, where no mark can be given, by being the only one. `replaced` is still to be deleted. */
  | {
      readonly status: "found";
      readonly live: LiveResource;
      readonly replaced: readonly LiveResource[];
      readonly extras: readonly { readonly live: LiveResource; readonly hold: Hold }[];
      /** Made by a second run at the same moment, and never seen or touched by anybody: they are to go. */
      readonly doubles: readonly LiveResource[];
    }
  /** Not ours yet, and a mark can be given to it. */
  | { readonly status: "candidate"; readonly live: LiveResource }
  | { readonly status: "held"; readonly hold: Hold };

export interface Matches {
  readonly of: (key: ResourceKey) => Match;
  /** True for a live object that some resource has to do with, held ones included: never a leftover. */
  readonly isClaimed: (uuid: string) => boolean;
  readonly notes: readonly Note[];
  /** Uuids of objects whose versions would tell which of several with one mark is which, and were not looked at. */
  readonly doubts: ReadonlySet<string>;
}

const NONE: Match = { status: "none" };

/** Finds what is live for every resource, of all kinds unless told. One live object is matched by one resource at most. */
export function matchAll(context: Context, isAsked: (kind: string) => boolean = () => true): Matches {
  const matches = new Map<ResourceKey, Match>();
  const claimed = new Set<string>();
  const notes: Note[] = [];
  const doubts = new Set<string>();
  for (const [kind, resources] of groupBy(context.resources, (resource) => resource.kind)) {
    if (!isAsked(kind)) continue;
    const capabilities = context.capabilitiesOf(kind);
    const index = indexLive(context.liveOf(kind));
    // Asked first in the last round, so that it holds what no other rule has matched.
    const namesakes = once(() =>
      groupBy(
        resources.filter(({ key }) => !matches.has(key)),
        nameAndType,
      ),
    );
    const round: Round = { context, capabilities, index, matches, claimed, notes, doubts, namesakes };
    for (const propose of PROPOSALS) runRound(resources, propose, round);
  }
  return { of: (key) => matches.get(key) ?? NONE, isClaimed: (uuid) => claimed.has(uuid), notes, doubts };
}

interface Round {
  readonly context: Context;
  readonly capabilities: KindCapabilities;
  readonly index: MatchIndex;
  readonly matches: Map<ResourceKey, Match>;
  readonly claimed: Set<string>;
  readonly notes: Note[];
  readonly doubts: Set<string>;
  /** Resources that only their name and type could match, by these. */
  readonly namesakes: () => ReadonlyMap<string, readonly Resource[]>;
}

/** What one resource would be matched with, and every live object that this would take. */
interface Proposal {
  readonly match: Match;
  readonly claims: readonly LiveResource[];
}

type Propose = (resource: Resource, round: Round) => Proposal | undefined;

/** In the order of the design: our mark, a mark that we may take, spec.uuid, another set's mark, name and type. */
const PROPOSALS: readonly Propose[] = [byOwnMark, byFormerMark, byUuid, byOtherSet, byName];

function runRound(resources: readonly Resource[], propose: Propose, round: Round): void {
  const open = resources.filter(({ key }) => !round.matches.has(key));
  const proposals = open.flatMap((resource) => {
    const proposal = propose(resource, round);
    return proposal === undefined ? [] : [{ key: resource.key, ...proposal }];
  });
  const claimants = groupBy(
    proposals.flatMap(({ key, claims }) => claims.map((live) => ({ key, live }))),
    ({ live }) => live.uuid,
  );
  for (const { key, match, claims } of proposals) {
    const contested = claims.find((live) => (claimants.get(live.uuid)?.length ?? 0) > 1);
    const keys = contested === undefined ? [] : (claimants.get(contested.uuid) ?? []).map((claim) => claim.key);
    round.matches.set(
      key,
      contested === undefined ? match : { status: "held", hold: holds.contested(keys, contested) },
    );
    for (const live of claims) round.claimed.add(live.uuid);
  }
}

function byOwnMark(resource: Resource, round: Round): Proposal | undefined {
  return proposeGroup(round.index.marked(round.context.policy.set, resource.key), resource, round);
}

/** Earlier names of the resource in this set, then the sets it may come from. */
function byFormerMark(resource: Resource, round: Round): Proposal | undefined {
  for (const [set, key] of formerIdentities(resource, round)) {
    const group = round.index.marked(set, key).filter(({ uuid }) => !round.claimed.has(uuid));
    const proposal = proposeGroup(group, resource, round);
    if (proposal !== undefined) return proposal;
  }
  return undefined;
}

function formerIdentities(
  resource: Resource,
  { context, capabilities }: Round,
): readonly (readonly [string, string])[] {
  const { set, takeOver } = context.policy;
  const isRemarked = capabilities.mark === "mutable";
  const sets = isRemarked ? [takeOver, resource.takeOver].filter((name) => name !== undefined) : resource.formerSets;
  const keys = [resource.key, ...resource.movedFrom];
  return [set, ...sets].flatMap((name) => keys.map((key) => [name, key] as const));
}

function proposeGroup(
  group: readonly LiveResource[],
  resource: Resource,
  { context, doubts }: Round,
): Proposal | undefined {
  if (group.length === 0) return undefined;
  const theirs = ownedElsewhere(group, resource, context);
  if (theirs !== undefined) return theirs;
  if (group.length > 1 && context.isVersioned(resource.kind)) {
    for (const { uuid } of group) if (context.versionsOf(uuid) === undefined) doubts.add(uuid);
  }
  const settled = settleSameMark(group, resource.uuid, context.versionsOf);
  if (settled.status === "undecidable") {
    return { match: { status: "held", hold: holds.copies(settled.candidates) }, claims: group };
  }
  const { rightful, replaced, duplicates, copies } = settled;
  const doubles = duplicates.filter((live) => {
    const versions = context.versionsOf(live.uuid);
    return versions !== undefined && isUntouched(live, versions);
  });
  const seen = duplicates.filter((live) => !doubles.includes(live));
  const extras = [
    ...copies.map((live) => ({ live, hold: holds.copyOf(live, rightful) })),
    ...seen.map((live) => ({ live, hold: holds.duplicateOf(live, rightful) })),
  ];
  return { match: { status: "found", live: rightful, replaced, extras, doubles }, claims: group };
}

/** Marks of this set that another keeper wrote: two that correct each other would do so for ever. */
function ownedElsewhere(group: readonly LiveResource[], resource: Resource, { policy }: Context): Proposal | undefined {
  const { owner } = policy;
  const accepted = new Set([owner, policy.takeOver, resource.takeOver, ...resource.formerSets]);
  const theirs = group.filter(({ mark }) => mark?.owner !== undefined && !accepted.has(mark.owner));
  return owner === undefined || theirs.length === 0 ? undefined : held(holds.ownedByKeeper(theirs));
}

function byUuid(resource: Resource, round: Round): Proposal | undefined {
  const { context, index, capabilities, claimed, notes } = round;
  if (resource.uuid === undefined) return undefined;
  const live = index.byUuid(resource.uuid);
  if (live === undefined) {
    const message = `spec.uuid of ${resource.key} names no live object (${resource.uuid}); it is looked for by name and type.`;
    notes.push({ code: "match/unknown-uuid", message, key: resource.key });
    return undefined;
  }
  if (!live.isOwned) return held(holds.ownedByOthers(live));
  if (claimed.has(live.uuid))
    return held(holds.claimedByAnother(live, live.mark?.key ?? "matched by another manifest"));
  if (live.mark === undefined) return proposeNamed(resource, live, round);
  if (live.mark.set !== context.policy.set) return ownedBySet([live], capabilities);
  return { match: { status: "found", live, replaced: [], extras: [], doubles: [] }, claims: [live] };
}

/**
 * An unmarked object of another type than the manifest's is to be replaced. Where no mark can say so, one of the right
 * name and type beside it is what an earlier run made in its place: making another would double it.
 */
function proposeNamed(resource: Resource, live: LiveResource, { index, capabilities, claimed }: Round): Proposal {
  const plain = { match: unmarkedMatch(live, capabilities), claims: [live] };
  if (capabilities.mark === "mutable" || live.type === resource.type) return plain;
  const successors = index.unmarked(resource.name, resource.type).filter(({ uuid }) => !claimed.has(uuid));
  const [successor, ...others] = successors;
  if (successor === undefined) return plain;
  const claims = [live, ...successors];
  if (others.length > 0) return { match: { status: "held", hold: holds.ambiguous(resource, claims) }, claims };
  return { match: { status: "found", live: successor, replaced: [live], extras: [], doubles: [] }, claims };
}

/** The same key in another set: moving needs somebody's word, and making a second one is hardly what they want. */
function byOtherSet(resource: Resource, { index, capabilities, claimed }: Round): Proposal | undefined {
  const candidates = [resource.key, ...resource.movedFrom]
    .flatMap((key) => index.markedInAnySet(key))
    .filter(({ uuid }) => !claimed.has(uuid));
  return candidates.length === 0 ? undefined : ownedBySet(candidates, capabilities);
}

function byName(resource: Resource, { index, capabilities, claimed, namesakes }: Round): Proposal | undefined {
  const candidates = index.unmarked(resource.name, resource.type).filter(({ uuid }) => !claimed.has(uuid));
  const [only, ...others] = candidates;
  if (only === undefined) {
    const rivals = capabilities.mark === "none" ? (namesakes().get(nameAndType(resource)) ?? []) : [];
    if (rivals.length < 2) return undefined;
    const keys = rivals.map(({ key }) => key);
    return held(holds.indistinguishable(resource, keys));
  }
  if (others.length > 0) {
    return { match: { status: "held", hold: holds.ambiguous(resource, candidates) }, claims: candidates };
  }
  return { match: unmarkedMatch(only, capabilities), claims: [only] };
}

/** Where an object can take up a mark it is adopted; where not, matching it writes nothing and asks nobody. */
function unmarkedMatch(live: LiveResource, { mark }: KindCapabilities): Match {
  return mark === "mutable"
    ? { status: "candidate", live }
    : { status: "found", live, replaced: [], extras: [], doubles: [] };
}

function ownedBySet(candidates: readonly LiveResource[], { mark }: KindCapabilities): Proposal {
  const set = candidates[0]?.mark?.set ?? "";
  return held(holds.ownedBySet(candidates, set, mark === "mutable" ? "possible" : "impossible"));
}

function nameAndType({ name, type }: Resource): string {
  return JSON.stringify([name, type]);
}

function held(hold: Hold): Proposal {
  return { match: { status: "held", hold }, claims: [] };
}
