import canonicalize from "canonicalize";
import { sha256 } from "../model/digest.ts";
import type { JsonObject } from "../model/json.ts";
import type { Change, Op } from "../model/plan.ts";
import type { Difference } from "./difference.ts";
import { byText } from "./collections.ts";

interface Identified {
  readonly kind: string;
  readonly key: string;
  readonly op: Op;
  /** Null where nothing is live yet. */
  readonly uuid: string | null;
  readonly differences: readonly Difference[];
}

/**
 * 64 hex digits that stay the same as long as a change does the same, whoever plans it and when: everything counts
 * before resolution, and marks do not count at all (design, "Change id").
 */
export function changeId({ kind, key, op, uuid, differences }: Identified): string {
  const fields = differences.filter(({ about }) => about !== "mark").map(identifying);
  return sha256(canonicalize({ kind, key, op, uuid, fields }) ?? "");
}

function identifying({ field: { pointer, before }, symbolic }: Difference): JsonObject {
  return { pointer, ...(before !== undefined && { before }), ...(symbolic !== undefined && { after: symbolic }) };
}

/** The digest of a plan: of the ids of everything that is to change. */
export function planDigest(changes: readonly Change[]): string {
  return digestOfIds(changes.filter(({ op }) => op !== "keep").map(({ id }) => id));
}

/** sha256 of the sorted ids. */
export function digestOfIds(ids: readonly string[]): string {
  return sha256(canonicalize(ids.toSorted(byText)) ?? "");
}
