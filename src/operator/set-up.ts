import type { Change } from "../kube/store.ts";
import { generationOf, type KubeObject, namespaceOf } from "../kube/kube-object.ts";
import { CONFIG_MAP, SECRET } from "../kube/resource-type.ts";
import { isAskedFor } from "./asked-for.ts";
import { Cluster } from "./cluster.ts";
import type { Controller } from "./controller.ts";
import { PRIORITY } from "./priority.ts";
import { setUpGitSyncs } from "./git-syncs/set-up-git-syncs.ts";
import { resourceMetrics } from "./resource-metrics.ts";
import { Claims } from "./resources/claims.ts";
import { driftMetrics } from "./resources/drift-metrics.ts";
import type { Deps } from "./resources/operator-deps.ts";
import { recordIntent } from "./resources/intent.ts";
import { resourceReconciler } from "./resources/reconcile-resource.ts";
import { CLUSTER_SERVER, resourceTypes, SERVER } from "./resources/resource-kinds.ts";
import { Runs } from "./resources/runs.ts";
import type { World } from "./resources/world.ts";
import type { Runtime, SetUp } from "./runtime.ts";
import { enqueueUsers, serverReconciler } from "./servers/reconcile-server.ts";
import { ServerRegistry } from "./servers/server-registry.ts";
import { serverMetrics } from "./servers/server-metrics.ts";
import { serverSpecOf } from "./servers/server-spec.ts";
import { isReady } from "./status/conditions.ts";

const SERVER_WORKERS = 8;

/** Every controller of the operator. */
export const setUp: SetUp = (runtime) => {
  const whole = {
    content: "whole" as const,
    ...(runtime.selector !== undefined && { labelSelector: runtime.selector }),
  };
  const resources = new Map(resourceTypes.map((type) => [type.kind, runtime.informer({ type, ...whole })]));
  const servers = runtime.informer({ type: SERVER, content: "whole" });
  const clusterServers = runtime.informer({ type: CLUSTER_SERVER, content: "whole", namespaces: [] });
  const cluster = new Cluster({ resources, servers, clusterServers });
  const controllers = new Map<string, Controller>();
  const claims = new Claims(cluster);
  const world = worldOf(cluster, claims, runtime);
  const deps: Deps = {
    runtime,
    cluster,
    registry: new ServerRegistry(),
    claims,
    drifts: driftMetrics(runtime.metrics.registry),
    serverMetrics: serverMetrics(runtime.metrics.registry, () => [...servers.list(), ...clusterServers.list()]),
    runs: new Runs(world, runtime.kube),
    enqueue: (object, priority) =>
      controllers.get(object.kind)?.enqueue({ namespace: namespaceOf(object), name: object.metadata.name }, priority),
  };
  for (const type of resourceTypes) {
    controllers.set(type.kind, runtime.controller(resourceReconciler(type, deps)));
  }
  for (const [type, informer] of [
    [SERVER, servers],
    [CLUSTER_SERVER, clusterServers],
  ] as const) {
    const lookUp = (namespace: string, name: string): KubeObject | undefined => informer.get(namespace, name);
    controllers.set(type.kind, runtime.controller(serverReconciler(type, lookUp, deps), SERVER_WORKERS));
    informer.onChange((change) => onServer(change, deps));
  }
  for (const informer of resources.values()) informer.onChange((change) => onResource(change, deps));
  watchValues(deps);
  const gitSyncs = setUpGitSyncs(deps);
  resourceMetrics(runtime.metrics.registry, [...resources.values(), servers, clusterServers, gitSyncs]);
  deps.registry.onChange((server, { is }) => {
    if (is === "ready") enqueueUsers(server, PRIORITY.serverBack, deps);
    else deps.enqueue(server, PRIORITY.serverBack);
  });
};

function worldOf(cluster: Cluster, claims: Claims, runtime: Runtime): World {
  const isOn = (object: KubeObject, uid: string): boolean => cluster.serverOf(object).server?.metadata.uid === uid;
  return {
    kube: runtime.kube,
    signal: runtime.signal,
    find: (namespace, key, { binding }) => {
      const found = cluster.find(namespace, key);
      const isUsable = found !== undefined && found.metadata["deletionTimestamp"] === undefined;
      return isUsable && isOn(found, binding.uid) ? found : undefined;
    },
    dependents: (namespace, key, { binding }) => {
      const object = cluster.find(namespace, key);
      return object === undefined ? [] : cluster.dependentsOf(object).filter((other) => isOn(other, binding.uid));
    },
    claimedBy: (object, uuid, { binding }) => claims.claimedBy(object, binding.url, uuid),
    recordIntent: (object, { binding }) => recordIntent(object, binding, { cluster, runtime }),
  };
}

function onResource(change: Change, deps: Deps): void {
  const { object, type, isInitial } = change;
  if (type === "deleted") {
    deps.cluster.written.forget(object.metadata.uid);
    deps.claims.forget(object);
    // Those that it kept waiting: what it referred to, who contested its object, and its server.
    for (const needed of deps.cluster.neededBy(object)) deps.enqueue(needed, PRIORITY.dependencyReady);
    const { server } = deps.cluster.serverOf(object);
    if (server !== undefined && server.metadata["deletionTimestamp"] !== undefined) {
      deps.enqueue(server, PRIORITY.dependencyReady);
    }
    return;
  }
  if (isInitial) deps.enqueue(object, PRIORITY.startUp);
  else if (isAskedFor(change)) deps.enqueue(object, PRIORITY.edit);
  if (type === "added" && !isInitial) {
    for (const dependent of deps.cluster.dependentsOf(object)) {
      if (!isReady(dependent["status"])) deps.enqueue(dependent, PRIORITY.dependencyReady);
    }
  }
}

function onServer(change: Change, deps: Deps): void {
  const { object, type } = change;
  if (type !== "deleted" && (change.isInitial || isAskedFor(change))) deps.enqueue(object, PRIORITY.edit);
  const isOther =
    type !== "updated" ||
    object.metadata.uid !== change.previous.metadata.uid ||
    generationOf(object) !== generationOf(change.previous);
  if (change.isInitial || !isOther) return;
  if (type === "deleted") deps.registry.forget(object);
  // Another one may be meant now by those that name none, and those that had none may have one.
  for (const resource of deps.cluster.all()) {
    const isHere = object.kind === CLUSTER_SERVER.kind || namespaceOf(resource) === namespaceOf(object);
    if (isHere) deps.enqueue(resource, PRIORITY.serverBack);
  }
}

/** Secrets and ConfigMaps are known by name and version alone. */
function watchValues(deps: Deps): void {
  const { runtime, cluster } = deps;
  for (const type of [SECRET, CONFIG_MAP]) {
    // A ClusterServer's token may lie outside of what is watched: it is read again at its interval.
    const informer = runtime.informer({ type, content: "metadata" });
    informer.onChange(({ object, isInitial }) => {
      if (isInitial) return;
      const namespace = namespaceOf(object);
      const { name } = object.metadata;
      for (const user of cluster.usersOfValue(type.kind, namespace, name)) deps.enqueue(user, PRIORITY.secretChange);
      for (const server of serversUsing(type.kind, namespace, name, deps)) deps.enqueue(server, PRIORITY.secretChange);
    });
  }
}

function serversUsing(
  kind: string,
  namespace: string,
  name: string,
  { cluster, runtime }: Deps,
): readonly KubeObject[] {
  const { servers, clusterServers } = cluster.informers;
  return [...servers.list(), ...clusterServers.list()].filter((server) => {
    const own = server.kind === CLUSTER_SERVER.kind ? runtime.ownNamespace : namespaceOf(server);
    const spec = serverSpecOf(server);
    return own === namespace && [spec?.token, spec?.ca].some((ref) => ref?.kind === kind && ref.name === name);
  });
}
