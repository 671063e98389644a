import { type Mark, MARK_KEY } from "../model/mark.ts";
import { pointer } from "../model/pointer.ts";
import type { Difference } from "./difference.ts";

/** What a mark must say for its object to be in sync. The rest (nonce, replaces, kept) is history. */
const COMPARED = ["set", "key", "sha256", "protect", "orphan"] as const satisfies readonly (keyof Mark)[];

/** What a mark that never changes may still be asked to say: set and key are kept for good there. */
const TOGGLES = ["protect", "orphan"] as const satisfies readonly (keyof Mark)[];

/** Where the mark on a live object is not the wanted one. Who keeps it counts only for those who say so. */
export function compareMarks(wanted: Mark, live: Mark): readonly Difference[] {
  return differencesIn(wanted.owner === undefined ? COMPARED : [...COMPARED, "owner"], wanted, live);
}

/** Wanted protections that a mark fixed at creation cannot take up, or give up, any more. */
export function compareToggles(wanted: Mark, live: Mark): readonly Difference[] {
  return differencesIn(TOGGLES, wanted, live);
}

function differencesIn(
  names: readonly ((typeof COMPARED)[number] | "owner")[],
  wanted: Mark,
  live: Mark,
): readonly Difference[] {
  return names.flatMap((name) => {
    const [before, after] = [live[name], wanted[name]];
    if (before === after) return [];
    const field = {
      pointer: pointer(MARK_KEY, name),
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
    };
    return [{ field, about: "mark" as const }];
  });
}
