import type { FieldDiff, Note } from "../model/plan.ts";
import { isObject, jsonEqual } from "../model/json.ts";
import type { Publish, Resource, ResourceKey } from "../model/resource.ts";
import { symbolicObject } from "../model/template.ts";
import { byText, counted, listed, memoize } from "./collections.ts";
import type { Context } from "./context.ts";
import type { Decision } from "./decision.ts";
import type { Difference } from "./difference.ts";
import type { EntryPlan } from "./entries.ts";
import { isSelected } from "./only.ts";

/** Literal uuids in manifests that name nothing live: checked, never rewritten (design 2, "References"). */
export function literalReferenceNotes(resources: readonly Resource[], context: Context): readonly Note[] {
  const uuidsOf = memoize((kind: string) => new Set(context.liveOf(kind).map(({ uuid }) => uuid.toLowerCase())));
  return resources.flatMap(({ key, kind, document }) =>
    context
      .specOf(kind)
      .references(symbolicObject(document))
      .filter((reference) => context.live.resources.has(reference.kind) && !uuidsOf(reference.kind).has(reference.uuid))
      .map((reference) => ({
        code: "reference/unknown-uuid",
        message: `${key} names the ${reference.kind} ${reference.uuid} at ${reference.pointer}, and no live ${reference.kind} has that uuid.`,
        key,
      })),
  );
}

/** Publishing without saying for whom: whoever the server lets in then. */
export function publishNotes({ key, publish }: Resource, live: Publish | undefined): readonly Note[] {
  if (publish?.state !== "Published" || publish.visibility !== undefined || live?.state === "Published") return [];
  const whom =
    live?.visibility === undefined ? "the server's own choice, which may be everybody" : `${live.visibility}, as it is`;
  const message = `${key} is to be published and spec.publish.visibility is not stated: who may see it is ${whom}.`;
  return [{ code: "publish/visibility", message, key }];
}

/** A reference that says the same in a manifest and will not say the same on the server. */
export function isRenewedReference({ before, after, secret }: FieldDiff): boolean {
  return !secret && isObject(after) && Object.hasOwn(after, "$ref") && jsonEqual(before, after);
}

export function referenceNotes(key: ResourceKey, differences: readonly Difference[]): readonly Note[] {
  const same = differences.filter(({ field }) => isRenewedReference(field));
  return same.map(({ field }) => ({
    code: "reference/renewed",
    message: `${key} is updated at ${field.pointer}: what it refers to there is the same, and has another uuid or runs another version.`,
    key,
  }));
}

/** What --only leaves undone, and globs that select nothing. */
export function onlyNotes({ policy, resources }: Context): readonly Note[] {
  if (policy.only.length === 0) return [];
  const idle = policy.only.filter((glob) => !resources.some(({ key }) => isSelected([glob], key)));
  return [
    ...(policy.prune ? [{ code: "prune/only", message: "--prune is off with --only." }] : []),
    ...idle.map((glob) => ({ code: "only/no-match", message: `--only ${glob} matches no manifest.` })),
  ];
}

/** Entries of the same key that another set made: they are kept, and made once more for this set. */
export function otherSetNote({
  ofOtherSets,
  decision: { change },
}: EntryPlan & { readonly decision: Decision }): readonly Note[] {
  if (ofOtherSets.length === 0) return [];
  const sets = [...new Set(ofOtherSets)].toSorted(byText);
  const entries = counted(ofOtherSets.length, "entry", "entries");
  const message = `${entries} of ${change.key} ${ofOtherSets.length === 1 ? "carries" : "carry"} the mark of set ${listed(sets)} and ${ofOtherSets.length === 1 ? "stays" : "stay"}; spec.formerSets: [${sets.join(", ")}] would take over what is there instead of uploading it again.`;
  return [{ code: "entries/other-set", message, key: change.key }];
}
