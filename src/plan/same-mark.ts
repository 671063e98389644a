import type { AppVersions, LiveResource } from "../model/live.ts";
import { byText, groupBy } from "./collections.ts";
import { isOriginal } from "./versions.ts";

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

/** What is known of an object's versions; undefined where nobody looked, or nothing is kept. */
export type VersionsOf = (uuid: string) => AppVersions | undefined;

/**
 * Decides which of the objects with one mark is the resource's own. Copies share the nonce, and only the original's
 * history has it too; where nothing is known of that, only the manifest can name it (`uuid`). Of several nonces the
 * oldest object stays.
 */
export function settleSameMark(
  group: readonly LiveResource[],
  uuid: string | undefined,
  versionsOf: VersionsOf,
): SameMark {
  const [only] = group;
  if (group.length === 1 && only !== undefined && only.mark?.replaces !== only.uuid) return settledAs(only);
  const candidates = group.toSorted(byAge);
  const stoodInFor = new Set(candidates.map(({ mark }) => mark?.replaces));
  const current = candidates.filter((live) => !stoodInFor.has(live.uuid));
  const named = current.find((live) => live.uuid === uuid);
  const originals = [...groupBy(current, ({ mark }) => mark?.nonce).values()].map((equals) =>
    named !== undefined && equals.includes(named) ? named : originalOf(equals, versionsOf),
  );
  const rightful = named ?? (originals.includes(undefined) ? undefined : originals.find((live) => live !== undefined));
  if (rightful === undefined) return { status: "undecidable", candidates };
  const others = current.filter((live) => live !== rightful);
  const isCopy = (live: LiveResource): boolean =>
    live.mark?.nonce === rightful.mark?.nonce || (named === undefined && !originals.includes(live));
  return {
    ...settledAs(rightful),
    replaced: candidates.filter((live) => stoodInFor.has(live.uuid)),
    duplicates: others.filter((live) => !isCopy(live)),
    copies: others.filter(isCopy),
  };
}

function settledAs(rightful: LiveResource): Extract<SameMark, { status: "settled" }> {
  return { status: "settled", rightful, replaced: [], duplicates: [], copies: [] };
}

/** Of objects with one nonce the one that was made with it; undefined where that cannot be told. */
export function originalOf(equals: readonly LiveResource[], versionsOf: VersionsOf): LiveResource | undefined {
  const [only, ...others] = equals;
  if (others.length === 0) return only;
  const histories = equals.map((live) => ({ live, versions: versionsOf(live.uuid) }));
  const originals = histories.filter(({ live, versions }) => versions !== undefined && isOriginal(live, versions));
  const isSure = originals.length === 1 && histories.every(({ versions }) => versions !== undefined);
  return isSure ? originals[0]?.live : undefined;
}

/** Oldest first, then by uuid: the same for whoever looks. */
function byAge(left: LiveResource, right: LiveResource): number {
  return (
    (Date.parse(left.createdAt) || 0) - (Date.parse(right.createdAt) || 0) ||
    byText(left.createdAt, right.createdAt) ||
    byText(left.uuid, right.uuid)
  );
}
