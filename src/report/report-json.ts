import type { JsonObject } from "../model/json.ts";
import type { Failure, Outcome, OutcomeStatus, Report } from "../model/outcome.ts";
import { changeToJson, SCHEMA_VERSION, targetToJson } from "./json.ts";
import { reportView } from "./report-view.ts";

const STATUSES: readonly OutcomeStatus[] = ["done", "kept", "held", "failed", "blocked", "stale", "unknown", "skipped"];

/** The whole report as one JSON document; documents and secrets are not in it. */
export function reportToJson(report: Report): JsonObject {
  const { target, outcomes, isInterrupted, requests, startedAt, durationMs } = report;
  const view = reportView(report);
  return {
    schemaVersion: SCHEMA_VERSION,
    kind: "Report",
    target: targetToJson(target),
    summary: view.summary,
    counts: Object.fromEntries(STATUSES.map((status) => [status, countOf(outcomes, status)])),
    isInterrupted,
    requests,
    startedAt,
    durationMs,
    outcomes: outcomes.map(outcomeToJson),
    next: view.next,
  };
}

/** One outcome, as it also stands in a stream of progress. */
export function outcomeToJson({ change, status, uuid, failure, warnings, durationMs }: Outcome): JsonObject {
  return {
    status,
    change: changeToJson(change),
    ...(uuid !== undefined && { uuid }),
    ...(failure !== undefined && { failure: failureToJson(failure) }),
    warnings: [...warnings],
    durationMs,
  };
}

function failureToJson({ class: failure, message, remedy }: Failure): JsonObject {
  return { class: failure, message, ...(remedy !== undefined && { remedy }) };
}

function countOf(outcomes: readonly Outcome[], status: OutcomeStatus): number {
  return outcomes.filter((outcome) => outcome.status === status).length;
}
