import type { Kube } from "../../kube/kube.ts";
import type { KubeObject } from "../../kube/kube-object.ts";
import { CONFIG_MAP, type ResourceType, SECRET } from "../../kube/resource-type.ts";
import { isJsonObject, isObject, type Json, type JsonObject } from "../../model/json.ts";
import type { Reason } from "../status/reasons.ts";
import type { UsedRef } from "./used-ref.ts";
import type { UsedValue } from "./uses.ts";

/** What Secrets and ConfigMaps hold at this moment, as far as it is used. It is read for one run and kept by nobody. */
export interface Values {
  /** As documents of the run. */
  readonly documents: readonly JsonObject[];
  /** Why a resource that uses these cannot be looked at. */
  missing(used: readonly UsedValue[]): { readonly reason: Reason; readonly message: string } | undefined;
  /** The versions that were read. */
  refsOf(used: readonly UsedValue[]): readonly UsedRef[];
}

const TYPES: Readonly<Record<UsedValue["kind"], ResourceType>> = { Secret: SECRET, ConfigMap: CONFIG_MAP };
const NOT_FOUND: Readonly<Record<UsedValue["kind"], Reason>> = {
  Secret: "SecretNotFound",
  ConfigMap: "ConfigMapNotFound",
};

/** Reads each object once, and keeps of a Secret only the keys that are used. */
export async function readValues(
  kube: Pick<Kube, "get">,
  namespace: string,
  used: readonly UsedValue[],
  signal: AbortSignal,
): Promise<Values> {
  const groups = [...Map.groupBy(used, labelOf)];
  const read = await Promise.all(
    groups.map(async ([label, values]) => {
      const [{ kind, name } = { kind: "Secret" as const, name: "" }] = values;
      const object = await kube.get(TYPES[kind], { namespace, name }, signal);
      return [label, object === undefined ? undefined : cutDown(object, values)] as const;
    }),
  );
  const objects = new Map(read);
  return {
    documents: read.flatMap(([, object]) => object ?? []),
    missing: (wanted) => {
      for (const value of wanted) {
        const message = whyMissing(value, objects.get(labelOf(value)));
        if (message !== undefined) return { reason: NOT_FOUND[value.kind], message };
      }
      return undefined;
    },
    refsOf: (wanted) => [...new Set(wanted.map(labelOf))].toSorted().flatMap((label) => refOf(objects.get(label))),
  };
}

function labelOf({ kind, name }: UsedValue): string {
  return `${kind}/${name}`;
}

const FIELDS = ["data", "binaryData"] as const;

function cutDown({ apiVersion, kind, metadata, ...object }: KubeObject, used: readonly UsedValue[]): KubeObject {
  const isWhole = used.some(({ key }) => key === undefined);
  const keys = new Set(used.map(({ key }) => key));
  const parts = FIELDS.flatMap((field): readonly (readonly [string, Json])[] => {
    const part = object[field];
    if (!isJsonObject(part)) return [];
    return [[field, Object.fromEntries(Object.entries(part).filter(([key]) => isWhole || keys.has(key)))]];
  });
  const { name, uid, resourceVersion } = metadata;
  return { apiVersion, kind, metadata: { name, uid, resourceVersion }, ...Object.fromEntries(parts) };
}

function whyMissing({ kind, name, key, isOptional }: UsedValue, object: KubeObject | undefined): string | undefined {
  if (isOptional) return undefined;
  if (object === undefined) return `There is no ${kind} ${name} in the namespace.`;
  if (key === undefined) return undefined;
  const hasKey = FIELDS.some((field) => isObject(object[field]) && Object.hasOwn(object[field], key));
  return hasKey ? undefined : `The ${kind} ${name} has no key ${key}.`;
}

function refOf(object: KubeObject | undefined): readonly UsedRef[] {
  if (object === undefined) return [];
  const { kind, metadata } = object;
  return [
    {
      kind: kind === "Secret" ? "Secret" : "ConfigMap",
      name: metadata.name,
      resourceVersion: metadata.resourceVersion,
    },
  ];
}
