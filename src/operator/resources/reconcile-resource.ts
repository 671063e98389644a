import { annotationOf, isBeingDeleted, type KubeObject, namespaceOf } from "../../kube/kube-object.ts";
import type { ResourceType } from "../../kube/resource-type.ts";
import { pointer } from "../../model/pointer.ts";
import { specOf } from "../cluster.ts";
import type { Next, Reconciler } from "../controller.ts";
import { reconcileDeletion } from "../deletion/reconcile-deletion.ts";
import { PRIORITY } from "../priority.ts";
import type { ServerConnection } from "../servers/server-connection.ts";
import { isReady } from "../status/conditions.ts";
import { type Done, standing } from "../status/change-events.ts";
import { type Binding, factsIn } from "../status/facts.ts";
import type { Verdict } from "../status/verdict.ts";
import { ACCEPT_SERVER, bindingProblem, isSameServer } from "./binding.ts";
import { addFinalizer, hasFinalizer } from "./finalizer.ts";
import type { Deps } from "./operator-deps.ts";
import { isTrue, nextFacts } from "./next-facts.ts";
import { settingsOf } from "./settings.ts";
import { RECONCILE_REQUESTED, settle } from "./settle.ts";
import type { SyncOutcome } from "./sync-outcome.ts";
import type { Visit } from "./visit.ts";

/** Every so many looks also see what lists hide. */
const DEEP_EVERY = 10;

/** Makes the resources of one kind true, one at a time; what goes together on a server goes in one run. */
export function resourceReconciler(type: ResourceType, deps: Deps): Reconciler {
  const looks = new Map<string, number>();
  return {
    name: type.kind.toLowerCase(),
    reconcile: async ({ namespace, name }, context) => {
      const object = deps.cluster.get(type.kind, namespace, name);
      if (object === undefined) return { next: "done" };
      const visit = { type, object, settings: settingsOf(specOf(object)), facts: factsIn(object["status"]), context };
      if (isBeingDeleted(object)) return reconcileDeletion(visit, deps);
      const count = looks.get(object.metadata.uid) ?? 0;
      looks.set(object.metadata.uid, count + 1);
      return reconcile(visit, count % DEEP_EVERY === DEEP_EVERY - 1 ? "everything" : "list", deps);
    },
  };
}

async function reconcile(visit: Visit, depth: "list" | "everything", deps: Deps): Promise<Next> {
  const { object, settings } = visit;
  if (settings.isSuspended) return settle(visit, { reason: "Suspended", message: "spec.suspend is true." }, deps);
  const { server, ...problem } = deps.cluster.serverOf(object);
  if (server === undefined) return settle(visit, problem as Verdict, deps);
  // A server in use is to stay as long as its users do.
  if (!hasFinalizer(deps.cluster.written.of(server))) deps.enqueue(server, PRIORITY.edit);
  const state = deps.registry.stateOf(server);
  if (state.is === "broken") return settle(visit, state.verdict, deps, "parked");
  if (state.is === "unknown") return { next: "done" };
  const { connection } = state;
  if (connection.spec.isSuspended) {
    return settle(
      visit,
      { reason: "Suspended", message: `${server.kind} ${server.metadata.name} is suspended.` },
      deps,
    );
  }
  const changed = bindingProblem(visit, connection.binding);
  if (changed !== undefined) return settle(visit, { reason: "ServerChanged", message: changed }, deps);
  const ready = await prepare(visit, connection.binding, deps);
  if (ready === undefined) return { next: "done" };
  const { signal } = visit.context;
  const outcome = await orAborted(
    deps.runs.sync({ object: ready.object, facts: ready.facts, depth, lists: listsFor(visit) }, connection, signal),
    signal,
  );
  if (outcome.isOfServer) deps.registry.broken(server, outcome.verdict);
  return conclude(ready, outcome, connection, deps);
}

/** Who asks for a look wants to see what is there now. */
function listsFor({ object, facts }: Visit): "recent" | "new" {
  const requested = annotationOf(object, RECONCILE_REQUESTED);
  return requested === undefined || requested === facts.handledRequest ? "recent" : "new";
}

/** Nothing is sent to a server before the finalizer stands. Undefined where the resource is gone meanwhile. */
async function prepare(visit: Visit, binding: Binding, deps: Deps): Promise<Visit | undefined> {
  const { type, facts, context } = visit;
  const kept = hasFinalizer(visit.object)
    ? visit.object
    : await addFinalizer(deps.runtime.kube, type, visit.object, context.signal);
  if (kept === undefined || isBeingDeleted(kept)) return undefined;
  const object = kept === visit.object ? kept : deps.cluster.written.note(kept);
  const isMoving = facts.server !== undefined && !isSameServer(facts.server, binding);
  if (!isMoving) return { ...visit, object };
  const moved = await takeWord(visit, object, deps);
  const { uuid: _, isCreated: __, digest: ___, server: ____, ...others } = facts;
  return { ...visit, object: moved, facts: others };
}

/** It was accepted once: the next change of the server needs a word of its own. */
async function takeWord({ type, context }: Visit, object: KubeObject, { runtime, cluster }: Deps): Promise<KubeObject> {
  const value = annotationOf(object, ACCEPT_SERVER);
  if (value === undefined) return object;
  const path = pointer("metadata", "annotations", ACCEPT_SERVER);
  const ref = { namespace: namespaceOf(object), name: object.metadata.name };
  const ops = [{ op: "test", path, value } as const, { op: "remove", path } as const];
  return cluster.written.note(await runtime.kube.patchJson(type, ref, ops, context.signal));
}

async function conclude(visit: Visit, outcome: SyncOutcome, connection: ServerConnection, deps: Deps): Promise<Next> {
  const { object } = visit;
  const { binding } = connection;
  const intent = factsIn(deps.cluster.written.of(object)["status"]).pendingCreate;
  const facts = nextFacts({
    before: visit.facts,
    outcome,
    binding,
    intent,
    now: new Date().toISOString(),
    intervalMs: visit.settings.intervalMs,
  });
  if (facts.uuid !== undefined && outcome.verdict.reason !== "OwnershipConflict") {
    deps.claims.take(object, binding.url, facts.uuid);
  }
  tellDone(visit, outcome, deps);
  if (outcome.verdict.reason === "Synced") deps.serverMetrics.synced(object.kind, connection.label);
  const next = await settle({ ...visit, facts }, outcome.verdict, deps);
  if (isTrue(outcome)) callDependents(object, outcome, deps);
  // The server's own troubles are not tried again here: everybody on it is called when it is back.
  return outcome.isOfServer ? { next: "done" } : next;
}

/** Those that waited for it; and all of them where it is another object now, or runs another version. */
function callDependents(object: KubeObject, { done }: SyncOutcome, deps: Deps): void {
  const isNew = done.some(({ op }) => op !== "entries");
  if (!isNew && isReady(object["status"])) return;
  for (const dependent of deps.cluster.dependentsOf(object)) {
    if (isNew || !isReady(dependent["status"])) deps.enqueue(dependent, PRIORITY.dependencyReady);
  }
}

function tellDone({ object, facts, settings, context }: Visit, outcome: SyncOutcome, { runtime, drifts }: Deps): void {
  const tell = ({ reason, message, op }: Done): void => {
    context.log.info("done on the server", { reason, what: message });
    runtime.events.record({ regarding: object, type: "Normal", reason, message, action: op });
  };
  for (const done of outcome.done) tell(done);
  if (outcome.done.some(({ reason }) => reason === "DriftCorrected")) drifts.found(object.kind, settings.drift);
  const { drift } = outcome;
  if (drift === undefined || String(facts.drift?.paths) === String(drift.paths)) return;
  drifts.found(object.kind, settings.drift);
  // Its own event says more.
  if (outcome.verdict.reason === "Flapping") return;
  const message = standing(drift.changes.flatMap(({ fields }) => fields));
  runtime.events.record({ regarding: object, type: "Warning", reason: "DriftDetected", message, action: "compare" });
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
