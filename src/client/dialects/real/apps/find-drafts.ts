import pLimit from "p-limit";
import { own } from "../../../../model/json.ts";
import type { LiveResource } from "../../../../model/live.ts";
import { parseVersionComment } from "../../../../model/version-comment.ts";
import type { FoundDraft, FoundDrafts } from "../../../client.ts";
import type { Http } from "../../../http.ts";
import type { Era } from "../era.ts";
import { commentsAroundDraft } from "./versions.ts";

const MOST_ASKED = 100;
const AT_A_TIME = 5;

/** Drafts among apps as a list gave them; one request for each app whose facts leave it open (llmstack-server.md 2.10). */
export async function findDrafts(
  http: Http,
  era: Era,
  apps: readonly LiveResource[],
  signal: AbortSignal,
): Promise<FoundDrafts> {
  const open = apps
    .filter((app) => mayHideDraft(app, era))
    .toSorted((left, right) => (left.updatedAt < right.updatedAt ? 1 : -1));
  const asked = open.slice(0, MOST_ASKED);
  const waiting = await pLimit(AT_A_TIME).map(asked, async (app) => {
    const comments = await commentsAroundDraft(http, app.uuid, signal);
    return comments === undefined ? [] : [draftOf(app, comments)];
  });
  return {
    waiting: waiting.flat(),
    alone: apps.filter(isDraftAlone).map((app) => draftOf(app, [])),
    unasked: open.length - asked.length,
  };
}

/** The editor may drop the mark from a draft; comments of versions that we wrote stay. */
function draftOf({ uuid, name, mark }: LiveResource, comments: readonly string[]): FoundDraft {
  const [written] = comments.flatMap((comment) => parseVersionComment(comment) ?? []);
  const set = mark?.set ?? written?.set;
  return { uuid, name, ...(set !== undefined && { set }) };
}

/**
 * A list shows the newest version and does not say which it is. Where a change overwrites what runs there is but one;
 * elsewhere the first number is that of a lone version.
 */
function mayHideDraft({ hasLiveVersion, version }: LiveResource, { patch }: Era): boolean {
  return hasLiveVersion === true && patch !== "overwrites" && version !== 0;
}

/** The row of a create that failed half-way holds no version at all, and so no config. */
function isDraftAlone({ hasLiveVersion, document }: LiveResource): boolean {
  return hasLiveVersion === false && own(document, "config") !== undefined;
}
