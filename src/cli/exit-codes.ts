import type { FailureClass } from "../model/errors.ts";
import type { Outcome, Report } from "../model/outcome.ts";

/** What the process answers. Stable: scripts depend on the numbers (design, "Command line"). */
export const EXIT = {
  ok: 0,
  unexpected: 1,
  changes: 2,
  invalid: 3,
  partial: 4,
  auth: 5,
  refused: 6,
  stale: 7,
  locked: 8,
  unreachable: 10,
  usage: 64,
  interrupted: 130,
} as const;

/** What each code means, for help and documentation. */
export const EXIT_MEANINGS: readonly (readonly [number, string])[] = [
  [EXIT.ok, "done, or nothing to do"],
  [EXIT.unexpected, "unexpected: a bug in llmstack-sync"],
  [EXIT.changes, "changes present (only with --detailed-exitcode, and in ci)"],
  [EXIT.invalid, "manifests invalid"],
  [EXIT.partial, "partly failed"],
  [EXIT.auth, "authentication or permission"],
  [EXIT.refused, "refused by a safety rule"],
  [EXIT.stale, "plan is stale"],
  [EXIT.locked, "another run holds the lock"],
  [EXIT.unreachable, "server unreachable or unknown"],
  [EXIT.usage, "usage"],
  [EXIT.interrupted, "interrupted"],
];

/** The code of a failure that ended a run before its first write. */
export const EXIT_OF_CLASS: Readonly<Record<FailureClass, number>> = {
  usage: EXIT.usage,
  invalid_manifest: EXIT.invalid,
  auth: EXIT.auth,
  forbidden: EXIT.auth,
  refused: EXIT.refused,
  stale_plan: EXIT.stale,
  lock_held: EXIT.locked,
  unreachable: EXIT.unreachable,
  unsupported_server: EXIT.unreachable,
  incomplete_read: EXIT.unreachable,
  rejected: EXIT.partial,
  rate_limited: EXIT.unreachable,
  server_error: EXIT.unreachable,
  ambiguous_write: EXIT.partial,
  not_found: EXIT.partial,
  dependency_failed: EXIT.partial,
  server_rewrote_value: EXIT.partial,
  entry_failed: EXIT.partial,
  cancelled: EXIT.interrupted,
  internal: EXIT.unexpected,
};

/** The one code of a run that got as far as applying. */
export function exitOfReport({ outcomes, isInterrupted }: Pick<Report, "outcomes" | "isInterrupted">): number {
  if (isInterrupted) return EXIT.interrupted;
  const statuses = new Set(outcomes.map(({ status }) => status));
  if (statuses.has("failed") || statuses.has("unknown") || statuses.has("blocked")) {
    return statuses.has("done") ? EXIT.partial : exitWithoutWrites(outcomes);
  }
  if (statuses.has("stale")) return EXIT.stale;
  return statuses.has("held") ? EXIT.refused : EXIT.ok;
}

/** Nothing was written: when every failure says "no permission" or "no server", so does the run. */
function exitWithoutWrites(outcomes: readonly Outcome[]): number {
  const failures = outcomes.filter(({ status }) => status === "failed" || status === "unknown");
  const codes = new Set(failures.map(({ failure }) => EXIT_OF_CLASS[failure?.class ?? "rejected"]));
  const [only] = codes;
  return codes.size === 1 && (only === EXIT.auth || only === EXIT.unreachable) ? only : EXIT.partial;
}
