import type { Outcome, OutcomeStatus, Report } from "../model/outcome.ts";
import type { Op } from "../model/plan.ts";
import { shortId, SYMBOL } from "./change-view.ts";
import { counted, grouped, printable } from "./printable.ts";
import { type Against, againstOf, nothingToDo } from "./view.ts";

/** What an apply did, as every format shows it. All texts but failures' own are printable. */
export interface ReportView {
  readonly against: Against;
  /** What went wrong or was left, most serious first; only groups with something in them. */
  readonly problems: readonly { readonly title: string; readonly outcomes: readonly OutcomeView[] }[];
  readonly done: readonly OutcomeView[];
  readonly warnings: readonly { readonly key: string; readonly text: string }[];
  /** One sentence whose numbers add up to the number of outcomes. */
  readonly summary: string;
  readonly cost: string;
  /** What to do next; empty after a run that did everything. */
  readonly next: readonly string[];
}

export interface OutcomeView {
  readonly symbol: string;
  readonly key: string;
  readonly id: string;
  readonly uuid: string | undefined;
  /** `rejected: POST /api/apps answered 400 …`; the reason for which something was not done. */
  readonly reason: string | undefined;
  readonly remedy: string | undefined;
}

const PROBLEMS: readonly (readonly [status: OutcomeStatus, title: string])[] = [
  ["failed", "Failed"],
  ["unknown", "Unknown: a write may have landed and could not be found"],
  ["stale", "Stale: not what was looked at; nothing was sent"],
  ["blocked", "Blocked: something they need was not done"],
  ["skipped", "Not started"],
  ["held", "Held"],
];

const DONE: readonly (readonly [words: string, ops: readonly Op[]])[] = [
  ["created", ["create"]],
  ["updated", ["update"]],
  ["replaced", ["replace"]],
  ["adopted", ["adopt"]],
  ["deleted", ["prune"]],
];

/** Named in the summary whatever their number. */
const ALWAYS = new Set(["created", "updated", "deleted"]);

export function reportView(report: Report): ReportView {
  const of = (status: OutcomeStatus): readonly Outcome[] => report.outcomes.filter((item) => item.status === status);
  return {
    against: againstOf(report.target),
    problems: PROBLEMS.map(([status, title]) => ({ title, outcomes: of(status).map(outcomeView) })).filter(
      ({ outcomes }) => outcomes.length > 0,
    ),
    done: of("done").map(outcomeView),
    warnings: report.outcomes.flatMap(({ change, warnings }) =>
      warnings.map((text) => ({ key: printable(change.key), text })),
    ),
    summary: summaryOf(report),
    cost: `${counted(report.requests, "request")} in ${duration(report.durationMs)}.`,
    next: nextSteps(report),
  };
}

function outcomeView({ change, uuid, failure }: Outcome): OutcomeView {
  const hold = change.op === "hold" ? change.hold : undefined;
  return {
    symbol: SYMBOL[change.op],
    key: printable(change.key),
    id: shortId(change.id),
    uuid: uuid === undefined ? undefined : printable(uuid),
    reason: failure ? `${failure.class}: ${failure.message}` : hold && `${hold.reason}: ${hold.detail}`,
    remedy: failure ? failure.remedy : hold?.remedy,
  };
}

function summaryOf({ outcomes, isInterrupted }: Report): string {
  if (!isInterrupted && outcomes.length === 0) return "Nothing to do.";
  if (!isInterrupted && outcomes.every(({ status }) => status === "kept"))
    return nothingToDo(outcomes.length, { base: undefined });
  const done = DONE.map(
    ([words, ops]) =>
      [words, count(outcomes, ({ status, change }) => status === "done" && ops.includes(change.op))] as const,
  );
  const left = (["failed", "unknown", "stale", "blocked", "skipped", "held"] as const).map(
    (status) => [status, count(outcomes, (item) => item.status === status)] as const,
  );
  const named = done.reduce((sum, [, number]) => sum + number, 0) + left.reduce((sum, [, number]) => sum + number, 0);
  const parts = [
    ...done.filter(([words, number]) => number > 0 || ALWAYS.has(words)),
    ["unchanged", outcomes.length - named] as const,
    ...left.filter(([, number]) => number > 0),
  ].map(([words, number]) => `${grouped(number)} ${words}`);
  return `${isInterrupted ? "Interrupted" : "Applied"}: ${parts.join(", ")}.`;
}

function nextSteps({ outcomes, isInterrupted }: Report): readonly string[] {
  const has = (...statuses: readonly OutcomeStatus[]): boolean =>
    outcomes.some(({ status }) => statuses.includes(status));
  return [
    ...(has("failed", "blocked", "skipped") || isInterrupted
      ? ["Run the same command again: what is done stays done, only the rest is tried."]
      : []),
    ...(has("unknown")
      ? ["Run `llmstack-sync plan` with the same arguments: what has landed is found by its mark, never made twice."]
      : []),
    ...(has("stale")
      ? ["What is stale was changed meanwhile, or nobody has seen it yet: look at a new plan, then apply again."]
      : []),
    ...(has("held") ? ["What is held stays as it is until the step beside it is taken."] : []),
  ];
}

function count(outcomes: readonly Outcome[], counts: (outcome: Outcome) => boolean): number {
  return outcomes.filter(counts).length;
}

function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
