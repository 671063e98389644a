import { KubeError } from "../../kube/kube-error.ts";
import type { Kube } from "../../kube/kube.ts";
import type { KubeObject } from "../../kube/kube-object.ts";
import type { ResourceType } from "../../kube/resource-type.ts";
import { type JsonObject, jsonEqual } from "../../model/json.ts";

/**
 * What was written last of each object. Caches lag behind: without this a reconcile right after another one would not
 * know what that one found out, and write it away.
 */
export class LastWritten {
  readonly #objects = new Map<string, KubeObject>();

  /** The newer of what is cached and what was written here. */
  of(cached: KubeObject): KubeObject {
    const written = this.#objects.get(cached.metadata.uid);
    if (written === undefined) return cached;
    if (versionOf(written) > versionOf(cached)) return written;
    this.#objects.delete(cached.metadata.uid);
    return cached;
  }

  note(object: KubeObject): KubeObject {
    this.#objects.set(object.metadata.uid, object);
    return object;
  }

  forget(uid: string): void {
    this.#objects.delete(uid);
  }
}

/** Versions are numbers that grow; what is no number is older than everything. */
function versionOf({ metadata }: KubeObject): bigint {
  return /^\d+$/u.test(metadata.resourceVersion) ? BigInt(metadata.resourceVersion) : 0n;
}

/** Applies a status where it says something else than the object's own. Answers the object as it is then, or was. */
export async function writeStatus(
  { kube, written }: { readonly kube: Pick<Kube, "applyStatus">; readonly written: LastWritten },
  { type, object, status }: { readonly type: ResourceType; readonly object: KubeObject; readonly status: JsonObject },
  signal: AbortSignal,
): Promise<KubeObject> {
  if (jsonEqual(object["status"], status)) return object;
  try {
    return written.note(await kube.applyStatus(type, { ...object, status }, signal));
  } catch (error) {
    // It was deleted meanwhile, and a watch is about to say so.
    if (error instanceof KubeError && error.kind === "notFound") return object;
    throw error;
  }
}
