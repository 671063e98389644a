import { annotationOf, generationOf, isBeingDeleted, type KubeObject, namespaceOf } from "../../kube/kube-object.ts";
import type { ResourceType } from "../../kube/resource-type.ts";
import type { Answered } from "../../client/observed.ts";
import { SyncError } from "../../model/errors.ts";
import { isObject, type JsonObject } from "../../model/json.ts";
import type { Next, ReconcileContext, Reconciler } from "../controller.ts";
import { PRIORITY } from "../priority.ts";
import { addFinalizer, hasFinalizer, removeFinalizer } from "../resources/finalizer.ts";
import type { Deps } from "../resources/operator-deps.ts";
import { RECONCILE_REQUESTED } from "../resources/settle.ts";
import { isOfKubernetes } from "../resources/sync-outcome.ts";
import { type Condition, conditionIn, conditionsToJson, shortened } from "../status/conditions.ts";
import { writeStatus } from "../status/status-writer.ts";
import { verdictOfError } from "../status/verdict.ts";
import { openConnection, type ServerConnection } from "./server-connection.ts";
import { serverFault } from "./server-reasons.ts";
import { serverSpecOf } from "./server-spec.ts";

/** A Server while it is looked at. */
interface Visit {
  readonly type: ResourceType;
  readonly server: KubeObject;
  readonly context: ReconcileContext;
}

/** A server that is away is asked again at least so often. */
const RETRY_MS = 60_000;
/** After so many failures in a row everybody on it is told. */
const TOLD_AFTER = 2;

/** Finds out whether a server answers and what it is, for all resources on it; closes and opens its circuit. */
export function serverReconciler(
  type: ResourceType,
  lookUp: (namespace: string, name: string) => KubeObject | undefined,
  deps: Deps,
): Reconciler {
  const failures = new Map<string, number>();
  return {
    name: type.kind.toLowerCase(),
    reconcile: async ({ namespace, name }, context) => {
      const cached = lookUp(namespace, name);
      if (cached === undefined) return { next: "done" };
      const visit = { type, server: deps.cluster.written.of(cached), context };
      const { uid } = cached.metadata;
      if (isBeingDeleted(visit.server)) {
        const next = await letGo(visit, deps);
        if (next !== undefined) return next;
      }
      const next = await probe(visit, deps);
      failures.set(uid, next.next === "failed" ? (failures.get(uid) ?? 0) + 1 : 0);
      if (failures.get(uid) === TOLD_AFTER) enqueueUsers(visit.server, PRIORITY.resync, deps);
      return next;
    },
  };
}

async function probe(visit: Visit, deps: Deps): Promise<Next> {
  const { server, context } = visit;
  const { runtime, registry, serverMetrics } = deps;
  try {
    const onAnswer = (answered: Answered): void => serverMetrics.answered(server, answered);
    const connection = await openConnection(server, { ...runtime, onAnswer }, context.signal);
    const kept = await keep(visit, deps);
    // What was changed meanwhile was not asked, and is about to be.
    if (kept === undefined || generationOf(kept) !== generationOf(server)) return { next: "done" };
    registry.ready(kept, connection);
    await writeServerStatus(
      { ...visit, server: kept },
      connected(connection, deps.cluster.usersOf(server).length),
      deps,
    );
    const { intervalMs } = connection.spec;
    return intervalMs === 0 ? { next: "done" } : { next: "after", ms: intervalMs };
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof SyncError) || isOfKubernetes(error)) throw error;
    const fault = serverFault(error);
    const { message } = verdictOfError(error);
    registry.broken(server, { reason: fault.forResources, message });
    await writeServerStatus(visit, broken(fault.reason, message), deps);
    return {
      next: "failed",
      error: new SyncError(error.class, error.message, { isRetryable: true }),
      retryMs: RETRY_MS,
    };
  }
}

/** A server in use is not to go before those who use it. Undefined where it is gone meanwhile. */
async function keep({ type, server, context }: Visit, deps: Deps): Promise<KubeObject | undefined> {
  if (hasFinalizer(server) || isBeingDeleted(server) || deps.cluster.usersOf(server).length === 0) return server;
  const kept = await addFinalizer(deps.runtime.kube, type, server, context.signal);
  return kept === undefined ? undefined : deps.cluster.written.note(kept);
}

/** Undefined while somebody still uses it: it has to go on working for them. */
async function letGo(visit: Visit, deps: Deps): Promise<Next | undefined> {
  const { type, server, context } = visit;
  if (!hasFinalizer(server)) return { next: "done" };
  if (deps.cluster.usersOf(server).length > 0) return undefined;
  await removeFinalizer(deps.runtime.kube, type, server, context.signal);
  deps.registry.forget(server);
  return { next: "done" };
}

interface ServerStanding {
  readonly ready: Condition;
  /** What is known of the server from now on; absent where nothing new is. */
  readonly facts?: JsonObject;
}

function connected({ binding, client }: ServerConnection, users: number): ServerStanding {
  const { dialect, releases } = client.server;
  const { url, account } = binding;
  const what = releases === undefined ? `dialect ${dialect}` : `dialect ${dialect} (${releases})`;
  return {
    ready: { type: "Ready", status: "True", reason: "Connected", message: `${url} answers, ${what}.` },
    facts: { url, dialect, ...(account !== undefined && { account }), users },
  };
}

function broken(reason: string, message: string): ServerStanding {
  return { ready: { type: "Ready", status: "False", reason, message } };
}

async function writeServerStatus(
  { type, server, context }: Visit,
  standing: ServerStanding,
  deps: Deps,
): Promise<void> {
  const users = deps.cluster.usersOf(server);
  // The last one went meanwhile: it is let go of at once.
  if (isBeingDeleted(server) && users.length === 0) return;
  const before = isObject(server["status"]) ? server["status"] : {};
  const generation = generationOf(server);
  const ready = isBeingDeleted(server) ? inUse(standing.ready, users) : standing.ready;
  const requested = annotationOf(server, RECONCILE_REQUESTED);
  const status: JsonObject = {
    observedGeneration: generation,
    ...(requested !== undefined && { lastHandledReconcileAt: requested }),
    ...(standing.facts ?? factsOf(before)),
    conditions: conditionsToJson(conditionsOf(server, standing.ready, ready), {
      before: server["status"],
      observedGeneration: generation,
      now: new Date().toISOString(),
    }),
  };
  tellNews(server, ready, deps);
  const written = { kube: deps.runtime.kube, written: deps.cluster.written };
  await writeStatus(written, { type, object: server, status }, context.signal);
}

/** What was found out before stays known while the server is away. */
function factsOf(status: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(status).filter(([name]) => FACTS.has(name)));
}

const FACTS: ReadonlySet<string> = new Set(["url", "dialect", "account", "users"]);

function inUse(ready: Condition, users: readonly KubeObject[]): Condition {
  const message = `It is being deleted and waits for ${users.length} of its users: ${namesOf(users)}.`;
  return { ...ready, status: "False", reason: "InUse", message };
}

function conditionsOf(server: KubeObject, found: Condition, ready: Condition): readonly Condition[] {
  const isAway = found.status !== "True";
  return [
    ready,
    { type: "Reconciling", status: isAway ? "True" : "False", reason: isAway ? found.reason : "Settled", message: "" },
    { type: "Stalled", status: "False", reason: "NotStalled", message: "" },
    suspendedCondition(server),
  ];
}

function suspendedCondition(server: KubeObject): Condition {
  const isSuspended = serverSpecOf(server)?.isSuspended === true;
  return {
    type: "Suspended",
    status: isSuspended ? "True" : "False",
    reason: isSuspended ? "SpecSuspend" : "Active",
    message: "",
  };
}

function tellNews(server: KubeObject, { status, reason, message }: Condition, { runtime }: Deps): void {
  const before = conditionIn(server["status"], "Ready");
  if (before?.["reason"] === reason && (status === "True" || before["message"] === shortened(message))) return;
  const type = status === "True" ? "Normal" : "Warning";
  runtime.events.record({ regarding: server, type, reason, message, action: "connect" });
}

function namesOf(users: readonly KubeObject[]): string {
  const names = users.slice(0, 5).map((user) => `${user.kind} ${namespaceOf(user)}/${user.metadata.name}`);
  return users.length > names.length ? `${names.join(", ")} and others` : names.join(", ");
}

export function enqueueUsers(server: KubeObject, priority: number, deps: Deps): void {
  for (const user of deps.cluster.usersOf(server)) deps.enqueue(user, priority);
}
