import type { LiveResource } from "../model/live.ts";
import { byText, groupBy } from "./collections.ts";

/** What several live objects with one (set, key) are to each other. */
export type SameMark =
  | {
      readonly status: "settled";
      readonly rightful: LiveResource;
      /** What the rightful one was made to stand in for, and which a run did not come to delete. */
      readonly replaced: readonly LiveResource[];
      /** Made by a second run at the same time: their nonce is another one. */
      readonly duplicates: readonly LiveResource[];
      /** Made by somebody who duplicated the object: their nonce is the same. */
      readonly copies: readonly LiveResource[];
    }
  | { readonly status: "undecidable"; readonly candidates: readonly LiveResource[] };

/**
 * Decides which of the objects with one mark is the resource's own. Copies share the nonce and cannot be told from the
 * original, unless the manifest names it (`uuid`); of several nonces the oldest object stays.
 */
export function settleSameMark(group: readonly LiveResource[], uuid: string | undefined): SameMark {
  const candidates = group.toSorted(byAge);
  const stoodInFor = new Set(candidates.map(({ mark }) => mark?.replaces));
  const current = candidates.filter((live) => !stoodInFor.has(live.uuid));
  const nonces = groupBy(current, ({ mark }) => mark?.nonce);
  const named = current.find((live) => live.uuid === uuid);
  const rightful = named ?? (nonces.size === current.length ? current[0] : undefined);
  if (rightful === undefined) return { status: "undecidable", candidates };
  const others = current.filter((live) => live !== rightful);
  return {
    status: "settled",
    rightful,
    replaced: candidates.filter((live) => stoodInFor.has(live.uuid)),
    duplicates: others.filter(({ mark }) => mark?.nonce !== rightful.mark?.nonce),
    copies: others.filter(({ mark }) => mark?.nonce === rightful.mark?.nonce),
  };
}

/** Oldest first, then by uuid: the same for whoever looks. */
function byAge(left: LiveResource, right: LiveResource): number {
  return (
    (Date.parse(left.createdAt) || 0) - (Date.parse(right.createdAt) || 0) ||
    byText(left.createdAt, right.createdAt) ||
    byText(left.uuid, right.uuid)
  );
}
