import { NEVER_OBSERVED } from "../../kinds/schemas/conditions.ts";
import { isArray, isObject, type Json, type JsonObject } from "../../model/json.ts";

type ConditionStatus = "True" | "False" | "Unknown";

/** One condition as Kubernetes keeps it. */
export interface Condition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
}

/** A condition's message may have 32 KiB; people read a screen. */
const LONGEST_MESSAGE = 1_024;

/**
 * The conditions of a status as JSON, in the order given. The time of the last transition stays while a condition's
 * status does, so that equal facts give equal bytes. `before` is the status as it stands.
 */
export function conditionsToJson(
  conditions: readonly Condition[],
  {
    before,
    observedGeneration,
    now,
  }: { readonly before: Json | undefined; readonly observedGeneration: number; readonly now: string },
): readonly JsonObject[] {
  const earlier = new Map(conditionsIn(before).map((condition) => [condition["type"], condition]));
  return conditions.map(({ type, status, reason, message }) => {
    const same = earlier.get(type);
    const since = same?.["status"] === status ? same["lastTransitionTime"] : undefined;
    return {
      type,
      status,
      reason,
      message: shortened(message),
      observedGeneration,
      lastTransitionTime: typeof since === "string" ? since : now,
    };
  });
}

/** The condition of that type in a status, as far as it can be read. */
export function conditionIn(status: Json | undefined, type: string): JsonObject | undefined {
  return conditionsIn(status).find((condition) => condition["type"] === type);
}

export function statusIn(condition: JsonObject | undefined): ConditionStatus | undefined {
  const status = condition?.["status"];
  return status === "True" || status === "False" || status === "Unknown" ? status : undefined;
}

export function isReady(status: Json | undefined): boolean {
  return conditionIn(status, "Ready")?.["status"] === "True";
}

export function shortened(message: string, longest = LONGEST_MESSAGE): string {
  return message.length <= longest ? message : `${message.slice(0, longest - 3)}...`;
}

/** Those that an operator wrote: what the API server says of a new object was never true of anything. */
function conditionsIn(status: Json | undefined): readonly JsonObject[] {
  if (!isObject(status) || status["observedGeneration"] === NEVER_OBSERVED) return [];
  const { conditions } = status;
  return isArray<Json>(conditions) ? conditions.filter((item) => isObject(item)) : [];
}
