import { isObject, type JsonObject, own } from "../model/json.ts";
import { pointer } from "../model/pointer.ts";
import type { Problem } from "../model/problem.ts";
import { problemAt, type Site } from "./site.ts";

/** A v1 Secret or ConfigMap among the manifests: it is applied nowhere, its values are looked up. */
export interface KubernetesValues {
  readonly kind: "Secret" | "ConfigMap";
  readonly name: string;
  readonly namespace: string | undefined;
  readonly texts: ReadonlyMap<string, string>;
  /** Of a ConfigMap's binaryData. */
  readonly bytes: ReadonlyMap<string, Uint8Array>;
  readonly site: Site;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u;

/** Reads the values of a Secret (`data` is base64, `stringData` wins) or a ConfigMap. */
export function readKubernetesValues(
  kind: KubernetesValues["kind"],
  body: JsonObject,
  site: Site,
): { readonly values: KubernetesValues | undefined; readonly problems: readonly Problem[] } {
  const metadata = own(body, "metadata");
  const name = isObject(metadata) ? metadata["name"] : undefined;
  if (typeof name !== "string" || name === "") {
    const message = `this ${kind} has no metadata.name`;
    return { values: undefined, problems: [problemAt(site, "/metadata", { code: "manifest/no-name", message })] };
  }
  const problems: Problem[] = [];
  const part = (field: string): readonly (readonly [string, string])[] => textsOf(body, field, site, problems);
  const decode = (field: string): readonly (readonly [string, Uint8Array])[] =>
    part(field).flatMap(([key, value]) => {
      const bytes = fromBase64(value);
      if (bytes === undefined) problems.push(notBase64(site, field, key));
      return bytes === undefined ? [] : [[key, bytes] as const];
    });
  const secret = (): readonly (readonly [string, string])[] =>
    decode("data").map(([key, bytes]) => [key, new TextDecoder().decode(bytes)] as const);
  const texts = kind === "Secret" ? [...secret(), ...part("stringData")] : part("data");
  const bytes = kind === "Secret" ? [] : decode("binaryData");
  const namespace = isObject(metadata) ? metadata["namespace"] : undefined;
  return {
    values: {
      kind,
      name,
      namespace: typeof namespace === "string" ? namespace : undefined,
      texts: new Map(texts),
      bytes: new Map(bytes),
      site,
    },
    problems,
  };
}

function textsOf(
  body: JsonObject,
  field: string,
  site: Site,
  problems: Problem[],
): readonly (readonly [string, string])[] {
  const part = own(body, field);
  if (!isObject(part)) return [];
  return Object.entries(part).flatMap(([key, value]) => {
    if (typeof value === "string") return [[key, value] as const];
    const message = `${field}.${key} must be text: quote it`;
    problems.push(problemAt(site, pointer(field, key), { code: "manifest/value-not-text", message }));
    return [];
  });
}

function notBase64(site: Site, field: string, key: string): Problem {
  const message = `${field}.${key} is not base64${field === "data" ? ": plain text belongs under stringData" : ""}`;
  return problemAt(site, pointer(field, key), { code: "manifest/not-base64", message });
}

function fromBase64(text: string): Uint8Array | undefined {
  const compact = text.replaceAll(/\s/gu, "");
  return BASE64.test(compact) ? Buffer.from(compact, "base64") : undefined;
}
