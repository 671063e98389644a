import type { KindCapabilities } from "../model/dialect.ts";
import type { LiveResource } from "../model/live.ts";
import { markOf } from "../model/mark-of.ts";
import type { Hold, Note, ResourceChange } from "../model/plan.ts";
import type { Pointer } from "../model/pointer.ts";
import type { Resource, ResourceKey } from "../model/resource.ts";
import { missingForUpdate, statedUnsupported, touchedFixed, uncleared } from "./capabilities.ts";
import { byText, groupBy, once } from "./collections.ts";
import { compareDocument, describeDocument } from "./compare.ts";
import { compareMarks, compareToggles } from "./compare-mark.ts";
import { comparePublish } from "./compare-publish.ts";
import type { Context } from "./context.ts";
import type { Difference } from "./difference.ts";
import * as holds from "./holds.ts";
import type { Match, Matches } from "./match.ts";
import { replaceConsequences, replaceHold } from "./replace.ts";
import { createChange, holdChange, keyOf, writeChange } from "./resource-change.ts";
import { compareScope, keysOfLive } from "./scope.ts";

/** What became of one resource. */
export interface Decision {
  readonly change: ResourceChange;
  /** The live object whose entries are to be compared; `new` where there will be one, `none` where entries wait. */
  readonly entriesOf: LiveResource | "new" | "none";
  readonly notes: readonly Note[];
}

/** What a reference to a resource stands for: a uuid, one that apply will make, or none. */
type ReferenceState = { readonly uuid: string } | "pending" | "missing";

interface Round {
  readonly context: Context;
  readonly matches: Matches;
  /** Replacements that another rule forbids. */
  readonly forbidden: ReadonlyMap<ResourceKey, Hold>;
  readonly states: Map<ResourceKey, ReferenceState>;
  /** Keys that this plan writes. */
  readonly written: Set<ResourceKey>;
  readonly ofUuid: (uuid: string) => ResourceKey | undefined;
  readonly dependentsOf: (key: ResourceKey) => readonly ResourceKey[];
}

/** Decides every selected resource, those that others refer to first. */
export function decideAll(
  context: Context,
  matches: Matches,
  forbidden: ReadonlyMap<ResourceKey, Hold>,
): ReadonlyMap<ResourceKey, Decision> {
  const dependents = once(() =>
    groupBy(
      context.resources.flatMap(({ key, dependsOn }) => dependsOn.map((target) => ({ key, target }))),
      ({ target }) => target,
    ),
  );
  const round: Round = {
    context,
    matches,
    forbidden,
    states: new Map(),
    written: new Set(),
    ofUuid: keysOfLive(context, matches),
    dependentsOf: (key) => [
      ...new Set(
        dependents()
          .get(key)
          ?.map((dependent) => dependent.key),
      ),
    ],
  };
  const decisions = new Map<ResourceKey, Decision>();
  for (const resource of context.resources) {
    const match = matches.of(resource.key);
    if (!context.isSelected(resource.key)) {
      round.states.set(resource.key, match.status === "found" ? { uuid: match.live.uuid } : "missing");
      if (match.status === "found" && isReferred(resource.key, round)) {
        decisions.set(resource.key, leftAlone(resource, match.live));
      }
      continue;
    }
    const decision = decide(resource, match, round);
    decisions.set(resource.key, decision);
    round.states.set(resource.key, stateAfter(decision.change, match));
    if (WRITES.has(decision.change.op)) round.written.add(resource.key);
  }
  return decisions;
}

/** What --only leaves out stands in the plan only where something selected refers to it, so that its uuid is known. */
function isReferred(key: ResourceKey, { context, dependentsOf }: Round): boolean {
  return dependentsOf(key).some(context.isSelected);
}

function leftAlone(resource: Resource, live: LiveResource): Decision {
  return { change: writeChange("keep", resource, live, {}), entriesOf: "none", notes: [] };
}

const WRITES = new Set(["create", "update", "adopt", "replace"]);

function stateAfter({ op }: ResourceChange, match: Match): ReferenceState {
  if (op === "create" || op === "replace") return "pending";
  if (match.status === "found" || (match.status === "candidate" && op === "adopt")) return { uuid: match.live.uuid };
  return "missing";
}

function decide(resource: Resource, match: Match, round: Round): Decision {
  const live = match.status === "found" || match.status === "candidate" ? match.live : undefined;
  const hold = match.status === "held" ? match.hold : (unsupportedHold(resource, round) ?? unmetHold(resource, round));
  if (hold !== undefined) return held(hold, resource, live);
  const needs = resource.dependsOn.filter((key) => round.written.has(key));
  if (live === undefined) {
    const differences = [
      ...describeDocument(resource.document, { isSecret: (path) => round.context.isSecret(resource.kind, path) }),
      ...comparePublish(resource.publish, undefined),
    ];
    return { change: createChange(resource, differences, needs), entriesOf: "new", notes: [] };
  }
  return decideLive({ resource, live, isOurs: match.status === "found", needs }, round);
}

interface Pair {
  readonly resource: Resource;
  readonly live: LiveResource;
  readonly isOurs: boolean;
  readonly needs: readonly ResourceKey[];
}

function decideLive(pair: Pair, round: Round): Decision {
  const { resource, live, isOurs, needs } = pair;
  const capabilities = round.context.capabilitiesOf(resource.kind);
  const differences = differencesOf(pair, round);
  const about = { differences, needs };
  const forced = touchedFixed(differences, capabilities);
  if (forced.length > 0) return decideReplace(pair, differences, forced, round);
  const stuck = stuckHold(pair, differences, capabilities);
  if (stuck !== undefined) return heldBeside(stuck, pair, differences);
  if (!isOurs) {
    if (!round.context.policy.adopt) return held(holds.unmanaged(live), resource, live, differences);
    return { change: writeChange("adopt", resource, live, about), entriesOf: live, notes: [] };
  }
  const op = differences.length === 0 ? "keep" : "update";
  return { change: writeChange(op, resource, live, about), entriesOf: live, notes: [] };
}

/** Why a write cannot bring about what is wanted, although nothing forbids it. */
function stuckHold(
  { resource, live, isOurs }: Pair,
  differences: readonly Difference[],
  capabilities: KindCapabilities,
): Hold | undefined {
  const filled = uncleared(resource, live.document, capabilities);
  if (filled.length > 0) return holds.unclearable(filled);
  const toggled = capabilities.mark === "fixed" ? differences.filter(({ about }) => about === "mark") : [];
  if (toggled.length > 0) return holds.markImmutable(toggled.map(({ field }) => field.pointer));
  const isWritten = differences.length > 0 || !isOurs;
  const missing = isWritten ? missingForUpdate(resource, capabilities) : [];
  return missing.length > 0 ? holds.neededForUpdate(missing) : undefined;
}

function differencesOf({ resource, live }: Pair, round: Round): readonly Difference[] {
  const { context } = round;
  const scope = compareScope(context, live, {
    keyOf: round.ofUuid,
    uuidOf: (key) => {
      const state = round.states.get(key) ?? "missing";
      return typeof state === "string" ? undefined : state.uuid;
    },
  });
  return [
    ...compareDocument(resource.document, live.document, scope),
    ...comparePublish(resource.publish, live.publish),
    ...markDifferences(resource, live, context),
  ];
}

function markDifferences(resource: Resource, { kind, mark }: LiveResource, context: Context): readonly Difference[] {
  if (mark === undefined) return [];
  const { set } = context.policy;
  const wanted = markOf(context.specOf(kind), resource, { set, nonce: mark.nonce, previous: mark });
  return context.capabilitiesOf(kind).mark === "fixed" ? compareToggles(wanted, mark) : compareMarks(wanted, mark);
}

function decideReplace(
  { resource, live, isOurs, needs }: Pair,
  differences: readonly Difference[],
  places: readonly Pointer[],
  { context, forbidden, dependentsOf }: Round,
): Decision {
  const replacement = { resource, live, places, dependents: dependentsOf(resource.key) };
  const hold = isOurs
    ? (replaceHold(replacement, context) ?? forbidden.get(resource.key))
    : holds.replaceOfUnmanaged(places, live);
  if (hold !== undefined) return held(hold, resource, live, differences);
  const message = `${resource.key} is replaced. ${replaceConsequences(replacement, context)}`;
  return {
    change: writeChange("replace", resource, live, { differences, needs }),
    entriesOf: "new",
    notes: [{ code: "replace/consequences", message, key: resource.key }],
  };
}

function unsupportedHold(resource: Resource, { context }: Round): Hold | undefined {
  const places = statedUnsupported(resource, context.capabilitiesOf(resource.kind));
  return places.length === 0 ? undefined : holds.unsupported(places, context.rules.name);
}

/** A uuid that nobody will make cannot be written into a document. */
function unmetHold({ dependsOn }: Resource, { states, context }: Round): Hold | undefined {
  const unmet = dependsOn.filter((key) => (states.get(key) ?? "missing") === "missing").toSorted(byText);
  if (unmet.length === 0) return undefined;
  const unselected = unmet.filter((key) => !context.isSelected(key));
  return unselected.length > 0 ? holds.dependsOnHeld(unselected, "not-selected") : holds.dependsOnHeld(unmet, "held");
}

function held(
  hold: Hold,
  resource: Resource,
  live: LiveResource | undefined,
  differences: readonly Difference[] = [],
): Decision {
  const about = { ...keyOf(resource), desired: resource, differences, ...(live !== undefined && { live }) };
  return { change: holdChange(hold, about), entriesOf: "none", notes: [] };
}

/** Held for something that does not concern its entries: they go on. */
function heldBeside(hold: Hold, { resource, live, isOurs }: Pair, differences: readonly Difference[]): Decision {
  return { ...held(hold, resource, live, differences), entriesOf: isOurs ? live : "none" };
}
