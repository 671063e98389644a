import { isJsonObject, isObject, type Json, type JsonObject } from "../model/json.ts";

/** An object of the cluster as the API server wrote it: plain JSON, so that nothing is lost on the way back. */
export interface KubeObject extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

export interface ObjectMeta extends JsonObject {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** Where an object stands; cluster-wide ones have no namespace. */
export interface ObjectRef {
  readonly namespace?: string;
  readonly name: string;
}

/** One step of a JSON patch (RFC 6902). */
export type JsonPatchOp =
  | { readonly op: "add" | "replace" | "test"; readonly path: string; readonly value: Json }
  | { readonly op: "remove"; readonly path: string };

export function namespaceOf({ metadata }: KubeObject): string {
  return textOf(metadata["namespace"]);
}

export function generationOf({ metadata }: KubeObject): number {
  return typeof metadata["generation"] === "number" ? metadata["generation"] : 0;
}

export function finalizersOf({ metadata }: KubeObject): readonly string[] {
  const finalizers = metadata["finalizers"];
  return Array.isArray(finalizers) ? finalizers.filter((name) => typeof name === "string") : [];
}

export function annotationOf({ metadata }: KubeObject, name: string): string | undefined {
  const annotations = metadata["annotations"];
  const value = isJsonObject(annotations) ? annotations[name] : undefined;
  return typeof value === "string" ? value : undefined;
}

export function isBeingDeleted({ metadata }: KubeObject): boolean {
  return metadata["deletionTimestamp"] !== undefined;
}

/** True for what the API server may send as one object. */
export function isKubeObject(value: unknown): value is KubeObject {
  if (!isObject(value) || !isObject(value["metadata"])) return false;
  return typeof value["metadata"]["name"] === "string" && typeof value["metadata"]["resourceVersion"] === "string";
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
