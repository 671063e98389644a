import { join } from "node:path";
import envPaths from "env-paths";
import type { Informer } from "../../kube/informer.ts";
import { type KubeObject, namespaceOf } from "../../kube/kube-object.ts";
import { isAskedFor } from "../asked-for.ts";
import { PRIORITY } from "../priority.ts";
import type { Deps } from "../resources/operator-deps.ts";
import { Followers } from "./followers.ts";
import { withGitAccess, type WithGitAccess } from "./git-access.ts";
import { GIT_SYNC } from "./git-sync-type.ts";
import type { GitSyncDeps } from "./git-sync-look.ts";
import { gitSyncReconciler } from "./reconcile-git-sync.ts";

/** As many repositories as these are read and applied at once. */
const WORKERS = 8;

/** Adds what follows repositories to the operator, and gives what is followed. */
export function setUpGitSyncs(shared: Deps): Informer {
  const { runtime, registry } = shared;
  const informer = runtime.informer({
    type: GIT_SYNC,
    content: "whole",
    ...(runtime.selector !== undefined && { labelSelector: runtime.selector }),
  });
  const cacheDirectory = join(envPaths("llmstack-sync", { suffix: "" }).cache, "git");
  const withAccess: WithGitAccess = (spec, namespace, signal, use) =>
    withGitAccess(spec, { kube: runtime.kube, namespace, cacheDirectory }, signal, use);
  const followers = new Followers(withAccess);
  const deps: GitSyncDeps = {
    ...shared,
    followers,
    withAccess,
    find: (namespace, name) => informer.get(namespace, name),
    recall: (object) => enqueue(object, PRIORITY.edit),
  };
  const controller = runtime.controller(gitSyncReconciler(deps), WORKERS);
  const enqueue = ({ metadata, ...object }: KubeObject, priority: number): void =>
    controller.enqueue({ namespace: namespaceOf({ metadata, ...object }), name: metadata.name }, priority);
  informer.onChange((change) => {
    const { object, type } = change;
    if (type === "deleted") {
      followers.stop(object.metadata.uid);
      shared.cluster.written.forget(object.metadata.uid);
      return;
    }
    if (change.isInitial) enqueue(object, PRIORITY.startUp);
    else if (isAskedFor(change)) enqueue(object, PRIORITY.edit);
  });
  registry.onChange((server) => {
    const uid = server.metadata.uid;
    const users = informer.list().filter((object) => shared.cluster.serverOf(object).server?.metadata.uid === uid);
    for (const user of users) enqueue(user, PRIORITY.serverBack);
  });
  runtime.followed(() => followers.all().map(({ uid, url }) => ({ name: uid, url, wake: () => followers.wake(uid) })));
  return informer;
}
