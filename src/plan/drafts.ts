import type { JsonObject } from "../model/json.ts";
import type { LiveResource } from "../model/live.ts";
import type { Hold, Note } from "../model/plan.ts";
import { pointer } from "../model/pointer.ts";
import type { Resource } from "../model/resource.ts";
import type { Context } from "./context.ts";
import type { Difference } from "./difference.ts";
import * as holds from "./holds.ts";
import { waitingDraft } from "./versions.ts";

/** What drafts have to say about a change. */
export interface DraftView {
  /** What is different about a draft itself: nothing runs beside it, or it is to be overwritten. */
  readonly differences: readonly Difference[];
  /** Why nothing may be written: somebody's draft would be lost. */
  readonly hold?: Hold;
  /** What a write would start from, in place of what runs. */
  readonly base?: JsonObject;
  readonly notes: readonly Note[];
}

interface Subject {
  readonly resource: Resource;
  readonly live: LiveResource;
  readonly isOurs: boolean;
  /** Something is to be written whatever the draft is. */
  readonly isWritten: boolean;
}

interface Look {
  readonly context: Context;
  readonly isWanted: (document: JsonObject) => boolean;
}

const NOTHING: DraftView = { differences: [], notes: [] };

/**
 * A write makes whatever draft there is part of the past, so one that says something of its own stops it, or is
 * overwritten where the policy says so. Where nothing is to be written it is only told of. What does not run is
 * published.
 */
export function viewDraft(
  { resource: { key }, live, isOurs, isWritten }: Subject,
  { context, isWanted }: Look,
): DraftView {
  const versions = context.versionsOf(live.uuid);
  if (versions === undefined || !context.isVersioned(live.kind)) return NOTHING;
  const isDown = versions.live === undefined;
  // Where somebody's draft is all there is, it is what the plan shows and what they agree to give up by an adoption.
  const waiting = isDown && !isOurs ? undefined : waitingDraft(versions, isWanted);
  const base = versions.draft === undefined ? {} : { base: versions.draft.document };
  if (waiting === undefined) return { ...NOTHING, ...base, differences: isDown ? [PUBLISHED] : [] };
  const draft = `${key} has a draft (version ${waiting.version}) that somebody left`;
  if (context.policy.discardDrafts) {
    const note = { code: "draft/overwritten", message: `${draft}; --discard-drafts overwrites it.`, key };
    return { ...base, differences: [PUBLISHED], notes: [note] };
  }
  if (isWritten || isDown) {
    return { ...NOTHING, ...base, hold: holds.draftWaits(live, waiting, isDown ? "nothing" : "other") };
  }
  const stays = `${draft}. What runs is as the manifest asks, so it stays`;
  const note = { message: `${stays}; --discard-drafts would overwrite it.`, inCluster: `${stays}.` };
  return { ...NOTHING, ...base, notes: [{ code: "draft/waiting", ...note, key }] };
}

/** Shown where a write does away with a draft. No document has that key: manifests may not state it. */
const PUBLISHED: Difference = {
  field: { pointer: pointer("draft"), before: true, after: false },
  symbolic: false,
  about: "document",
};
