import type { LiveResource } from "../model/live.ts";
import type { Hold, ResourceChange } from "../model/plan.ts";
import { isRepeatedByReferences } from "../model/reference-target.ts";
import type { Resource, ResourceKey } from "../model/resource.ts";
import { statedUnsupported } from "./capabilities.ts";
import { byText, groupBy, once } from "./collections.ts";
import { describeDocument } from "./compare.ts";
import { comparePublish } from "./compare-publish.ts";
import { connectionHold } from "./connections.ts";
import type { Context } from "./context.ts";
import { decideLive } from "./decide-live.ts";
import { type Decision, held, type Round } from "./decision.ts";
import * as holds from "./holds.ts";
import type { Match, Matches } from "./match.ts";
import { publishNotes } from "./notes.ts";
import { makeReferences, type ReferenceState } from "./references.ts";
import { createChange, writeChange } from "./resource-change.ts";
import { keysOfLive } from "./scope.ts";
import { isWrite, writesDocument } from "./writes.ts";

export interface Decided {
  readonly decisions: ReadonlyMap<ResourceKey, Decision>;
  /** Objects whose versions were needed to decide, and not looked at: what depends on them is decided as if in doubt. */
  readonly unread: ReadonlySet<string>;
}

/** Decides every selected resource, those that others refer to first. */
export function decideAll(context: Context, matches: Matches, forbidden: ReadonlyMap<ResourceKey, Hold>): Decided {
  const round = startRound(context, matches, forbidden);
  const decisions = new Map<ResourceKey, Decision>();
  for (const resource of context.resources) {
    const match = matches.of(resource.key);
    if (!context.isSelected(resource.key)) {
      round.states.set(resource.key, match.status === "found" ? stays(match.live) : MISSING);
      if (match.status === "found" && isReferred(resource.key, round)) {
        decisions.set(resource.key, leftAlone(resource, match.live));
      }
      continue;
    }
    const decision = decide(resource, match, round);
    decisions.set(resource.key, decision);
    round.states.set(resource.key, stateAfter(decision.change, match, context));
    if (isWrite(decision.change)) round.written.add(resource.key);
  }
  return { decisions, unread: round.unread };
}

function startRound(context: Context, matches: Matches, forbidden: ReadonlyMap<ResourceKey, Hold>): Round {
  const dependents = once(() =>
    groupBy(
      context.resources.flatMap(({ key, dependsOn }) => dependsOn.map((target) => ({ key, target }))),
      ({ target }) => target,
    ),
  );
  const states = new Map<ResourceKey, ReferenceState>();
  const unread = new Set<string>();
  const references = makeReferences({
    context,
    stateOf: (key) => states.get(key) ?? MISSING,
    keyOfUuid: keysOfLive(context, matches),
    onUnread: (uuid) => unread.add(uuid),
  });
  return {
    context,
    forbidden,
    states,
    written: new Set(),
    unread,
    references,
    dependentsOf: (key) => [
      ...new Set(
        dependents()
          .get(key)
          ?.map((dependent) => dependent.key),
      ),
    ],
  };
}

const MISSING: ReferenceState = { status: "missing" };

function stays(live: LiveResource): ReferenceState {
  return { status: "there", live, isMoving: false };
}

/** What --only leaves out stands in the plan only where something selected refers to it, so that its uuid is known. */
function isReferred(key: ResourceKey, { context, dependentsOf }: Round): boolean {
  return dependentsOf(key).some(context.isSelected);
}

function leftAlone(resource: Resource, live: LiveResource): Decision {
  return { change: writeChange("keep", resource, live, {}), entriesOf: "none", notes: [] };
}

function stateAfter(change: ResourceChange, match: Match, { rules }: Context): ReferenceState {
  const { op } = change;
  if (op === "create" || op === "replace") return { status: "pending" };
  if (match.status !== "found" && !(match.status === "candidate" && op === "adopt")) return MISSING;
  const { live } = match;
  const isNewVersion = rules.capabilities.mintsVersions || live.hasLiveVersion === false;
  const isMoving = isNewVersion || change.fields.some(({ pointer }) => isRepeatedByReferences(pointer));
  return { status: "there", live, isMoving: op !== "hold" && op !== "keep" && writesDocument(change) && isMoving };
}

function decide(resource: Resource, match: Match, round: Round): Decision {
  const live = match.status === "found" || match.status === "candidate" ? match.live : undefined;
  const hold = match.status === "held" ? match.hold : unfitHold(resource, round);
  if (hold !== undefined) return held(hold, resource, live, round);
  const needs = resource.dependsOn.filter((key) => round.written.has(key));
  if (live !== undefined) return decideLive({ resource, live, isOurs: match.status === "found", needs }, round);
  const differences = [
    ...describeDocument(resource.document, { isSecret: (path) => round.context.isSecret(resource.kind, path) }),
    ...comparePublish(resource.publish, undefined),
  ];
  const change = createChange(resource, differences, needs);
  return { change, entriesOf: "new", notes: publishNotes(resource, undefined) };
}

/** Why nothing can be written that would be what the manifest asks for. */
function unfitHold(resource: Resource, round: Round): Hold | undefined {
  const { context } = round;
  return (
    unsupportedHold(resource, context) ??
    unmetHold(resource, round) ??
    connectionHold(context.connectionsIn(resource), context.live.connections)
  );
}

function unsupportedHold(resource: Resource, context: Context): Hold | undefined {
  const places = statedUnsupported(resource, context.capabilitiesOf(resource.kind));
  return places.length === 0 ? undefined : holds.unsupported(places, context.rules.name);
}

/** A uuid that nobody will make cannot be written into a document. */
function unmetHold(resource: Resource, { states, context }: Round): Hold | undefined {
  const connections = context.connectionsIn(resource);
  const unmet = resource.dependsOn
    .filter((key) => !connections.has(key) && (states.get(key) ?? MISSING).status === "missing")
    .toSorted(byText);
  if (unmet.length === 0) return undefined;
  const unselected = unmet.filter((key) => !context.isSelected(key));
  return unselected.length > 0 ? holds.dependsOnHeld(unselected, "not-selected") : holds.dependsOnHeld(unmet, "held");
}
