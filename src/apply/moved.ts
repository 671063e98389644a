import type { Json } from "../model/json.ts";
import { jsonEqual } from "../model/json.ts";
import type { LiveEntry, LiveResource } from "../model/live.ts";
import { type Mark, markToJson } from "../model/mark.ts";

/**
 * What is different about a live object since the plan saw it, in words; undefined when nothing is. `updatedAt` does
 * not count: servers touch it without changing anything.
 */
export function whatMoved(seen: LiveResource, now: LiveResource): string | undefined {
  if (seen.name !== now.name) return `its name is now "${now.name}"`;
  if (seen.type !== now.type) return `its type is now ${now.type}`;
  if (seen.isOwned !== now.isOwned) return "its owner changed";
  if (!isSameMark(seen.mark, now.mark)) return "its mark changed";
  if (!jsonEqual(seen.document, now.document)) return "its content changed";
  if (isTold(seen.hasLiveVersion, now.hasLiveVersion)) return "what runs of it changed";
  if (isTold(seen.version, now.version)) return `it has a newer version (${now.version})`;
  return jsonEqual(publishOf(seen), publishOf(now)) ? undefined : "who may see it changed";
}

/** True for a difference of something that both reads tell. */
function isTold<T>(seen: T | undefined, now: T | undefined): boolean {
  return seen !== undefined && now !== undefined && seen !== now;
}

export function isSameMark(left: Mark | undefined, right: Mark | undefined): boolean {
  return jsonEqual(left && markToJson(left), right && markToJson(right));
}

/** True when it is still the entry that the plan saw. The name of a marked one does not count: URL entries change it. */
export function isSameEntry(seen: LiveEntry, now: LiveEntry): boolean {
  const [left, right] = [seen.mark, now.mark];
  if (left === undefined || right === undefined) return left === right && seen.name === now.name;
  return left.set === right.set && left.key === right.key && left.sha256 === right.sha256;
}

function publishOf({ publish }: LiveResource): Json | undefined {
  if (publish === undefined) return undefined;
  const { state = null, visibility = null, readers, writers } = publish;
  return {
    state,
    visibility,
    readers: readers === undefined ? null : [...readers],
    writers: writers === undefined ? null : [...writers],
  };
}
