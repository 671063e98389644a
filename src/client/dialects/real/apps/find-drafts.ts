import pLimit from "p-limit";
import { own } from "../../../../model/json.ts";
import type { LiveResource } from "../../../../model/live.ts";
import type { FoundDrafts } from "../../../client.ts";
import type { Http } from "../../../http.ts";
import type { Era } from "../era.ts";
import { hasDraft } from "./versions.ts";

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
  const answers = await pLimit(AT_A_TIME).map(asked, async ({ uuid }) => hasDraft(http, uuid, signal));
  return {
    waiting: asked.filter((_, index) => answers[index] === true),
    alone: apps.filter(isDraftAlone),
    unasked: open.length - asked.length,
  };
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
