import type { Kube } from "../../kube/kube.ts";
import { type KubeObject, namespaceOf } from "../../kube/kube-object.ts";
import { NAMESPACE } from "../../kube/resource-type.ts";
import { SyncError } from "../../model/errors.ts";
import { type DeleteOutcome, runDelete } from "../deletion/run-delete.ts";
import type { ServerConnection } from "../servers/server-connection.ts";
import { verdictOfError } from "../status/verdict.ts";
import { keyOf } from "./closure.ts";
import { Batcher, type RunBatch } from "./batcher.ts";
import { runSync } from "./run-sync.ts";
import type { SyncGroup } from "./sync-group.ts";
import { type Policies, settingsOf } from "./settings.ts";
import { failedOutcome, isOfKubernetes, type SyncOutcome } from "./sync-outcome.ts";
import { Turns } from "./turns.ts";
import { specOf } from "../cluster.ts";
import type { SyncItem, World } from "./world.ts";

/**
 * The runs of all groups: resources that go together in one look at a server. Whatever is asked for one resource waits
 * until nothing of it is under way any more, in whichever group that is and although nobody waits for it any longer.
 */
export class Runs {
  readonly #world: World;
  readonly #kube: Pick<Kube, "get">;
  /** With the connections that they are for: those of a connection that is gone are collected with it. */
  readonly #syncs = new WeakMap<ServerConnection, Map<string, Batcher<SyncItem, SyncOutcome>>>();
  readonly #turns = new Turns();
  readonly #deletes = new WeakMap<ServerConnection, Map<string, Batcher<SyncItem, DeleteOutcome>>>();

  constructor(world: World, kube: Pick<Kube, "get">) {
    this.#world = world;
    this.#kube = kube;
  }

  /**
   * What goes wrong with the server is an outcome. Throws what goes wrong with Kubernetes, and the signal's reason where
   * it has fired before the turn has come.
   */
  sync(item: SyncItem, connection: ServerConnection, signal: AbortSignal): Promise<SyncOutcome> {
    const groups = mapOf(this.#syncs, connection);
    const { id, namespace, policies } = groupOf(item.object);
    const batcher =
      groups.get(id) ??
      new Batcher<SyncItem, SyncOutcome>({
        run: this.#run({ connection, namespace, policies }, runSync),
        failed: failedOutcome,
      });
    groups.set(id, batcher);
    return this.#turns.take(nameOf(item.object), signal, () => batcher.submit(item.object.metadata.uid, item));
  }

  /** As `sync`. */
  delete(item: SyncItem, connection: ServerConnection, signal: AbortSignal): Promise<DeleteOutcome> {
    const groups = mapOf(this.#deletes, connection);
    const { id, namespace, policies } = groupOf(item.object);
    const batcher =
      groups.get(id) ??
      new Batcher<SyncItem, DeleteOutcome>({
        run: this.#run({ connection, namespace, policies }, runDelete),
        failed: failedDelete,
      });
    groups.set(id, batcher);
    return this.#turns.take(nameOf(item.object), signal, () => batcher.submit(item.object.metadata.uid, item));
  }

  #run<Outcome>(
    group: Omit<SyncGroup, "set" | "owner">,
    run: (batch: Parameters<RunBatch<SyncItem, Outcome>>[0], group: SyncGroup, world: World) => Promise<void>,
  ): RunBatch<SyncItem, Outcome> {
    return async (batch) => {
      const identity = await this.#identityOf(group.namespace);
      const named = group.connection.spec.set;
      const set = named === undefined ? { set: identity, owner: undefined } : { set: named, owner: identity };
      await run(batch, { ...group, ...set }, this.#world);
    };
  }

  /** Not remembered: a namespace that was made anew is another one, and has nothing to do with the old one's objects. */
  async #identityOf(namespace: string): Promise<string> {
    const object = await this.#kube.get(NAMESPACE, { name: namespace }, this.#world.signal);
    if (object === undefined) throw new SyncError("not_found", `There is no namespace ${namespace}.`);
    return `k8s:${object.metadata.uid}`;
  }
}

function failedDelete(error: unknown): DeleteOutcome {
  if (isOfKubernetes(error)) throw error;
  return { is: "blocked", verdict: verdictOfError(error), isOfServer: error instanceof SyncError };
}

/** One that was made anew has another uid, and must wait for its predecessor all the same. */
function nameOf(object: KubeObject): string {
  return `${namespaceOf(object)}/${keyOf(object)}`;
}

function mapOf<K extends object, V>(maps: WeakMap<K, Map<string, V>>, key: K): Map<string, V> {
  const map = maps.get(key) ?? new Map<string, V>();
  maps.set(key, map);
  return map;
}

function groupOf(object: KubeObject): { readonly id: string; readonly namespace: string; readonly policies: Policies } {
  const namespace = namespaceOf(object);
  const { policies } = settingsOf(specOf(object));
  const { adopt, replace, discardDrafts } = policies;
  return { id: JSON.stringify([namespace, adopt, replace, discardDrafts]), namespace, policies };
}
