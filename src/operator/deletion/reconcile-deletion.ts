import { annotationOf, type KubeObject, namespaceOf } from "../../kube/kube-object.ts";
import { NAMESPACE } from "../../kube/resource-type.ts";
import type { Next } from "../controller.ts";
import { PRIORITY } from "../priority.ts";
import { bindingProblem } from "../resources/binding.ts";
import { FINALIZER, hasFinalizer, removeFinalizer } from "../resources/finalizer.ts";
import type { Deps } from "../resources/operator-deps.ts";
import { settle } from "../resources/settle.ts";
import type { Visit } from "../resources/visit.ts";
import type { SyncItem } from "../resources/world.ts";
import type { ServerConnection } from "../servers/server-connection.ts";
import type { Verdict } from "../status/verdict.ts";
import type { DeleteOutcome } from "./run-delete.ts";

const PROTECT = "llmstack.ai/protect";
const FORCE_DELETE = "llmstack.ai/force-delete";

/** Lets a resource go when nothing of it is left on its server, or when it is agreed that something may be left. */
export async function reconcileDeletion(visit: Visit, deps: Deps): Promise<Next> {
  const { object, settings, facts } = visit;
  if (!hasFinalizer(object)) return { next: "done" };
  if (settings.deletionPolicy === "Orphan") {
    return release(visit, deps, { reason: "Orphaned", message: `deletionPolicy is Orphan: ${leftBehind(visit)}.` });
  }
  const way = wayTo(visit, deps);
  if ("connection" in way) return deleteOn(visit, way.connection, deps);
  if (annotationOf(object, FORCE_DELETE) === "true") {
    return release(visit, deps, {
      reason: "ForceDeleted",
      message: `${FORCE_DELETE}: ${leftBehind(visit)}.`,
      isLoss: true,
    });
  }
  // Nothing was ever sent anywhere that we know of, and there is nowhere to ask.
  if (facts.server === undefined && way.is === "nowhere") {
    return release(visit, deps, { reason: "Deleted", message: "It was never on a server." });
  }
  if (way.is !== "waiting" && (await isNamespaceEnding(visit, deps))) {
    const message = `The namespace is going and nobody can bring the way to the server back: ${leftBehind(visit)}.`;
    return release(visit, deps, { reason: "LeftBehind", message, isLoss: true });
  }
  // It is called as soon as the server was asked.
  if (way.is === "waiting") return { next: "done" };
  const { verdict } = way;
  return settle(visit, { reason: "DeletionBlocked", message: verdict.message }, deps);
}

type Way =
  | { readonly connection: ServerConnection }
  /** `nowhere`: there is no such server. `broken`: it cannot be spoken to. `waiting`: nobody has tried yet. */
  | { readonly is: "nowhere" | "broken" | "waiting"; readonly verdict: Verdict };

/** The connection to the server that the resource was synced with; one from before serves where its token is gone. */
function wayTo(visit: Visit, { cluster, registry }: Deps): Way {
  const { object } = visit;
  const { server, ...problem } = cluster.serverOf(object);
  if (server === undefined) return { is: "nowhere", verdict: problem as Verdict };
  const state = registry.stateOf(server);
  const connection = state.is === "ready" ? state.connection : state.last;
  if (state.is === "unknown" && connection === undefined) {
    return { is: "waiting", verdict: { reason: "ServerNotReady", message: "The server was not asked yet." } };
  }
  if (state.is === "broken" && (connection === undefined || state.verdict.reason === "ServerUnavailable")) {
    return { is: "broken", verdict: state.verdict };
  }
  if (connection === undefined) return { is: "broken", verdict: { reason: "ServerNotReady", message: "Not ready." } };
  const changed = bindingProblem(visit, connection.binding);
  return changed === undefined
    ? { connection }
    : { is: "broken", verdict: { reason: "ServerChanged", message: changed } };
}

async function deleteOn(visit: Visit, connection: ServerConnection, deps: Deps): Promise<Next> {
  const { object, facts, context } = visit;
  const item = { object, facts, depth: "list", lists: "recent" } as const;
  const { signal } = context;
  const first = await deps.runs.delete(item, connection, signal);
  const outcome = isUnprotected(first, object) ? await deleteUnprotected(item, connection, signal, deps) : first;
  signal.throwIfAborted();
  if (outcome.is === "gone") {
    for (const { reason, message, op } of outcome.done) {
      context.log.info("done on the server", { reason, what: message });
      deps.runtime.events.record({ regarding: object, type: "Normal", reason, message, action: op });
    }
    return release(visit, deps);
  }
  if (outcome.is === "left") {
    return release(visit, deps, {
      reason: "LeftBehind",
      message: `${outcome.why} It stays on ${connection.binding.url}.`,
    });
  }
  const { server } = deps.cluster.serverOf(object);
  if (outcome.isOfServer && server !== undefined) deps.registry.broken(server, outcome.verdict);
  if (annotationOf(object, FORCE_DELETE) === "true") {
    return release(visit, deps, {
      reason: "ForceDeleted",
      message: `${FORCE_DELETE}: ${leftBehind(visit)}.`,
      isLoss: true,
    });
  }
  return settle(visit, outcome.verdict, deps);
}

/** Protection stands in the mark too, and stays there until a manifest without it was applied. */
function isUnprotected(outcome: DeleteOutcome, object: KubeObject): boolean {
  const isProtected = outcome.is === "blocked" && outcome.verdict.reason === "Protected";
  return isProtected && annotationOf(object, PROTECT) !== "true";
}

async function deleteUnprotected(
  item: SyncItem,
  connection: ServerConnection,
  signal: AbortSignal,
  { runs }: Deps,
): Promise<DeleteOutcome> {
  await runs.sync(item, connection, signal);
  return runs.delete(item, connection, signal);
}

interface Farewell {
  readonly reason: string;
  readonly message: string;
  /** Something stays on the server that nobody keeps any more. */
  readonly isLoss?: true;
}

async function release({ type, object, context }: Visit, deps: Deps, farewell?: Farewell): Promise<Next> {
  const { runtime, cluster, claims } = deps;
  if (farewell !== undefined) {
    const { reason, message, isLoss } = farewell;
    const kind = isLoss ? "Warning" : "Normal";
    runtime.events.record({ regarding: object, type: kind, reason, message, action: "delete" });
    context.log.info("let go of a resource", { reason, finalizer: FINALIZER });
  }
  await removeFinalizer(runtime.kube, type, object, context.signal);
  claims.forget(object);
  // What it referred to may have waited for it, and so may its server.
  for (const needed of cluster.neededBy(object)) deps.enqueue(needed, PRIORITY.dependencyReady);
  const { server } = cluster.serverOf(object);
  if (server !== undefined) deps.enqueue(server, PRIORITY.dependencyReady);
  return { next: "done" };
}

function leftBehind({ object, facts }: Visit): string {
  const { uuid, server } = facts;
  return uuid === undefined
    ? `nothing of ${object.kind} ${object.metadata.name} is known to be on a server`
    : `${uuid} stays on ${server?.url ?? "its server"}`;
}

/** Only asked where a resource cannot be let go of otherwise. Where that may not be asked, it is taken to stay. */
async function isNamespaceEnding({ object, context }: Visit, { runtime }: Deps): Promise<boolean> {
  const namespace = await runtime.kube
    .get(NAMESPACE, { name: namespaceOf(object) }, context.signal)
    .catch(() => ({ metadata: {} }));
  return namespace === undefined || "deletionTimestamp" in namespace.metadata;
}
