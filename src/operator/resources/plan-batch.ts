import { digest } from "../../model/digest.ts";
import type { KindSpec } from "../../model/kind.ts";
import { documentDigest } from "../../model/mark-of.ts";
import type { Change, Plan } from "../../model/plan.ts";
import type { Pointer } from "../../model/pointer.ts";
import type { Resource, ResourceKey } from "../../model/resource.ts";
import type { PlanInput } from "../../plan/context.ts";
import { classifyDrift } from "../../plan/drift.ts";
import { makePlan } from "../../plan/make-plan.ts";
import { isRenewedReference } from "../../plan/notes.ts";
import type { Fight } from "./flapping.ts";
import type { DriftMode } from "./settings.ts";

/** What a plan of the operator has to know of one resource beside its manifest. */
export interface Planned {
  readonly drift: DriftMode;
  /** Of what was made true last, where that was done here. */
  readonly lastDigest?: string;
  /** Whether a Secret that it uses has changed since. */
  readonly isRotated: boolean;
  /** Whether these places are to be left for now, because somebody puts back what is corrected there. */
  readonly fight?: (places: readonly Pointer[], wanted: string) => Fight | undefined;
}

interface Rules {
  readonly items: ReadonlyMap<ResourceKey, Planned>;
  /** Why a live object is not this resource's although it matches; undefined where it is. */
  readonly claimedBy: (key: ResourceKey, uuid: string) => string | undefined;
}

export interface BatchPlan {
  readonly plan: Plan;
  /** Where live objects were changed by somebody else, by key; corrected by the plan, or left. */
  readonly drifted: ReadonlyMap<ResourceKey, readonly Change[]>;
  /** What differs although nothing else is asked for than the last time, by place. */
  readonly corrected: ReadonlyMap<ResourceKey, readonly Pointer[]>;
  /** Left for now: somebody puts back what is corrected there. */
  readonly fights: ReadonlyMap<ResourceKey, Fight>;
  /** Left as they are, because the resource says so. */
  readonly left: ReadonlySet<ResourceKey>;
  /** Of an older resource, or of another one at the same time: nothing is done about it. */
  readonly contested: ReadonlyMap<ResourceKey, string>;
  /** Something would be replaced if what refers to it were in the same plan. */
  readonly isDangling: boolean;
}

/** The plan for these resources alone: no drift that is to stay, nothing that an older resource keeps. Pure. */
export function planBatch(input: PlanInput, rules: Rules): BatchPlan {
  const plan = makePlan(input);
  const contested = contestedIn(plan, rules);
  const drifted = driftIn(plan, input, rules);
  const left = new Set([...drifted.keys()].filter((key) => rules.items.get(key)?.drift !== "correct"));
  const { corrected, fights } = correctionsIn(plan, input, rules, left);
  const out = new Set([...contested.keys(), ...left, ...fights.keys()]);
  return {
    plan: out.size === 0 ? plan : makePlan(leavingOut(input, plan, out)),
    drifted,
    corrected,
    fights,
    left,
    contested,
    isDangling: isDangling(plan),
  };
}

/** Changes of a resource and of its entries. */
export function changesOf({ changes }: Plan, key: ResourceKey): readonly Change[] {
  return changes.filter((change) => ownerOf(change) === key);
}

export function ownerOf(change: Change): ResourceKey {
  return change.subject === "entry" ? change.datasource : change.key;
}

/** Tells whether a manifest asks for the same as another time: its document, who may see it, its entries, its rules. */
export function desiredDigest(resource: Resource, kinds: readonly KindSpec[]): string {
  const spec = kinds.find(({ kind }) => kind === resource.kind);
  const { publish, entries, entriesPolicy, deletionPolicy, protect, keepLive = [] } = resource;
  const { state = null, visibility = null, readers = [], writers = [] } = publish ?? {};
  return digest({
    document: spec === undefined ? null : documentDigest(spec, resource),
    publish: [state, visibility, [...readers], [...writers]],
    entries: entries === undefined ? null : entries.map(({ name, sha256 }) => [name, sha256]),
    rules: [entriesPolicy, deletionPolicy, protect, [...keepLive]],
  });
}

/** The places of a drift, as they stand in status. */
export function pathsOf(changes: readonly Change[]): readonly Pointer[] {
  const paths = changes.flatMap((change) => {
    if (change.subject === "entry") return [`/entries/${change.name}`];
    return change.op === "create" ? [WHOLE] : change.fields.map(({ pointer }) => pointer);
  });
  return [...new Set(paths)].toSorted();
}

const WHOLE: Pointer = "";

function isDangling({ changes, policy }: Plan): boolean {
  return policy.allowReplace && changes.some((change) => change.op === "hold" && change.hold.reason === "referenced");
}

/** No globs at all would mean everything. */
const NOTHING = "-/-";

function leavingOut(input: PlanInput, plan: Plan, out: ReadonlySet<ResourceKey>): PlanInput {
  const only = plan.policy.only.filter((key) => !out.has(key as ResourceKey));
  return { ...input, policy: { ...plan.policy, only: only.length === 0 ? [NOTHING] : only } };
}

function contestedIn({ changes }: Plan, { items, claimedBy }: Rules): ReadonlyMap<ResourceKey, string> {
  const contested = new Map<ResourceKey, string>();
  for (const change of changes) {
    if (change.subject !== "resource" || change.op === "create" || !items.has(change.key)) continue;
    const owner = change.live === undefined ? undefined : claimedBy(change.key, change.live.uuid);
    if (owner !== undefined) contested.set(change.key, owner);
  }
  return contested;
}

function driftIn(plan: Plan, input: PlanInput, { items }: Rules): ReadonlyMap<ResourceKey, readonly Change[]> {
  const classes = new Map(classifyDrift(plan, input.kinds).changes.map((one) => [one.change, one.class]));
  const drifted = new Map<ResourceKey, readonly Change[]>();
  for (const [key, item] of items) {
    const changes = changesOf(plan, key).filter(isToBeDone);
    // What is gone is made anew: that overwrites nothing that anybody did.
    if (changes.every(isRenewal) || item.isRotated || changes.some(isNewResource)) continue;
    const resource = input.desired.get(key);
    const isAppliedBefore = resource !== undefined && desiredDigest(resource, input.kinds) === item.lastDigest;
    if (isAppliedBefore ? !changes.some(isOfMark) : changes.every((change) => classes.get(change) === "drift")) {
      drifted.set(key, changes);
    }
  }
  return drifted;
}

function correctionsIn(
  plan: Plan,
  { desired, kinds }: PlanInput,
  { items }: Rules,
  left: ReadonlySet<ResourceKey>,
): Pick<BatchPlan, "corrected" | "fights"> {
  const corrected = new Map<ResourceKey, readonly Pointer[]>();
  const fights = new Map<ResourceKey, Fight>();
  for (const [key, { isRotated, lastDigest, fight }] of items) {
    const resource = desired.get(key);
    const changes = changesOf(plan, key).filter((change) => isToBeDone(change) && !isRenewal(change));
    if (resource === undefined || changes.length === 0 || isRotated || left.has(key)) continue;
    const wanted = desiredDigest(resource, kinds);
    if (wanted !== lastDigest) continue;
    const places = pathsOf(changes);
    const found = fight?.(places, wanted);
    corrected.set(key, places);
    if (found !== undefined) fights.set(key, found);
  }
  return { corrected, fights };
}

function isToBeDone({ op }: Change): boolean {
  return op !== "keep" && op !== "hold";
}

/** What it refers to is another object now, or runs another version: nobody changed anything by hand. */
function isRenewal({ subject, fields }: Change): boolean {
  return subject === "resource" && fields.length > 0 && fields.every(isRenewedReference);
}

function isNewResource({ subject, op }: Change): boolean {
  return subject === "resource" && (op === "create" || op === "adopt");
}

/** A mark that is to say something else is no drift: nobody but us writes marks. */
function isOfMark({ subject, fields }: Change): boolean {
  return subject === "resource" && fields.every(({ pointer }) => pointer.startsWith("/x-llmstack-sync/"));
}
