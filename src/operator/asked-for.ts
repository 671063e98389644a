import { finalizersOf, generationOf, type KubeObject } from "../kube/kube-object.ts";
import type { Change } from "../kube/store.ts";
import { type Json, jsonEqual } from "../model/json.ts";

/** False for what we wrote ourselves: a status, and a finalizer that came. */
export function isAskedFor(change: Change): boolean {
  if (change.type !== "updated") return true;
  const { object, previous } = change;
  if (object.metadata.uid !== previous.metadata.uid || generationOf(object) !== generationOf(previous)) return true;
  const present = new Set(finalizersOf(object));
  if (finalizersOf(previous).some((name) => !present.has(name))) return true;
  return ["deletionTimestamp", "annotations", "labels"].some(
    (field) => !jsonEqual(at(object, field), at(previous, field)),
  );
}

function at({ metadata }: KubeObject, field: string): Json {
  return metadata[field] ?? null;
}
