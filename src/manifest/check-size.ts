import type { Problem } from "../model/problem.ts";
import type { Manifest } from "./manifest.ts";
import { problemAt } from "./site.ts";

const KIB = 1024;
/** JSON spells a character with at most six bytes, and a few are added for the punctuation of each node. */
const MOST_BYTES_A_WEIGHT = 6;

/** Manifests that plain `kubectl apply` cannot keep in its 256 KiB annotation. */
export function checkSize(manifests: readonly Manifest[]): readonly Problem[] {
  return manifests.flatMap((manifest) => {
    if (manifest.weight * MOST_BYTES_A_WEIGHT < 200 * KIB) return [];
    const size = jsonSize(manifest);
    if (size <= 200 * KIB) return [];
    const message = `${manifest.key} is ${inKib(size)} of JSON: kubectl apply fails near 256 KiB, use --server-side there`;
    return [problemAt(manifest.site, "", { severity: "warning", code: "manifest/large", message })];
  });
}

/** What a cluster would refuse, or could not give a meaning to: for `validate --for kubernetes`. */
export function checkForKubernetes(manifests: readonly Manifest[]): readonly Problem[] {
  return manifests.flatMap((manifest) => [...tooLarge(manifest), ...notInCluster(manifest)]);
}

function tooLarge(manifest: Manifest): readonly Problem[] {
  const size = manifest.weight * MOST_BYTES_A_WEIGHT < KIB * KIB ? 0 : jsonSize(manifest);
  if (size <= KIB * KIB) return [];
  const message = `${manifest.key} is ${inKib(size)} of JSON, and a cluster keeps at most 1 MiB: move long texts to ConfigMaps`;
  return [problemAt(manifest.site, "", { code: "kubernetes/too-large", message })];
}

function notInCluster({ site, directives, form, spec }: Manifest): readonly Problem[] {
  const problem = (at: string, what: string): Problem => {
    const message = `${what} has no meaning in a cluster: llmstack-sync render writes a form that has`;
    return problemAt(site, at, { severity: "warning", code: "kubernetes/not-in-cluster", message });
  };
  const used = directives
    .filter(({ name }) => name === "$env" || name === "$file")
    .map(({ name, pointer }) => problem(pointer, name));
  const sources = Array.isArray(spec["entriesFrom"]) ? spec["entriesFrom"] : [];
  const globs = sources.flatMap((source: unknown, index) =>
    typeof source === "object" && source !== null && "glob" in source
      ? [problem(`/spec/entriesFrom/${index}`, "a glob")]
      : [],
  );
  return [...(form === "llmstack" ? [problem("", "a document without apiVersion and kind")] : []), ...used, ...globs];
}

function jsonSize({ body }: Manifest): number {
  return Buffer.byteLength(JSON.stringify(body));
}

function inKib(bytes: number): string {
  return `${Math.ceil(bytes / KIB)} KiB`;
}
