import type { KubeObject } from "../../kube/kube-object.ts";
import { type ResourceKey, resourceKey } from "../../model/resource.ts";
import { usesOf } from "./uses.ts";

/** The resource's key in its namespace, as manifests refer to it. */
export function keyOf({ kind, metadata }: Pick<KubeObject, "kind" | "metadata">): ResourceKey {
  return resourceKey(kind, metadata.name);
}

/**
 * These and everything that they refer to, directly or through others, by key. `find` gives nothing for what is not
 * there, or does not belong on the same server.
 */
export function closureOf(
  objects: readonly KubeObject[],
  find: (key: ResourceKey) => KubeObject | undefined,
): ReadonlyMap<ResourceKey, KubeObject> {
  const closure = new Map(objects.map((object) => [keyOf(object), object]));
  const queue = [...objects];
  for (const object of queue) {
    for (const key of usesOf(object).resources) {
      const found = closure.has(key) ? undefined : find(key);
      if (found === undefined) continue;
      closure.set(key, found);
      queue.push(found);
    }
  }
  return closure;
}
