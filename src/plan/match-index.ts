import type { LiveResource } from "../model/live.ts";
import { groupBy } from "./collections.ts";

/** The live objects of one kind, by everything that a resource may be matched with. */
export interface MatchIndex {
  /** Owned objects that carry this set's mark of this key. */
  readonly marked: (set: string, key: string) => readonly LiveResource[];
  /** Owned objects that carry a mark of this key, whatever the set. */
  readonly markedInAnySet: (key: string) => readonly LiveResource[];
  /** Foreign objects too. */
  readonly byUuid: (uuid: string) => LiveResource | undefined;
  /** Owned objects without a mark. */
  readonly unmarked: (name: string, type: string) => readonly LiveResource[];
}

export function indexLive(items: readonly LiveResource[]): MatchIndex {
  const owned = items.filter(({ isOwned }) => isOwned);
  const byMark = groupBy(owned, ({ mark }) => (mark === undefined ? undefined : identity(mark.set, mark.key)));
  const byKey = groupBy(owned, ({ mark }) => mark?.key);
  const byUuid = new Map(items.map((live) => [live.uuid, live]));
  const byName = groupBy(owned, (live) => (live.mark === undefined ? identity(live.name, live.type) : undefined));
  return {
    marked: (set, key) => byMark.get(identity(set, key)) ?? [],
    markedInAnySet: (key) => byKey.get(key) ?? [],
    byUuid: (uuid) => byUuid.get(uuid.toLowerCase()) ?? byUuid.get(uuid),
    unmarked: (name, type) => byName.get(identity(name, type)) ?? [],
  };
}

function identity(left: string, right: string): string {
  return JSON.stringify([left, right]);
}
