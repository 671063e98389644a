import type { Problem } from "../../model/problem.ts";
import type { Reason } from "../status/reasons.ts";
import type { Verdict } from "../status/verdict.ts";

const MOST_TOLD = 5;

/** What is wrong with a manifest, each place by its pointer. */
export function invalidVerdict(reason: Reason, problems: readonly Problem[]): Verdict {
  const told = problems.slice(0, MOST_TOLD).map(({ pointer, message }) => `${pointer ?? ""}: ${message}`);
  const more = problems.length > MOST_TOLD ? [`and ${problems.length - MOST_TOLD} more`] : [];
  return { reason, message: [...told, ...more].join("; ") };
}
