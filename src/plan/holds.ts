import type { AppVersion, LiveResource } from "../model/live.ts";
import type { Hold } from "../model/plan.ts";
import type { Pointer } from "../model/pointer.ts";
import type { Resource, ResourceKey } from "../model/resource.ts";
import { byText, counted, listed } from "./collections.ts";
import { deleteOrAdopt, formerSet, HINTS, selectToo, takeOver } from "../model/hints.ts";

/** Every hold in words: what was found, with the facts, and the exact way out. */

export function unmanaged({ name, type, uuid }: LiveResource): Hold {
  return {
    reason: "unmanaged",
    detail: `"${name}" (${type}, ${uuid}) is already there without a mark of ours.`,
    ...HINTS.adopt,
  };
}

export function notOursToDelete({ name, type, uuid }: LiveResource): Hold {
  return {
    reason: "unmanaged",
    detail: `"${name}" (${type}, ${uuid}) carries no mark of ours, so it is not ours to delete.`,
    ...deleteOrAdopt(uuid),
  };
}

export function ambiguous({ kind, name, type }: Resource, candidates: readonly LiveResource[]): Hold {
  return {
    reason: "ambiguous",
    detail: `${counted(candidates.length, "live object")} could be this ${kind} named "${name}" of type ${type}: ${uuids(candidates)}.`,
    remedy: "Name the right one with spec.uuid, or delete or rename the others.",
  };
}

export function contested(keys: readonly ResourceKey[], live: LiveResource): Hold {
  return {
    reason: "ambiguous",
    detail: `${listed(keys)} all match the one live object "${live.name}" (${live.uuid}).`,
    remedy: "Name a different object in each with spec.uuid, or give them different names.",
  };
}

export function indistinguishable({ kind, name, type }: Resource, keys: readonly ResourceKey[]): Hold {
  return {
    reason: "ambiguous",
    detail: `${listed(keys)} ask for a ${kind} of the same name "${name}" and type ${type}, which nothing on this server tells apart.`,
    remedy: "Give each its own spec.name.",
  };
}

export function claimedByAnother({ uuid, name }: LiveResource, owner: string): Hold {
  return {
    reason: "ambiguous",
    detail: `spec.uuid names "${name}" (${uuid}), which is ${owner} already.`,
    remedy: `Take spec.uuid out, or give up ${owner} and state movedFrom.`,
  };
}

export function ownedBySet(candidates: readonly LiveResource[], set: string, remark: "possible" | "impossible"): Hold {
  return {
    reason: "owned",
    detail: `Owned by set "${set}": ${uuids(candidates)}.`,
    ...(remark === "possible" ? takeOver(set) : formerSet(set)),
  };
}

export function ownedByKeeper(candidates: readonly LiveResource[]): Hold {
  const owner = candidates[0]?.mark?.owner ?? "";
  return {
    reason: "owned",
    detail: `Kept by "${owner}" in the same set: ${uuids(candidates)}.`,
    remedy: `Annotate llmstack.ai/take-over: ${owner} to keep it from here, or give this one's server another set.`,
  };
}

export function ownedByOthers({ name, uuid }: LiveResource): Hold {
  return {
    reason: "owned",
    detail: `spec.uuid names "${name}" (${uuid}), which belongs to another account and is only shared with this one.`,
    remedy: "Take spec.uuid out to make one of your own.",
  };
}

export function copies(candidates: readonly LiveResource[]): Hold {
  return {
    reason: "copy",
    detail: `${counted(candidates.length, "live object")} carry one and the same mark (somebody duplicated it), and nothing tells which is the original: ${uuids(candidates)}.`,
    remedy: "Name the original with spec.uuid, then delete the others or take x-llmstack-sync out of their config.",
  };
}

export function copyOf(copy: LiveResource, original: LiveResource): Hold {
  return {
    reason: "copy",
    detail: `"${copy.name}" (${copy.uuid}) is a copy of ${original.uuid} and carries its mark.`,
    remedy: "Delete it, or take x-llmstack-sync out of its config to keep it as an app of its own.",
  };
}

export function duplicateOf(younger: LiveResource, oldest: LiveResource): Hold {
  return {
    reason: "copy",
    detail: `"${younger.name}" (${younger.uuid}) was made a second time by two runs at once; ${oldest.uuid} is older and stays.`,
    remedy: `Delete ${younger.uuid} by hand once nobody uses it.`,
  };
}

export function unsupported(places: readonly Pointer[], dialect: string): Hold {
  return {
    reason: "unsupported",
    detail: `A server that speaks "${dialect}" has no notion of ${listed(places)}.`,
    remedy: `Take ${listed(places)} out of the manifest, or use a server that knows it.`,
  };
}

export function unclearable(places: readonly Pointer[]): Hold {
  return {
    reason: "unclearable",
    detail: `This server cannot empty ${listed(places)} once it is filled.`,
    remedy: "Keep a value there, or delete the object and let the next run make it anew.",
  };
}

export function neededForUpdate(places: readonly Pointer[]): Hold {
  return {
    reason: "unclearable",
    detail: `This server fails on any change of an object whose ${listed(places)} is empty.`,
    remedy: "Put a value there, or delete the object and let the next run make it anew.",
  };
}

export function markImmutable(places: readonly Pointer[]): Hold {
  return {
    reason: "mark-immutable",
    detail: `The mark was fixed when the object was made, so ${listed(places)} cannot change any more.`,
    remedy: "Undo the change in the manifest, or replace the object by hand.",
  };
}

export function replaceNotAllowed(places: readonly Pointer[], consequences: string): Hold {
  return {
    reason: "replace",
    detail: `${listed(places)} cannot change on a live object; it would have to be replaced. ${consequences}`,
    ...HINTS.replace,
  };
}

export function unfinishedReplace({ name, uuid }: LiveResource): Hold {
  return {
    reason: "replace",
    detail: `"${name}" (${uuid}), which spec.uuid names, has been replaced already and is still there.`,
    ...HINTS.finishReplace,
  };
}

export function replaceOfUnmanaged(places: readonly Pointer[], { uuid }: LiveResource): Hold {
  return {
    reason: "replace",
    detail: `${listed(places)} cannot change on a live object, and ${uuid} carries no mark of ours, so it is not ours to replace.`,
    remedy: `State in the manifest what ${uuid} has there, adopt it, then change it.`,
  };
}

export function protectedFromDeletion({ name, uuid }: LiveResource, by: "protect" | "orphan"): Hold {
  return {
    reason: "protected",
    detail:
      by === "protect"
        ? `"${name}" (${uuid}) is protected from deletion by llmstack.ai/protect.`
        : `"${name}" (${uuid}) is to outlive its manifest (deletionPolicy: Orphan), so it is not replaced.`,
    remedy:
      by === "protect"
        ? 'Apply its manifest without llmstack.ai/protect: "true" first, then run this again.'
        : "Apply its manifest with deletionPolicy: Delete first, then run this again.",
  };
}

export function foreignEntries(count: number, { name, uuid }: LiveResource, wayOut: "exclusive" | "by-hand"): Hold {
  return {
    reason: "foreign-entries",
    detail: `Foreign entries: ${count}. "${name}" (${uuid}) holds ${counted(count, "entry", "entries")} without a mark of this set, which would be deleted with it.`,
    remedy:
      wayOut === "exclusive"
        ? "Move them elsewhere, or state entriesPolicy: Exclusive in its manifest."
        : `Move them elsewhere, or delete ${uuid} by hand.`,
  };
}

export function markless({ name, uuid }: LiveResource): Hold {
  return {
    reason: "markless",
    detail: `Nothing proves that "${name}" (${uuid}) is ours: it carries no mark, and no entry of it does.`,
    remedy: `Delete ${uuid} by hand, if it is to go.`,
  };
}

export function referenced({ name, uuid }: LiveResource, referrers: readonly LiveResource[]): Hold {
  const sorted = referrers.toSorted((a, b) => byText(a.uuid, b.uuid));
  const names = sorted.map((referrer) => `${referrer.kind} "${referrer.name}" (${referrer.uuid})`);
  return {
    reason: "referenced",
    detail: `"${name}" (${uuid}) is still referred to by ${listed(names)}, which this plan does not change.`,
    remedy: "Take the reference out there, or manage that one from this set too.",
  };
}

export function noConnection(name: string, known: readonly string[]): Hold {
  const there = known.length === 0 ? "There is none at all." : `There are: ${listed(known.map(quoted), 20)}.`;
  return {
    reason: "connection",
    detail: `No connection is named ${quoted(name)}. ${there}`,
    remedy: "Make it in LLMStack's settings, or correct the name.",
  };
}

export function severalConnections(name: string, ids: readonly string[]): Hold {
  return {
    reason: "connection",
    detail: `${counted(ids.length, "connection")} are named ${quoted(name)}: ${listed(ids, 20)}.`,
    remedy: "Rename or delete the others in LLMStack's settings, or write the right id in place of the reference.",
  };
}

export function draftWaits({ uuid }: LiveResource, { version }: AppVersion, runs: "other" | "nothing"): Hold {
  const beside = runs === "other" ? "differs from what runs" : "is all that there is of it, nothing runs";
  return {
    reason: "draft",
    detail: `Somebody left a draft (version ${version}) of ${uuid}. It ${beside}, and it is not what the manifest asks for.`,
    ...HINTS.discardDraft,
  };
}

export function dependsOnHeld(needs: readonly ResourceKey[], why: "held" | "not-selected"): Hold {
  return {
    reason: "depends-on-held",
    detail:
      why === "held"
        ? `It needs ${listed(needs)}, which is held, so its uuid is not known.`
        : `It needs ${listed(needs)}, which is not selected and not on the server yet.`,
    ...(why === "held" ? { remedy: `Settle ${listed(needs)} first.` } : selectToo(listed(needs))),
  };
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function uuids(candidates: readonly LiveResource[]): string {
  return listed(candidates.map(({ uuid }) => uuid).toSorted(byText), 20);
}
