import type { EventRecorder } from "../kube/event-recorder.ts";
import type { Informer, InformerOptions } from "../kube/informer.ts";
import type { Kube } from "../kube/kube.ts";
import type { Controller, Reconciler } from "./controller.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";

/** What reconcilers are made of and run in. */
export interface Runtime {
  readonly kube: Kube;
  readonly events: EventRecorder;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Of the pod, or of the kubeconfig's context. */
  readonly ownNamespace: string;
  /** Empty for all of the cluster. */
  readonly namespaces: readonly string[];
  /** The share of resources that is this operator's. */
  readonly selector: string | undefined;
  /** Aborted when all work has to end at once. */
  readonly signal: AbortSignal;
  /** The fence: to be asked right before each write that the API server does not see. */
  isLeading(): boolean;
  /** An informer that is started, stopped and watched with the operator; of the watched namespaces unless told. */
  informer(options: InformerOptions): Informer;
  /** A controller whose workers (`--concurrency` unless told) begin when every informer has synced and this process leads. */
  controller(reconciler: Reconciler, workers?: number): Controller;
  /** Says which repositories are followed, asked whenever a webhook comes. */
  followed(repositories: () => readonly FollowedRepository[]): void;
}

/** A repository that somebody follows, and how they are told that something was pushed. */
export interface FollowedRepository {
  readonly name: string;
  readonly url: string;
  wake(): void;
}

/** Makes informers and controllers and connects them. Nothing runs before it has returned. */
export type SetUp = (runtime: Runtime) => void;
