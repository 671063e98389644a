import type { MaxDeletes, Policy, Refusal } from "../model/plan.ts";
import { counted } from "./collections.ts";
import { deleteMore, HINTS } from "../model/hints.ts";

/** How many managed things of one scope a plan deletes. */
export interface Deletions {
  /** "objects", or which datasource's entries. */
  readonly what: string;
  readonly deleted: number;
  readonly managed: number;
}

interface SafetyFacts {
  /** Resources that are wanted and selected. */
  readonly wanted: number;
  readonly deletions: readonly Deletions[];
}

/** The rules that stop a run before its first write, each with its numbers and what would allow it (design 6). */
export function refusalsOf({ wanted, deletions }: SafetyFacts, policy: Policy): readonly Refusal[] {
  return [
    ...emptyRefusal(wanted, policy),
    ...implicitSetRefusal(policy),
    ...deletionRefusals(deletions, policy.maxDeletes),
  ];
}

function emptyRefusal(wanted: number, { allowEmpty, only }: Policy): readonly Refusal[] {
  if (wanted > 0 || allowEmpty) return [];
  const detail =
    only.length === 0
      ? "No manifest was found, so nothing is wanted at all."
      : `No manifest matches --only ${only.join(" --only ")}.`;
  return [{ rule: "empty", detail, ...HINTS.nothingWanted }];
}

function implicitSetRefusal({ prune, isSetImplicit, set, only }: Policy): readonly Refusal[] {
  if (!prune || !isSetImplicit || only.length > 0) return [];
  return [
    {
      rule: "implicit-set",
      detail: `--prune deletes what the set "${set}" has and no manifest names, and nobody named that set.`,
      remedy: `Name the set whose objects these manifests are: --set ${set} if that is the one.`,
    },
  ];
}

function deletionRefusals(deletions: readonly Deletions[], limit: MaxDeletes | undefined): readonly Refusal[] {
  const over = deletions.filter((scope) => scope.deleted > allowedOf(scope, limit));
  // One flag serves all scopes, so each refusal names the number that would let all of them through.
  const needed = Math.max(...over.map(({ deleted }) => deleted));
  const { remedy, inCluster } = deleteMore(needed);
  return over.map((scope) => ({
    rule: "max-deletes",
    detail: `${scope.deleted} of ${counted(scope.managed, "managed", "managed")} ${scope.what} would be deleted; ${ruleOf(scope, limit)}.`,
    remedy,
    inCluster,
  }));
}

const SMALL = 10;
const SMALL_LIMIT = 3;
const PERCENT = 30;

function allowedOf({ managed }: Deletions, limit: MaxDeletes | undefined): number {
  if (limit !== undefined) return "count" in limit ? limit.count : Math.floor((managed * limit.percent) / 100);
  return managed > SMALL ? Math.floor((managed * PERCENT) / 100) : Math.max(0, Math.min(SMALL_LIMIT, managed - 1));
}

function ruleOf(scope: Deletions, limit: MaxDeletes | undefined): string {
  if (limit !== undefined)
    return "count" in limit
      ? `at most ${limit.count} may go`
      : `at most ${limit.percent} % may go, which is ${allowedOf(scope, limit)}`;
  if (scope.managed > SMALL) return `at most ${PERCENT} % go in one run, which is ${allowedOf(scope, limit)}`;
  return `of ${SMALL} or fewer at most ${SMALL_LIMIT} go in one run, and never all`;
}
