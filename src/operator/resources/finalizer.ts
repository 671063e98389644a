import type { Kube } from "../../kube/kube.ts";
import { KubeError } from "../../kube/kube-error.ts";
import { finalizersOf, type JsonPatchOp, type KubeObject, namespaceOf } from "../../kube/kube-object.ts";
import type { ResourceType } from "../../kube/resource-type.ts";

/** Keeps an object of the cluster until what it stands for is gone from the server. */
export const FINALIZER = "llmstack.ai/finalizer";

export function hasFinalizer(object: KubeObject): boolean {
  return finalizersOf(object).includes(FINALIZER);
}

type Patcher = Pick<Kube, "get" | "patchJson">;

/** Adds ours, and touches nobody else's. Undefined where the object is gone, or is another one of that name. */
export async function addFinalizer(
  kube: Patcher,
  type: ResourceType,
  object: KubeObject,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  return patch({ kube, type, object, signal }, (now) => {
    if (hasFinalizer(now)) return [];
    if (finalizersOf(now).length > 0) return [{ op: "add", path: "/metadata/finalizers/-", value: FINALIZER }];
    return [testVersion(now), { op: "add", path: "/metadata/finalizers", value: [FINALIZER] }];
  });
}

/** Takes ours out, and only ours. */
export async function removeFinalizer(
  kube: Patcher,
  type: ResourceType,
  object: KubeObject,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  return patch({ kube, type, object, signal }, (now) => {
    const index = finalizersOf(now).indexOf(FINALIZER);
    if (index < 0) return [];
    const path = `/metadata/finalizers/${index}`;
    return [
      { op: "test", path, value: FINALIZER },
      { op: "remove", path },
    ];
  });
}

interface Patch {
  readonly kube: Patcher;
  readonly type: ResourceType;
  readonly object: KubeObject;
  readonly signal: AbortSignal;
}

const ATTEMPTS = 3;

/** Where somebody else was faster the object is read again: a cache lags behind. */
async function patch(
  { kube, type, object, signal }: Patch,
  opsFor: (now: KubeObject) => readonly JsonPatchOp[],
): Promise<KubeObject | undefined> {
  const ref = { namespace: namespaceOf(object), name: object.metadata.name };
  let now: KubeObject | undefined = object;
  for (let attempt = 1; ; attempt += 1) {
    if (now === undefined || now.metadata.uid !== object.metadata.uid) return undefined;
    const ops = opsFor(now);
    if (ops.length === 0) return now;
    try {
      return await kube.patchJson(
        type,
        ref,
        [{ op: "test", path: "/metadata/uid", value: object.metadata.uid }, ...ops],
        signal,
      );
    } catch (error) {
      if (!(error instanceof KubeError) || !MOVED.has(error.kind) || attempt === ATTEMPTS) throw error;
      now = await kube.get(type, ref, signal);
    }
  }
}

const MOVED: ReadonlySet<string> = new Set(["invalid", "conflict", "notFound"]);

function testVersion({ metadata }: KubeObject): JsonPatchOp {
  return { op: "test", path: "/metadata/resourceVersion", value: metadata.resourceVersion };
}
