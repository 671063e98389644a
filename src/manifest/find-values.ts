import type { KubernetesValues } from "./kubernetes-values.ts";
import { didYouMean, nearest } from "./suggest.ts";

/** Where `$secret`, `$configMap` and entriesFrom.configMap find their values: documents first, then --secrets-dir. */
export interface ValueSource {
  text(kind: KubernetesValues["kind"], name: string, key: string): string | Missing;
  bytes(kind: KubernetesValues["kind"], name: string, key: string): Uint8Array | Missing;
  /** The keys of a ConfigMap, sorted. */
  keys(name: string): readonly string[] | Missing;
}

/** Why there is no value, in words. */
export interface Missing {
  readonly missing: string;
}

/**
 * Values of the documents of one namespace and of the files under --secrets-dir (`name/key` to text). Without files, as
 * in a cluster, what is missing is missing in the namespace.
 */
export function valueSource(
  documents: readonly KubernetesValues[],
  namespace: string | undefined,
  secretFiles: ReadonlyMap<string, string> | undefined,
): ValueSource {
  const visible = documents.filter(
    (document) => document.namespace === undefined || namespace === undefined || document.namespace === namespace,
  );
  const document = (kind: KubernetesValues["kind"], name: string): KubernetesValues | undefined =>
    visible.find((values) => values.kind === kind && values.name === name);
  const text: ValueSource["text"] = (kind, name, key) =>
    document(kind, name)?.texts.get(key) ??
    secretFiles?.get(`${name}/${key}`) ??
    missing({ kind, name, key }, document(kind, name), secretFiles === undefined ? "cluster" : "command-line");
  return {
    text,
    bytes(kind, name, key) {
      const bytes = document(kind, name)?.bytes.get(key);
      if (bytes !== undefined) return bytes;
      const found = text(kind, name, key);
      return typeof found === "string" ? new TextEncoder().encode(found) : found;
    },
    keys(name) {
      const values = document("ConfigMap", name);
      const files = [...(secretFiles?.keys() ?? [])].filter((path) => path.startsWith(`${name}/`));
      const keys = [
        ...(values === undefined ? [] : [...values.texts.keys(), ...values.bytes.keys()]),
        ...files.map((path) => path.slice(name.length + 1)),
      ];
      if (values === undefined && files.length === 0) {
        const where =
          secretFiles === undefined ? IN_NAMESPACE : `among the manifests, and no folder ${name} in --secrets-dir`;
        return { missing: `there is no ConfigMap ${name} ${where}` };
      }
      return [...new Set(keys)].toSorted();
    },
  };
}

const IN_NAMESPACE = "in the namespace";

function missing(
  { kind, name, key }: { readonly kind: KubernetesValues["kind"]; readonly name: string; readonly key: string },
  document: KubernetesValues | undefined,
  told: "cluster" | "command-line",
): Missing {
  const file = `, and --secrets-dir has no file ${name}/${key}`;
  const [where, elsewhere] = told === "cluster" ? [IN_NAMESPACE, ""] : ["among the manifests", file];
  if (document === undefined) return { missing: `there is no ${kind} ${name} ${where}${elsewhere}` };
  const near = nearest(key, [...document.texts.keys()]);
  return { missing: `the ${kind} ${name} has no key ${key}${elsewhere}${didYouMean(near)}` };
}
