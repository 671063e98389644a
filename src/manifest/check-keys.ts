import type { Problem } from "../model/problem.ts";
import type { KubernetesValues } from "./kubernetes-values.ts";
import type { Manifest } from "./manifest.ts";
import { placeName, problemAt } from "./site.ts";

/** Keys that two documents have, and namespaces beside the first. */
export function checkKeys(manifests: readonly Manifest[], values: readonly KubernetesValues[]): readonly Problem[] {
  const named = [
    ...manifests.map(({ key, site }) => ({ key: String(key), site })),
    ...values.map(({ kind, namespace = "", name, site }) => ({ key: `${kind}/${namespace}/${name}`, site })),
  ];
  const first = new Map<string, (typeof named)[number]>();
  const duplicates = named.flatMap((document): readonly Problem[] => {
    const earlier = first.get(document.key);
    if (earlier === undefined) {
      first.set(document.key, document);
      return [];
    }
    const message = `${document.key.replace(/\/.*\//u, "/")} stands twice, first at ${placeName(earlier.site.origin)}`;
    return [problemAt(document.site, "/metadata/name", { code: "manifest/duplicate-key", message })];
  });
  return [...duplicates, ...otherNamespaces(manifests)];
}

/** The namespace of a run: the first that is stated. */
export function namespaceOf(manifests: readonly Manifest[]): string | undefined {
  return manifests.find(({ namespace }) => namespace !== undefined)?.namespace;
}

function otherNamespaces(manifests: readonly Manifest[]): readonly Problem[] {
  const first = manifests.find(({ namespace }) => namespace !== undefined);
  return manifests.flatMap(({ namespace, site }) => {
    if (first === undefined || namespace === undefined || namespace === first.namespace) return [];
    const where = placeName(first.site.origin);
    const message = `the namespace ${namespace} differs from ${String(first.namespace)} at ${where}: one run takes one namespace`;
    return [problemAt(site, "/metadata/namespace", { code: "manifest/namespaces", message })];
  });
}
