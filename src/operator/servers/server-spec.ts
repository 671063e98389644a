import { posix } from "node:path";
import type { KubeObject } from "../../kube/kube-object.ts";
import { isArray, isObject, type Json, type JsonObject, own } from "../../model/json.ts";
import { parseDuration } from "../resources/duration.ts";
import { intervalOf } from "../resources/settings.ts";

/** One key of a Secret or a ConfigMap. Without a namespace it is the server's own. */
export interface KeyRef {
  readonly kind: "Secret" | "ConfigMap";
  readonly namespace?: string;
  readonly name: string;
  readonly key: string;
}

/** A Server or a ClusterServer, as its schema lets it be. */
export interface ServerSpec {
  readonly url: string;
  readonly token: KeyRef;
  readonly ca?: KeyRef;
  readonly hostHeader?: string;
  readonly dialect?: string;
  readonly set?: string;
  readonly timeoutMs: number;
  readonly parallelism: number;
  readonly intervalMs: number;
  readonly isSuspended: boolean;
  /** Of a ClusterServer; names and globs. */
  readonly allowedNamespaces: readonly string[];
}

const TIMEOUT_MS = 30_000;
const PARALLELISM = 10;

/** Undefined for what the schema of the cluster would not have let in. */
export function serverSpecOf({ spec }: KubeObject): ServerSpec | undefined {
  if (!isObject(spec)) return undefined;
  const { url } = spec;
  const token = keyRefIn("Secret", own(spec, "tokenSecretRef"));
  if (typeof url !== "string" || token === undefined) return undefined;
  const ca = keyRefIn("Secret", own(spec, "caSecretRef")) ?? keyRefIn("ConfigMap", own(spec, "caConfigMapRef"));
  const timeout = own(spec, "timeout");
  const parallelism = own(spec, "parallelism");
  const allowed = own(spec, "allowedNamespaces");
  return {
    url,
    token,
    ...(ca !== undefined && { ca }),
    ...textIn(spec, "hostHeader"),
    ...textIn(spec, "dialect"),
    ...textIn(spec, "set"),
    timeoutMs: (typeof timeout === "string" ? parseDuration(timeout) : undefined) ?? TIMEOUT_MS,
    parallelism: typeof parallelism === "number" && parallelism >= 1 ? Math.floor(parallelism) : PARALLELISM,
    intervalMs: intervalOf(own(spec, "interval")),
    isSuspended: own(spec, "suspend") === true,
    allowedNamespaces: isArray<Json>(allowed) ? allowed.filter((name) => typeof name === "string") : [],
  };
}

export function isAllowed({ allowedNamespaces }: ServerSpec, namespace: string): boolean {
  return allowedNamespaces.some((glob) => posix.matchesGlob(namespace, glob));
}

function keyRefIn(kind: KeyRef["kind"], value: Json | undefined): KeyRef | undefined {
  if (!isObject(value)) return undefined;
  const { name, key, namespace } = value;
  if (typeof name !== "string" || typeof key !== "string") return undefined;
  return { kind, name, key, ...(typeof namespace === "string" && { namespace }) };
}

function textIn<Name extends string>(spec: JsonObject, name: Name): { readonly [N in Name]?: string } {
  const value = own(spec, name);
  return typeof value === "string" ? ({ [name]: value } as { readonly [N in Name]: string }) : {};
}
