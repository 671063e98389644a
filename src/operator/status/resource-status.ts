import { type Json, type JsonObject } from "../../model/json.ts";
import { conditionIn, type Condition, conditionsToJson, statusIn } from "./conditions.ts";
import { type Facts, factsIn } from "./facts.ts";
import { factsOf, type Reason } from "./reasons.ts";

const MOST_HISTORY = 10;
const MOST_PATHS = 100;

export interface NextStatus {
  readonly facts: Omit<Facts, "observedGeneration">;
  readonly reason: Reason;
  readonly message: string;
  readonly isSuspended: boolean;
  readonly generation: number;
  readonly before: Json | undefined;
  readonly now: string;
}

/** The whole status, as it is applied: what is left out of it is removed. */
export function statusToJson({ facts, generation, before, now, ...about }: NextStatus): JsonObject {
  const isObserved = factsOf(about.reason).next !== "retried";
  return {
    observedGeneration: isObserved ? generation : factsIn(before).observedGeneration,
    ...factsToJson(facts),
    conditions: conditionsToJson(conditionsOf(about, facts, before), {
      before,
      observedGeneration: generation,
      now,
    }),
  };
}

function factsToJson(facts: NextStatus["facts"]): JsonObject {
  const { uuid, isCreated, pendingCreate, server, digest, drift, handledRequest } = facts;
  const parts: Readonly<Record<string, Json | undefined>> = {
    uuid,
    created: isCreated,
    pendingCreate: pendingCreate && { ...pendingCreate },
    server: server && { ...server },
    lastAppliedDigest: digest,
    lastHandledReconcileAt: handledRequest,
    refs: listOrNothing(facts.refs),
    drift: drift && { ...drift, paths: drift.paths.slice(0, MOST_PATHS) },
    history: listOrNothing(facts.history.slice(0, MOST_HISTORY)),
  };
  return Object.fromEntries(Object.entries(parts).filter((part): part is [string, Json] => part[1] !== undefined));
}

function listOrNothing(items: readonly object[]): Json | undefined {
  return items.length === 0 ? undefined : items.map((item): JsonObject => Object.fromEntries(Object.entries(item)));
}

/** Ready says it all; the others are abnormal where they are True. */
function conditionsOf(
  about: Pick<NextStatus, "reason" | "message" | "isSuspended">,
  { drift }: Pick<Facts, "drift">,
  before: Json | undefined,
): readonly Condition[] {
  const { reason, message, isSuspended } = about;
  const { next } = factsOf(reason);
  const isRetried = next === "retried" && !isSuspended;
  const places = drift?.paths ?? [];
  return [
    readyCondition(about, before),
    flag("Reconciling", isRetried ? { reason, message } : undefined, "Settled"),
    flag("Stalled", next === "stalled" ? { reason, message } : undefined, "NotStalled"),
    flag(
      "Drifted",
      places.length > 0 ? { reason: "LiveDiffers", message: `Changed on the server: ${places.join(", ")}` } : undefined,
      "InSync",
    ),
    flag("Suspended", isSuspended ? { reason: "SpecSuspend", message } : undefined, "Active"),
  ];
}

/** A suspended resource stays as ready as it was. */
function readyCondition(
  { reason, message, isSuspended }: Pick<NextStatus, "reason" | "message" | "isSuspended">,
  before: Json | undefined,
): Condition {
  const last = isSuspended ? conditionIn(before, "Ready") : undefined;
  const status = statusIn(last);
  if (last === undefined || status === undefined) {
    return { type: "Ready", status: factsOf(reason).ready, reason, message };
  }
  const text = (field: string): string => (typeof last[field] === "string" ? last[field] : "");
  return { type: "Ready", status, reason: text("reason"), message: text("message") };
}

function flag(
  type: string,
  raised: { readonly reason: string; readonly message: string } | undefined,
  otherwise: string,
): Condition {
  return raised === undefined
    ? { type, status: "False", reason: otherwise, message: "" }
    : { type, status: "True", ...raised };
}
