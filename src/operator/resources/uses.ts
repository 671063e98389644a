import type { KubeObject } from "../../kube/kube-object.ts";
import { isArray, isObject, type Json, own } from "../../model/json.ts";
import { type ResourceKey, resourceKey } from "../../model/resource.ts";

/** A Secret or ConfigMap of the resource's namespace; without a key all of it is used. */
export interface UsedValue {
  readonly kind: "Secret" | "ConfigMap";
  readonly name: string;
  readonly key?: string;
  /** True where its absence is no fault. */
  readonly isOptional?: true;
}

/** What a resource takes from other objects of its namespace. */
export interface Uses {
  readonly resources: readonly ResourceKey[];
  readonly values: readonly UsedValue[];
}

/**
 * What stands in the spec of a resource as `$ref`, `$secret`, `$configMap` and `entriesFrom`, whether or not the rest of
 * it is right. Looked up once for each version of an object.
 */
export function usesOf(object: KubeObject): Uses {
  const before = known.get(object);
  if (before !== undefined) return before;
  const resources = new Set<ResourceKey>();
  const values = new Map<string, UsedValue>();
  const take = (value: UsedValue): void => {
    values.set(JSON.stringify([value.kind, value.name, value.key ?? null]), value);
  };
  collect(object["spec"], resources, take);
  for (const source of entrySourcesOf(object)) take(source);
  const uses = { resources: [...resources], values: [...values.values()] };
  known.set(object, uses);
  return uses;
}

const known = new WeakMap<KubeObject, Uses>();

function collect(value: Json | undefined, resources: Set<ResourceKey>, take: (value: UsedValue) => void): void {
  if (isArray<Json>(value)) for (const item of value) collect(item, resources, take);
  if (!isObject(value)) return;
  const [only = "", ...others] = Object.keys(value);
  const argument = value[only];
  if (others.length > 0 || !takeDirective(only, argument, resources, take)) {
    for (const item of Object.values(value)) collect(item, resources, take);
  }
}

const KIND_OF = { $secret: "Secret", $configMap: "ConfigMap" } as const;

/** False for an object that is no directive. */
function takeDirective(
  name: string,
  argument: Json | undefined,
  resources: Set<ResourceKey>,
  take: (value: UsedValue) => void,
): boolean {
  if (name === "$ref" && typeof argument === "string") {
    const slash = argument.indexOf("/");
    resources.add(resourceKey(argument.slice(0, slash), argument.slice(slash + 1)));
    return true;
  }
  if ((name !== "$secret" && name !== "$configMap") || !isObject(argument)) return false;
  const [of, key] = [own(argument, "name"), own(argument, "key")];
  if (typeof of === "string" && typeof key === "string") take({ kind: KIND_OF[name], name: of, key });
  return true;
}

/** The ConfigMaps that entries come from, whole. */
function entrySourcesOf(object: KubeObject): readonly UsedValue[] {
  const spec = object["spec"];
  const sources = isObject(spec) ? own(spec, "entriesFrom") : undefined;
  if (!isArray<Json>(sources)) return [];
  return sources.flatMap((source) => {
    const configMap = isObject(source) ? own(source, "configMap") : undefined;
    const name = isObject(configMap) ? own(configMap, "name") : undefined;
    if (!isObject(source) || typeof name !== "string") return [];
    const optional = source["optional"] === true ? { isOptional: true as const } : {};
    return [{ kind: "ConfigMap" as const, name, ...optional }];
  });
}
