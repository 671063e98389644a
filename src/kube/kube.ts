import { isObject, type JsonObject } from "../model/json.ts";
import { KubeError } from "./kube-error.ts";
import { isKubeObject, type JsonPatchOp, type KubeObject, namespaceOf, type ObjectRef } from "./kube-object.ts";
import { type ListScope, listAll } from "./list.ts";
import { apiVersionOf, collectionPath, labelOf, objectPath, type ResourceType, typeLabel } from "./resource-type.ts";
import { patiently } from "./retry.ts";
import type { Exchange } from "./connection.ts";
import type { Transport } from "./transport.ts";

/** What controllers ask of the API server. Every failure is a KubeError; an aborted signal throws its reason. */
export interface Kube {
  /** Undefined where there is no such object. */
  get(type: ResourceType, ref: ObjectRef, signal: AbortSignal): Promise<KubeObject | undefined>;
  list(type: ResourceType, scope: ListScope, signal: AbortSignal): Promise<readonly KubeObject[]>;
  /** Sent once: whether a lost one arrived is for the caller to find out. */
  create(type: ResourceType, object: JsonObject, signal: AbortSignal): Promise<KubeObject>;
  /** The whole object, if nobody has written it since its `resourceVersion`: KubeError `conflict` otherwise. */
  replace(type: ResourceType, object: KubeObject, signal: AbortSignal): Promise<KubeObject>;
  delete(type: ResourceType, ref: ObjectRef, signal: AbortSignal): Promise<void>;
  /** A `test` that does not hold is KubeError `invalid`. */
  patchJson(type: ResourceType, ref: ObjectRef, ops: readonly JsonPatchOp[], signal: AbortSignal): Promise<KubeObject>;
  /** Server-side apply of `status`: fields we no longer name go away, those of others stay. */
  applyStatus(type: ResourceType, object: KubeObject, signal: AbortSignal): Promise<KubeObject>;
}

const TIMEOUT_MS = 30_000;

/** `fieldManager` is whom the API server names as the writer of a field. */
export function createKube(transport: Transport, fieldManager: string): Kube {
  return { ...reads(transport), ...writes(transport, fieldManager) };
}

type Reads = Pick<Kube, "get" | "list">;

function reads(transport: Transport): Reads {
  const object = oneObject(transport);
  return {
    get: (type, ref, signal) =>
      patiently("read", signal, () =>
        object({ method: "GET", path: objectPath(type, ref), what: `get ${labelOf(type, ref)}` }, signal),
      ).catch(absent),
    list: async (type, scope, signal) => {
      const { objects } = await listAll(transport, { type, scope, keep: objectOf }, signal);
      return objects;
    },
  };
}

function writes(transport: Transport, fieldManager: string): Omit<Kube, keyof Reads> {
  const object = oneObject(transport);
  const managed = (path: string): string => `${path}?fieldManager=${encodeURIComponent(fieldManager)}`;
  return {
    create: (type, body, signal) =>
      object(
        {
          method: "POST",
          path: managed(collectionPath(type, scopeOf(body))),
          what: `create ${typeLabel(type)}`,
          body: json(body),
        },
        signal,
      ),
    replace: (type, body, signal) => {
      const ref = refOf(body);
      return object(
        { method: "PUT", path: managed(objectPath(type, ref)), what: `update ${labelOf(type, ref)}`, body: json(body) },
        signal,
      );
    },
    delete: (type, ref, signal) => patiently("write", signal, () => remove(transport, { type, ref }, signal)),
    patchJson: (type, ref, ops, signal) =>
      patiently("write", signal, () =>
        object(
          {
            method: "PATCH",
            path: managed(objectPath(type, ref)),
            what: `patch ${labelOf(type, ref)}`,
            body: { type: "application/json-patch+json", text: JSON.stringify(ops) },
          },
          signal,
        ),
      ),
    applyStatus: (type, body, signal) => {
      const ref = refOf(body);
      return patiently("read", signal, () =>
        object(
          {
            method: "PATCH",
            path: `${managed(`${objectPath(type, ref)}/status`)}&force=true`,
            what: `apply status of ${labelOf(type, ref)}`,
            body: { type: "application/apply-patch+yaml", text: JSON.stringify(statusPatch(type, body)) },
          },
          signal,
        ),
      );
    },
  };
}

function oneObject(
  transport: Transport,
): (exchange: Omit<Exchange, "timeoutMs">, signal: AbortSignal) => Promise<KubeObject> {
  return (exchange, signal) =>
    transport.send({ ...exchange, timeoutMs: TIMEOUT_MS }, signal, async (answer) =>
      understood(exchange.what, await answer.body.json()),
    );
}

function remove(
  transport: Transport,
  { type, ref }: { readonly type: ResourceType; readonly ref: ObjectRef },
  signal: AbortSignal,
): Promise<void> {
  const exchange: Exchange = {
    method: "DELETE",
    path: objectPath(type, ref),
    what: `delete ${labelOf(type, ref)}`,
    timeoutMs: TIMEOUT_MS,
  };
  return transport.send(exchange, signal, async ({ body }) => body.dump());
}

/** Only what the patch is about: naming a field would make it ours. */
function statusPatch(type: ResourceType, object: KubeObject): JsonObject {
  const { name } = object.metadata;
  const namespace = namespaceOf(object);
  return {
    apiVersion: apiVersionOf(type),
    kind: type.kind,
    metadata: namespace === "" ? { name } : { name, namespace },
    status: object["status"] ?? {},
  };
}

function absent(error: unknown): undefined {
  if (error instanceof KubeError && error.kind === "notFound") return undefined;
  throw error;
}

function objectOf(item: unknown): KubeObject | undefined {
  return isKubeObject(item) ? item : undefined;
}

function understood(what: string, answer: unknown): KubeObject {
  if (isKubeObject(answer)) return answer;
  throw new KubeError(`${what}: the answer is no object with a name and a version`, { kind: "other", status: 200 });
}

function json(body: JsonObject): { readonly type: string; readonly text: string } {
  return { type: "application/json", text: JSON.stringify(body) };
}

function refOf(object: KubeObject): ObjectRef {
  return { name: object.metadata.name, namespace: namespaceOf(object) };
}

function scopeOf({ metadata }: JsonObject): string | undefined {
  const namespace = isObject(metadata) ? metadata["namespace"] : undefined;
  return typeof namespace === "string" ? namespace : undefined;
}
