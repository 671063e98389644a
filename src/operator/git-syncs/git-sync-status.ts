import { isObject, type Json, type JsonObject, own } from "../../model/json.ts";
import type { Plan } from "../../model/plan.ts";
import type { Position } from "../../follow/next-run.ts";
import { conditionIn, conditionsToJson, shortened, statusIn } from "../status/conditions.ts";
import { type Binding, factsIn, type HistoryItem } from "../status/facts.ts";
import { GIT_SYNC_REASONS, type GitSyncReason } from "./git-sync-reasons.ts";

/** What the status of a GitSync says, conditions aside. Revisions are texts: `main@sha1:<40 hex>`. */
export interface GitSyncFacts {
  readonly observed?: string;
  readonly attempted?: string;
  readonly applied?: string;
  readonly server?: Binding;
  /** The plan that waits, or the last one. */
  readonly plan?: JsonObject;
  readonly handledRequest?: string;
  readonly history: readonly HistoryItem[];
  readonly observedGeneration: number;
}

export interface GitSyncVerdict {
  readonly reason: GitSyncReason;
  readonly message: string;
  /** Where live objects are left as somebody changed them. */
  readonly drifted?: readonly string[];
}

const MOST_HISTORY = 10;

/** Reads a status that may have been written by another version; what is not understood counts as absent. */
export function gitSyncFactsIn(status: Json | undefined): GitSyncFacts {
  const body = isObject(status) ? status : {};
  const { server, handledRequest, history, observedGeneration } = factsIn(status);
  const text = (key: string): string | undefined => {
    const value = own(body, key);
    return typeof value === "string" ? value : undefined;
  };
  const [observed, attempted, applied] = ["observedRevision", "attemptedRevision", "lastAppliedRevision"].map(text);
  const plan = own(body, "plan");
  return {
    ...(observed !== undefined && { observed }),
    ...(attempted !== undefined && { attempted }),
    ...(applied !== undefined && { applied }),
    ...(server !== undefined && { server }),
    ...(isObject(plan) && { plan }),
    ...(handledRequest !== undefined && { handledRequest }),
    history,
    observedGeneration,
  };
}

interface NextStatus {
  readonly facts: Omit<GitSyncFacts, "observedGeneration">;
  readonly verdict: GitSyncVerdict;
  readonly generation: number;
  readonly before: Json | undefined;
  readonly now: string;
}

/** The whole status, as it is applied: what is left out of it is removed. */
export function gitSyncStatusToJson({ facts, verdict, generation, before, now }: NextStatus): JsonObject {
  const { next } = GIT_SYNC_REASONS[verdict.reason];
  const { observed, attempted, applied, server, plan, handledRequest, history } = facts;
  const isObserved = next !== "retried";
  const parts: Readonly<Record<string, Json | undefined>> = {
    observedGeneration: isObserved ? generation : gitSyncFactsIn(before).observedGeneration,
    observedRevision: observed,
    attemptedRevision: attempted,
    lastAppliedRevision: applied,
    server: server && { ...server },
    plan,
    lastHandledReconcileAt: handledRequest,
    history:
      history.length === 0
        ? undefined
        : history.slice(0, MOST_HISTORY).map((item): JsonObject => Object.fromEntries(Object.entries(item))),
    conditions: conditionsToJson(conditionsOf(verdict, before), {
      before,
      observedGeneration: generation,
      now,
    }),
  };
  return Object.fromEntries(Object.entries(parts).filter((part): part is [string, Json] => part[1] !== undefined));
}

type Condition = Parameters<typeof conditionsToJson>[0][number];

function conditionsOf(verdict: GitSyncVerdict, before: Json | undefined): readonly Condition[] {
  const { reason, message, drifted = [] } = verdict;
  const { next } = GIT_SYNC_REASONS[reason];
  const isSuspended = reason === "Suspended";
  const flag = (
    type: string,
    isRaised: boolean,
    otherwise: string,
    words = { reason: reason as string, message },
  ): Condition =>
    isRaised ? { type, status: "True", ...words } : { type, status: "False", reason: otherwise, message: "" };
  const live = { reason: "LiveDiffers", message: driftMessage(drifted) };
  return [
    readyCondition(verdict, before),
    flag("Reconciling", next === "retried", "Settled"),
    flag("Stalled", next === "stalled", "NotStalled"),
    flag("Drifted", drifted.length > 0, "InSync", live),
    flag("Suspended", isSuspended, "Active", { reason: "SpecSuspend", message }),
  ];
}

/** Where live objects were changed by hand, as the condition Drifted and its event say it. */
export function driftMessage(drifted: readonly string[]): string {
  return `Changed on the server: ${drifted.join(", ")}`;
}

/** A suspended one stays as ready as it was. */
function readyCondition({ reason, message }: GitSyncVerdict, before: Json | undefined): Condition {
  const last = reason === "Suspended" ? conditionIn(before, "Ready") : undefined;
  const status = statusIn(last);
  if (last === undefined || status === undefined) {
    return { type: "Ready", status: GIT_SYNC_REASONS[reason].ready, reason, message };
  }
  const text = (field: string): string => (typeof last[field] === "string" ? last[field] : "");
  return { type: "Ready", status, reason: text("reason"), message: text("message") };
}

/** Longer plans are read with `llmstack-sync plan`. */
const LONGEST_PLAN = 16_384;

/** A plan as status holds it: what is approved is its digest. */
export function planToStatus(
  plan: Plan,
  text: string,
  { revision, at }: { readonly revision: string; readonly at: string },
): JsonObject {
  const { create, update, replace, adopt, prune, hold, keep } = plan.counts;
  return {
    digest: plan.digest,
    revision,
    at,
    summary: { create, update, replace, adopt, delete: prune, hold, unchanged: keep },
    text: shortened(text, LONGEST_PLAN),
  };
}

/** `refs/heads/main` at a commit, as a revision says it. */
export function revisionText({ ref, commit }: Position): string {
  const digest = `${commit.length === 64 ? "sha256" : "sha1"}:${commit}`;
  const name = ref.replace(/^refs\/(?:heads|tags)\//u, "");
  return name === commit ? digest : `${name}@${digest}`;
}

/** The commit that a revision names. */
export function commitIn(revision: string | undefined): string | undefined {
  return /(?:^|@)sha(?:1|256):([0-9a-f]+)$/u.exec(revision ?? "")?.[1];
}
