import { isObject } from "../model/json.ts";
import type { Exchange } from "./connection.ts";
import { KubeError } from "./kube-error.ts";
import type { KubeObject } from "./kube-object.ts";
import { apiVersionOf, collectionPath, type ResourceType, typeLabel } from "./resource-type.ts";
import { patiently } from "./retry.ts";
import type { Transport } from "./transport.ts";

export interface ListScope {
  readonly namespace?: string;
  readonly labelSelector?: string;
}

export interface ListAsk {
  readonly type: ResourceType;
  readonly scope: ListScope;
  readonly accept?: string;
  /** What of an item is kept, page by page: the whole of a big list is more than need be in memory at once. */
  readonly keep: (item: unknown) => KubeObject | undefined;
}

export interface Listed {
  readonly objects: readonly KubeObject[];
  readonly resourceVersion: string;
}

interface Page extends Listed {
  /** Empty on the last page. */
  readonly next: string;
}

const PAGE = 500;
const TIMEOUT_MS = 60_000;
const MOST_RESTARTS = 3;

/** Every page, and all of them again where the API server has forgotten the rest. */
export async function listAll(transport: Transport, ask: ListAsk, signal: AbortSignal): Promise<Listed> {
  for (let restarts = 0; ; restarts += 1) {
    const listed = await listOnce(transport, ask, { signal, isPatient: restarts < MOST_RESTARTS });
    if (listed !== undefined) return listed;
  }
}

/** Undefined where the rest was forgotten half way. */
async function listOnce(
  transport: Transport,
  ask: ListAsk,
  { signal, isPatient }: { readonly signal: AbortSignal; readonly isPatient: boolean },
): Promise<Listed | undefined> {
  const objects: KubeObject[] = [];
  for (let next = ""; ;) {
    try {
      const page = await patiently("read", signal, () => listPage(transport, ask, next, signal));
      objects.push(...page.objects);
      if (page.next === "") return { objects, resourceVersion: page.resourceVersion };
      next = page.next;
    } catch (error) {
      const isForgotten = next !== "" && error instanceof KubeError && error.kind === "gone";
      if (!isForgotten || !isPatient) throw error;
      return undefined;
    }
  }
}

function listPage(transport: Transport, ask: ListAsk, next: string, signal: AbortSignal): Promise<Page> {
  const { type, scope, accept } = ask;
  const query = new URLSearchParams({
    limit: String(PAGE),
    ...(next !== "" && { continue: next }),
    ...(scope.labelSelector !== undefined && { labelSelector: scope.labelSelector }),
  });
  const what = `list ${typeLabel(type)}`;
  const exchange: Exchange = {
    method: "GET",
    path: `${collectionPath(type, scope.namespace)}?${query.toString()}`,
    what,
    timeoutMs: TIMEOUT_MS,
    ...(accept !== undefined && { accept }),
  };
  return transport.send(exchange, signal, async (answer) => pageOf(what, await answer.body.json(), ask));
}

function pageOf(what: string, answer: unknown, { type, keep }: ListAsk): Page {
  const { items: listed, metadata } = isObject(answer) ? answer : {};
  // A list of metadata alone says null where there is nothing.
  const items = listed === null ? [] : listed;
  if (!Array.isArray(items) || !isObject(metadata)) {
    throw new KubeError(`${what}: the answer is no list`, { kind: "other", status: 200 });
  }
  // Items of a list do not say what they are; the list does.
  const identity = { apiVersion: apiVersionOf(type), kind: type.kind };
  return {
    objects: items.flatMap((item: unknown) => (isObject(item) ? (keep({ ...item, ...identity }) ?? []) : [])),
    resourceVersion: textOf(metadata["resourceVersion"]),
    next: textOf(metadata["continue"]),
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
