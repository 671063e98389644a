import type { Change, Note, Op, Plan, Refusal } from "../model/plan.ts";
import { byText } from "./collections.ts";
import { planDigest } from "./change-id.ts";
import type { Context } from "./context.ts";
import { inReadingOrder, wavesOf } from "./order.ts";

interface Parts {
  readonly context: Context;
  readonly changes: readonly Change[];
  readonly refusals: readonly Refusal[];
  readonly notes: readonly Note[];
}

/** The plan of these changes: ordered, counted and with its digest. What is refused has no waves. */
export function assemblePlan({ context, changes, refusals, notes }: Parts): Plan {
  const ordered = inReadingOrder(changes);
  return {
    target: context.target,
    policy: context.policy,
    changes: ordered,
    waves: refusals.length > 0 ? [] : wavesOf(ordered, context),
    refusals,
    notes: notes.toSorted(
      (a, b) => byText(a.code, b.code) || byText(a.key ?? "", b.key ?? "") || byText(a.message, b.message),
    ),
    counts: countOps(ordered),
    digest: planDigest(ordered),
    ...(context.connections().size > 0 && { connections: context.connections() }),
    ...(context.proven !== undefined && { proven: context.proven }),
    seen: new Set(context.kinds.flatMap(({ kind }) => context.liveOf(kind).map(({ uuid }) => uuid))),
  };
}

/** How many changes of each op. */
export function countOps(changes: readonly Change[]): Readonly<Record<Op, number>> {
  const counts: Record<Op, number> = { create: 0, update: 0, replace: 0, adopt: 0, prune: 0, hold: 0, keep: 0 };
  for (const { op } of changes) counts[op] += 1;
  return counts;
}
