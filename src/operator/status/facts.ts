import { isArray, isObject, type Json, type JsonObject, own } from "../../model/json.ts";
import type { Pointer } from "../../model/pointer.ts";
import type { UsedRef } from "../resources/used-ref.ts";

/** The server that a resource was first synced with. */
export interface Binding {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly url: string;
  readonly account?: string;
}

/** One thing that was done to the live object. */
export interface HistoryItem {
  readonly at: string;
  readonly op: string;
  readonly result: string;
  readonly digest?: string;
  readonly message: string;
  /** Of a correction: what was put back although nothing else was asked for. */
  readonly places?: readonly Pointer[];
  /** Of a correction: how often in a row one of the places was put back. */
  readonly times?: number;
}

/** What the status of a resource says, conditions aside. */
export interface Facts {
  readonly uuid?: string;
  /** True where this operator made the object that is live. */
  readonly isCreated?: true;
  /** Written before an object is made that can carry no mark. */
  readonly pendingCreate?: { readonly nonce: string; readonly at: string };
  readonly server?: Binding;
  /** Of what the manifest asked for when it was last made true. */
  readonly digest?: string;
  readonly refs: readonly UsedRef[];
  /** Where the live object is left as somebody changed it. */
  readonly drift?: Drift;
  readonly handledRequest?: string;
  readonly history: readonly HistoryItem[];
  readonly observedGeneration: number;
}

export interface Drift {
  readonly detectedAt: string;
  readonly paths: readonly Pointer[];
}

/** Reads a status that may have been written by another version; what is not understood counts as absent. */
export function factsIn(status: Json | undefined): Facts {
  const body = isObject(status) ? status : {};
  const server = bindingIn(own(body, "server"));
  const pending = own(body, "pendingCreate");
  const drift = own(body, "drift");
  const generation = own(body, "observedGeneration");
  return {
    ...text(body, "uuid", "uuid"),
    ...(own(body, "created") === true && { isCreated: true as const }),
    ...(isObject(pending) && { pendingCreate: { nonce: word(pending, "nonce"), at: word(pending, "at") } }),
    ...(server !== undefined && { server }),
    ...text(body, "lastAppliedDigest", "digest"),
    refs: objects(own(body, "refs")).flatMap(refIn),
    ...(isObject(drift) && { drift: { detectedAt: word(drift, "detectedAt"), paths: strings(drift["paths"]) } }),
    ...text(body, "lastHandledReconcileAt", "handledRequest"),
    history: objects(own(body, "history")).flatMap(historyIn),
    observedGeneration: typeof generation === "number" ? Math.max(generation, 0) : 0,
  };
}

function bindingIn(value: Json | undefined): Binding | undefined {
  if (!isObject(value)) return undefined;
  const { kind, name, uid, url, account } = value;
  if (typeof kind !== "string" || typeof name !== "string") return undefined;
  if (typeof uid !== "string" || typeof url !== "string") return undefined;
  return { kind, name, uid, url, ...(typeof account === "string" && { account }) };
}

function refIn({ kind, name, resourceVersion }: JsonObject): readonly UsedRef[] {
  if ((kind !== "Secret" && kind !== "ConfigMap") || typeof name !== "string") return [];
  return typeof resourceVersion === "string" ? [{ kind, name, resourceVersion }] : [];
}

function historyIn({ at, op, result, digest, message, places, times }: JsonObject): readonly HistoryItem[] {
  if (typeof at !== "string" || typeof op !== "string" || typeof result !== "string") return [];
  const sum = typeof digest === "string" ? { digest } : {};
  const correction = typeof times === "number" ? { places: strings(places), times } : {};
  return [{ at, op, result, ...sum, message: typeof message === "string" ? message : "", ...correction }];
}

function text<Name extends string>(body: JsonObject, key: string, name: Name): { readonly [N in Name]?: string } {
  const value = own(body, key);
  return typeof value === "string" ? ({ [name]: value } as { readonly [N in Name]: string }) : {};
}

function objects(value: Json | undefined): readonly JsonObject[] {
  return isArray<Json>(value) ? value.filter((item) => isObject(item)) : [];
}

function strings(value: Json | undefined): readonly string[] {
  return isArray<Json>(value) ? value.filter((item) => typeof item === "string") : [];
}

function word(body: JsonObject, key: string): string {
  const value = own(body, key);
  return typeof value === "string" ? value : "";
}
