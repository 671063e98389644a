import type { Change, Op, Plan } from "../model/plan.ts";
import type { ResourceKey } from "../model/resource.ts";
import { countOps } from "./assemble.ts";
import { planDigest } from "./change-id.ts";
import { groupBy } from "./collections.ts";

/** What somebody looked at and agreed to. */
export interface Reviewed {
  readonly changes: readonly { readonly id: string; readonly key: ResourceKey; readonly op: Op }[];
  /** Resources that a saved plan cannot carry, because a secret stands in them literally. */
  readonly unsavable: ReadonlySet<ResourceKey>;
}

/** A change that is not carried out, because nobody reviewed it or because it builds on one that is not. */
export interface StaleChange {
  readonly change: Change;
  readonly reason: "not-reviewed" | "needs-stale" | "literal-secret";
  /** One sentence for people. */
  readonly detail: string;
}

export interface Restricted {
  /** The fresh plan without what is stale. */
  readonly plan: Plan;
  readonly stale: readonly StaleChange[];
}

/**
 * Keeps of a fresh plan what was reviewed, by change id; the rest has moved since and is stale. What was reviewed and is
 * already so is no change any more, so carrying out one saved plan twice does nothing twice.
 */
export function restrictPlan(fresh: Plan, reviewed: Reviewed): Restricted {
  const agreed = reviewed.changes.filter(({ op }) => op !== "keep");
  const ids = new Set(agreed.map(({ id }) => id));
  const reviewedKeys = new Set(agreed.map(({ key }) => key));
  const stale = new Map<Change, StaleChange>();
  // A literal secret is missing from the saved manifest: what differs there is an artefact of saving.
  const artefacts = new Set<Change>();
  for (const change of fresh.changes) {
    if (change.op === "keep") continue;
    const isUnsavable = reviewed.unsavable.has(change.key) && "desired" in change;
    if (isUnsavable && change.op === "update" && !reviewedKeys.has(change.key)) artefacts.add(change);
    else if (isUnsavable && reviewedKeys.has(change.key)) stale.set(change, literalSecret(change));
    else if (!ids.has(change.id)) stale.set(change, notReviewed(change, reviewedKeys));
  }
  spread(fresh.changes, stale);
  const kept = (change: Change): boolean => !stale.has(change) && !artefacts.has(change);
  const changes = fresh.changes.filter(kept);
  return {
    plan: {
      ...fresh,
      changes,
      waves: fresh.waves
        .map(({ stage, changes: batch }) => ({ stage, changes: batch.filter(kept) }))
        .filter(({ changes: batch }) => batch.length > 0),
      counts: countOps(changes),
      digest: planDigest(changes),
    },
    stale: fresh.changes.flatMap((change) => stale.get(change) ?? []),
  };
}

/** What needs a stale change is stale too, however long the chain. */
function spread(changes: readonly Change[], stale: Map<Change, StaleChange>): void {
  const dependents = groupBy(
    changes.flatMap((change) => change.needs.map((need) => ({ need, change }))),
    ({ need }) => need,
  );
  const queue = [...stale.keys()];
  for (const { key } of queue) {
    for (const { change } of dependents.get(key) ?? []) {
      if (stale.has(change) || change.op === "keep" || change.op === "hold") continue;
      stale.set(change, {
        change,
        reason: "needs-stale",
        detail: `${change.key} needs ${key}, which is not carried out.`,
      });
      queue.push(change);
    }
  }
}

function notReviewed(change: Change, reviewedKeys: ReadonlySet<ResourceKey>): StaleChange {
  const { key, op } = change;
  const detail = reviewedKeys.has(key)
    ? `${key} is not what it was when the plan was made: it would be another ${op} now.`
    : `${key} was not to change when the plan was made, and a plan of now has ${op} for it.`;
  return { change, reason: "not-reviewed", detail };
}

function literalSecret(change: Change): StaleChange {
  const detail = `${change.key} holds a secret literally, which no plan file may carry: write it as { $env: NAME } or { $secret: { name, key } } in the manifest and plan again.`;
  return { change, reason: "literal-secret", detail };
}
