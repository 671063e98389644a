import { isObject } from "../model/json.ts";
import { isKubeObject, type KubeObject } from "./kube-object.ts";
import { apiVersionOf, type ResourceType } from "./resource-type.ts";

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * An object as it is kept in memory: without what only the API server and kubectl need, which is most of it, and
 * frozen, since readers share it. Undefined for what is no object.
 */
export function trimmed(value: unknown, type: ResourceType): KubeObject | undefined {
  if (!isObject(value) || !isObject(value["metadata"])) return undefined;
  const { managedFields: _, annotations, ...metadata } = value["metadata"];
  const kept = { ...metadata, ...(isObject(annotations) && { annotations: withoutLastApplied(annotations) }) };
  const object = { ...value, apiVersion: apiVersionOf(type), kind: type.kind, metadata: kept };
  return isKubeObject(object) ? frozen(object) : undefined;
}

function withoutLastApplied(annotations: { readonly [key: string]: unknown }): { readonly [key: string]: unknown } {
  const { [LAST_APPLIED]: _, ...others } = annotations;
  return others;
}

function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) frozen(inner);
  return value;
}
