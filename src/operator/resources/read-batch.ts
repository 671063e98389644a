import type { KubeObject } from "../../kube/kube-object.ts";
import { hasErrors, type Problem } from "../../model/problem.ts";
import type { ResourceKey } from "../../model/resource.ts";
import { type Asked, readDesired } from "../../pipeline.ts";
import type { Verdict } from "../status/verdict.ts";
import { closureOf, keyOf } from "./closure.ts";
import { clusterSource, pathOf } from "./cluster-source.ts";
import { invalidVerdict } from "./invalid-verdict.ts";
import { readValues, type Values } from "./read-values.ts";
import type { Items, SyncGroup } from "./sync-group.ts";
import type { UsedRef } from "./used-ref.ts";
import { usesOf } from "./uses.ts";
import type { World } from "./world.ts";

/** What the manifests of a batch ask for, and which of them cannot be used. */
export interface ReadBatch {
  /** Those that can be planned. */
  readonly fit: Items;
  readonly unfit: ReadonlyMap<ResourceKey, Verdict>;
  readonly asked: Asked;
  readonly refsOf: (key: ResourceKey) => readonly UsedRef[];
  readonly dependents: readonly ResourceKey[];
}

/** Reads these, what they refer to, and the values that they use. */
export async function readBatch(items: Items, group: SyncGroup, world: World): Promise<ReadBatch> {
  const { connection, namespace, policies } = group;
  const objects = [...items.values()].map(({ object }) => object);
  const dependents = policies.replace
    ? objects.flatMap((object) => world.dependents(namespace, keyOf(object), connection))
    : [];
  const closure = closureOf([...objects, ...dependents], (key) => world.find(namespace, key, connection));
  const used = [...objects, ...dependents].flatMap((object) => usesOf(object).values);
  const values = await readValues(world.kube, namespace, used, world.signal);
  const source = clusterSource(namespace, [...closure.values()], values.documents);
  const asked = await readDesired(source, {
    env: () => undefined,
    missingSecrets: "error",
    target: "kubernetes",
  });
  const unfit = new Map<ResourceKey, Verdict>();
  for (const [key, { object }] of items) {
    const verdict = unfitVerdict(object, values, asked.problems);
    if (verdict !== undefined) unfit.set(key, verdict);
  }
  const fit = new Map([...items].filter(([key]) => !unfit.has(key)));
  const refsOf = (key: ResourceKey): readonly UsedRef[] => {
    const object = items.get(key)?.object;
    return object === undefined ? [] : values.refsOf(usesOf(object).values);
  };
  return { fit, unfit, asked, refsOf, dependents: dependents.map((object) => keyOf(object)) };
}

function unfitVerdict(object: KubeObject, values: Values, problems: readonly Problem[]): Verdict | undefined {
  const path = pathOf(object.kind, object.metadata.name);
  const own = problems.filter((problem) => problem.path === path);
  const notInCluster = own.filter(({ code }) => code === "kubernetes/not-in-cluster");
  if (notInCluster.length > 0) return invalidVerdict("DirectiveNotInCluster", notInCluster);
  const missing = values.missing(usesOf(object).values);
  if (missing !== undefined) return missing;
  const errors = own.filter(({ severity }) => severity === "error");
  if (!hasErrors(errors)) return undefined;
  const isWaiting = errors.every(({ code }) => code === "reference/unknown-target");
  return invalidVerdict(isWaiting ? "DependencyNotReady" : "InvalidSpec", errors);
}
