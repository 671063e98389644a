import { jsonEqual, type JsonObject } from "../model/json.ts";
import type { AppVersion, AppVersions, LiveResource } from "../model/live.ts";
import { parseVersionComment } from "../model/version-comment.ts";

/** A live object as it runs: a list shows its newest version, which may be somebody's draft. */
export function asItRuns(row: LiveResource, versions: AppVersions | undefined): LiveResource {
  if (versions === undefined) return row;
  const { version: _, ...shown } = row;
  const { live } = versions;
  if (live === undefined) return { ...shown, hasLiveVersion: false };
  const { mark = row.mark, document, version } = live;
  return { ...shown, document, version, hasLiveVersion: true, ...(mark !== undefined && { mark }) };
}

/** A draft whose content would be lost in a write: it is neither what runs nor what is wanted. */
export function waitingDraft(
  { live, draft }: AppVersions,
  isWanted: (document: JsonObject) => boolean,
): AppVersion | undefined {
  if (draft === undefined || jsonEqual(draft.document, live?.document)) return undefined;
  return isWanted(draft.document) ? undefined : draft;
}

/** True where one of an object's versions was written by us under its own mark: a copy has a history of its own. */
export function isOriginal({ mark }: LiveResource, { comments }: AppVersions): boolean {
  return mark !== undefined && comments.some((comment) => parseVersionComment(comment)?.nonce === mark.nonce);
}

/** True for what nobody can see and nobody has written to since we made it. */
export function isUntouched({ mark, publish }: LiveResource, { live, draft, comments }: AppVersions): boolean {
  const [only, ...others] = comments;
  if (mark === undefined || only === undefined || others.length > 0) return false;
  const isOurs = parseVersionComment(only)?.nonce === mark.nonce;
  return isOurs && publish?.state === "Unpublished" && live !== undefined && draft === undefined;
}
