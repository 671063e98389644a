import type { KindCapabilities } from "../model/dialect.ts";
import type { JsonObject } from "../model/json.ts";
import type { LiveResource } from "../model/live.ts";
import { markOf } from "../model/mark-of.ts";
import type { Hold } from "../model/plan.ts";
import type { Pointer } from "../model/pointer.ts";
import { publishOfReplacement } from "../model/publish.ts";
import type { Resource, ResourceKey } from "../model/resource.ts";
import { missingForUpdate, touchedFixed, uncleared } from "./capabilities.ts";
import { compareDocument } from "./compare.ts";
import { compareMarks, compareToggles } from "./compare-mark.ts";
import { comparePublish } from "./compare-publish.ts";
import type { Context } from "./context.ts";
import { type Decision, held, type Round } from "./decision.ts";
import type { Difference } from "./difference.ts";
import { type DraftView, viewDraft } from "./drafts.ts";
import * as holds from "./holds.ts";
import { publishNotes, referenceNotes } from "./notes.ts";
import { replaceConsequences, replaceHold } from "./replace.ts";
import { writeChange } from "./resource-change.ts";
import { compareScope } from "./scope.ts";

/** A resource and what is live for it. */
interface Pair {
  readonly resource: Resource;
  readonly live: LiveResource;
  /** False for what would have to be adopted first. */
  readonly isOurs: boolean;
  readonly needs: readonly ResourceKey[];
}

/** Decides a resource for which something is live. */
export function decideLive(pair: Pair, round: Round): Decision {
  const { resource, live, isOurs } = pair;
  const { context } = round;
  const capabilities = context.capabilitiesOf(resource.kind);
  const compared = differencesOf(pair, round);
  if (isInDoubt(pair, compared, context)) round.unread.add(live.uuid);
  const draft = viewDraft(
    { resource, live, isOurs, isWritten: !isOurs || compared.some(({ about }) => about !== "publish") },
    { context, isWanted: (document) => documentDifferences(resource, { ...live, document }, round).length === 0 },
  );
  const differences = [...compared, ...draft.differences];
  const forced = touchedFixed(differences, capabilities);
  if (forced.length > 0) return decideReplace(pair, { compared, draft }, forced, round);
  const stuck = stuckHold(pair, { differences, draft }, capabilities);
  if (stuck !== undefined) return heldBeside(stuck, pair, differences, round);
  if (!isOurs && !context.policy.adopt) return held(holds.unmanaged(live), resource, live, round, differences);
  if (draft.hold !== undefined) return heldBeside(draft.hold, pair, compared, round);
  return decideWrite(pair, { differences, draft }, round);
}

function decideWrite(
  { resource, live, isOurs, needs }: Pair,
  { differences, draft }: { readonly differences: readonly Difference[]; readonly draft: DraftView },
  { context }: Round,
): Decision {
  const op = !isOurs ? "adopt" : differences.length === 0 ? "keep" : "update";
  const versions = context.versionsOf(live.uuid);
  return {
    change: writeChange(op, resource, live, { differences, needs, versions }),
    entriesOf: live,
    notes: [
      ...draft.notes,
      ...(context.isVersioned(live.kind) ? referenceNotes(resource.key, differences) : []),
      ...(op === "keep" ? [] : publishNotes(resource, live.publish)),
    ],
  };
}

/** A list does not say whether what it shows is what runs: only where all is well that does not matter. */
function isInDoubt({ live, isOurs }: Pair, differences: readonly Difference[], context: Context): boolean {
  if (!context.isVersioned(live.kind) || context.versionsOf(live.uuid) !== undefined) return false;
  return !isOurs || live.hasLiveVersion !== true || differences.some(({ about }) => about !== "publish");
}

/** Why a write cannot bring about what is wanted, although nothing forbids it. */
function stuckHold(
  { resource, live, isOurs }: Pair,
  { differences, draft }: { readonly differences: readonly Difference[]; readonly draft: DraftView },
  capabilities: KindCapabilities,
): Hold | undefined {
  // What a write leaves out is taken from a draft, where there is one.
  const bases: readonly JsonObject[] = [live.document, ...(draft.base === undefined ? [] : [draft.base])];
  const filled = bases.flatMap((document) => uncleared(resource, document, capabilities));
  if (filled.length > 0) return holds.unclearable([...new Set(filled)]);
  const toggled = capabilities.mark === "fixed" ? differences.filter(({ about }) => about === "mark") : [];
  if (toggled.length > 0) return holds.markImmutable(toggled.map(({ field }) => field.pointer));
  const isWritten = differences.length > 0 || !isOurs;
  const missing = isWritten ? missingForUpdate(resource, capabilities) : [];
  return missing.length > 0 ? holds.neededForUpdate(missing) : undefined;
}

function differencesOf({ resource, live }: Pair, round: Round): readonly Difference[] {
  return [
    ...documentDifferences(resource, live, round),
    ...comparePublish(resource.publish, live.publish),
    ...markDifferences(resource, live, round.context),
  ];
}

function documentDifferences(
  resource: Resource,
  live: LiveResource,
  { context, references }: Round,
): readonly Difference[] {
  return compareDocument(resource.document, live.document, compareScope(context, { resource, live, references }));
}

function markDifferences(resource: Resource, { kind, mark }: LiveResource, context: Context): readonly Difference[] {
  if (mark === undefined) return [];
  const { set, owner } = context.policy;
  const wanted = markOf(context.specOf(kind), resource, { set, owner, nonce: mark.nonce, previous: mark });
  return context.capabilitiesOf(kind).mark === "fixed" ? compareToggles(wanted, mark) : compareMarks(wanted, mark);
}

function decideReplace(
  { resource, live, isOurs, needs }: Pair,
  { compared, draft }: { readonly compared: readonly Difference[]; readonly draft: DraftView },
  places: readonly Pointer[],
  round: Round,
): Decision {
  const { context, forbidden, dependentsOf } = round;
  const replacement = { resource, live, places, dependents: dependentsOf(resource.key) };
  const hold = isOurs
    ? (replaceHold(replacement, context) ?? draft.hold ?? forbidden.get(resource.key))
    : holds.replaceOfUnmanaged(places, live);
  if (hold !== undefined) return held(hold, resource, live, round, compared);
  const differences = [
    ...compared.filter(({ about }) => about !== "publish"),
    ...comparePublish(publishOfReplacement(resource.publish, live.publish), undefined),
  ];
  const message = `${resource.key} is replaced. ${replaceConsequences(replacement, context)}`;
  return {
    change: writeChange("replace", resource, live, { differences, needs, versions: context.versionsOf(live.uuid) }),
    entriesOf: "new",
    notes: [...draft.notes, { code: "replace/consequences", message, key: resource.key }],
  };
}

/** Held for something that does not concern its entries: they go on. */
function heldBeside(hold: Hold, pair: Pair, differences: readonly Difference[], round: Round): Decision {
  const { resource, live, isOurs } = pair;
  return { ...held(hold, resource, live, round, differences), entriesOf: isOurs ? live : "none" };
}
