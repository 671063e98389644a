import type { KubeConfig } from "@kubernetes/client-node";
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { createEventRecorder, type EventRecorder } from "../kube/event-recorder.ts";
import { createInformer, type Informer } from "../kube/informer.ts";
import { createKube } from "../kube/kube.ts";
import { type KubeConfigPlace, loadKubeConfig, ownNamespace } from "../kube/kube-config.ts";
import { joinElection, type Leader } from "../kube/leader.ts";
import { createTransport } from "../kube/transport.ts";
import { typeLabel } from "../kube/resource-type.ts";
import { listenForWebhooks } from "../follow/webhooks/listen.ts";
import { createReceiver, type HookSource } from "../follow/webhooks/receiver.ts";
import { type Controller, createController } from "./controller.ts";
import { type Check, healthRoutes, listen, type Listening, metricsRoutes } from "./health.ts";
import type { ListenAddress } from "../listen-on.ts";
import { failureFields, type Log } from "./log.ts";
import { fenced } from "./fenced.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { seldom } from "./seldom.ts";
import { leaseName, NAME, whereabouts } from "./share.ts";
import type { FollowedRepository, Runtime, SetUp } from "./runtime.ts";

export interface OperatorOptions {
  readonly cluster: KubeConfigPlace;
  readonly namespaces: readonly string[];
  readonly selector?: string;
  /** Undefined where no other replica is to be expected. */
  readonly election?: { readonly namespace?: string };
  readonly metricsListen?: ListenAddress;
  readonly healthListen?: ListenAddress;
  /** Where forges send their webhooks, and what proves that they are theirs. */
  readonly webhooks?: { readonly listen: ListenAddress; readonly secrets: readonly string[] };
  /** Resources reconciled at once by one controller. */
  readonly concurrency: number;
  readonly drainMs: number;
  readonly log: Log;
  /** The first signal of the process. */
  readonly stop: AbortSignal;
}

/** An API server does not answer sooner for more. */
const MOST_CONNECTIONS = 20;
/** A watch that is alive does something at least every minute and a half. */
const LONGEST_QUIET_MS = 300_000;
/** With the longest drain and the lease, that is less than the 30 s a pod is given. */
const LAST_MOMENT_MS = 1_000;

/** Runs until it is stopped (0) or loses the lease (1). */
export async function runOperator(options: OperatorOptions, setUp: SetUp): Promise<number> {
  const operator = assemble(options);
  const { log, cluster, election } = options;
  log.info("starting", whereabouts(loadKubeConfig(cluster), { ...options, leases: election }));
  setUp(operator.runtime);
  const servers = await serve(options, operator);
  // Nothing else may be there that keeps the process alive.
  const heartbeat = setInterval(() => undefined, 60_000);
  try {
    return await live(options, operator, servers);
  } finally {
    clearInterval(heartbeat);
    operator.work.abort(new DOMException("the operator has stopped", "AbortError"));
    await Promise.all([
      ...operator.informers.map((informer) => informer.stop()),
      ...servers.map((server) => server.close()),
    ]);
    await operator.close();
  }
}

interface Operator {
  readonly runtime: Runtime;
  readonly informers: Informer[];
  readonly controllers: Controller[];
  /** What is followed at the moment. */
  readonly repositories: () => readonly FollowedRepository[];
  readonly leader: Leader | undefined;
  /** Ends all work. */
  readonly work: AbortController;
  /** Ends the candidacy, as the very last. */
  readonly candidacy: AbortController;
  /** To be called when it could work at once. */
  readonly becomeCandidate: () => void;
  readonly close: () => Promise<void>;
}

function assemble(options: OperatorOptions): Operator {
  const { log, namespaces, selector } = options;
  const work = new AbortController();
  const candidacy = new AbortController();
  const warm = Promise.withResolvers<void>();
  const metrics = createMetrics();
  const loadConfig = (): KubeConfig => loadKubeConfig(options.cluster);
  const way = { loadConfig, userAgent: NAME, onRequest: metrics.onRequest };
  // Watches keep a connection each, and the lease is never to wait behind work; nor is the election ever fenced.
  const lasting = createTransport(way);
  const onProblem = (message: string, error: unknown): void => log.warn(message, failureFields(error));
  const identity = `${hostname()}_${randomUUID()}`;
  const own = ownNamespace(loadConfig());
  const leader =
    options.election === undefined
      ? undefined
      : joinElection({
          kube: createKube(lasting, NAME),
          identity,
          onProblem,
          lease: { namespace: options.election.namespace ?? own, name: leaseName(namespaces, selector) },
          ready: warm.promise,
          signal: candidacy.signal,
        });
  const isLeading = (): boolean => !work.signal.aborted && (leader?.isLeading() ?? true);
  const busy = createTransport({ ...way, mostConnections: MOST_CONNECTIONS, mayWrite: isLeading });
  const kube = fenced(createKube(busy, NAME), isLeading);
  metrics.leading(leaseName(namespaces, selector), isLeading);
  const informers: Informer[] = [];
  const controllers: Controller[] = [];
  const followed: (() => readonly FollowedRepository[])[] = [];
  const runtime: Runtime = {
    kube,
    events: countedEvents({ kube, instance: identity, onProblem, signal: work.signal }, metrics),
    log,
    metrics,
    ownNamespace: own,
    namespaces,
    selector,
    signal: work.signal,
    isLeading,
    informer: (wanted) => {
      const informer = createInformer({ namespaces, ...wanted }, { transport: lasting, onProblem: seldom(onProblem) });
      metrics.watches(wanted.type.kind, () => informer.stats());
      informers.push(informer);
      return informer;
    },
    controller: (reconciler, workers = options.concurrency) => {
      const controller = createController({ reconciler, workers, log, metrics, signal: work.signal });
      controllers.push(controller);
      return controller;
    },
    followed: (repositories) => void followed.push(repositories),
  };
  const repositories = (): readonly FollowedRepository[] => followed.flatMap((each) => each());
  const ends = {
    becomeCandidate: warm.resolve,
    close: async () => void (await Promise.all([lasting.close(), busy.close()])),
  };
  return { runtime, informers, controllers, repositories, leader, work, candidacy, ...ends };
}

function countedEvents(
  setup: Omit<Parameters<typeof createEventRecorder>[0], "controller">,
  metrics: Metrics,
): EventRecorder {
  const recorder = createEventRecorder({ ...setup, controller: `llmstack.ai/${NAME}` });
  return {
    ...recorder,
    record: (event) => {
      const { type, reason, regarding } = event;
      metrics.recorded({ kind: regarding.kind, type, reason });
      recorder.record(event);
    },
  };
}

async function live(options: OperatorOptions, operator: Operator, servers: Closable[]): Promise<number> {
  const { log, stop } = options;
  const { informers, controllers, leader, becomeCandidate } = operator;
  for (const informer of informers) informer.start();
  const lost = leader === undefined ? [] : [leader.lost().then((reason) => endAllWork(reason, log, operator))];
  const stopped = aborted(stop).then(() => "stopped" as const);
  const synced = Promise.all(informers.map((informer) => informer.synced(stop))).then(becomeCandidate);
  const started = Promise.all([synced, leader?.elected()]).then(
    () => "started" as const,
    () => "stopped" as const,
  );
  if ((await Promise.race([started, stopped, ...lost])) === "started") {
    log.info(leader === undefined ? "started" : "started as the leader");
    for (const controller of controllers) controller.start();
    servers.push(...(await serveWebhooks(options, operator)));
  }
  if ((await Promise.race([stopped, ...lost])) === "lost") return 1;
  await shutDown(options, operator);
  return 0;
}

function endAllWork(reason: string, log: Log, { work }: Operator): "lost" {
  log.error("the lease is lost, so everything stops at once", { reason });
  work.abort(new DOMException(reason, "AbortError"));
  return "lost";
}

/** Lets what is under way end, and only then lets another replica begin. */
async function shutDown({ log, drainMs }: OperatorOptions, operator: Operator): Promise<void> {
  log.info("stopping");
  const drained = Promise.all(operator.controllers.map((controller) => controller.drain())).then(() => "drained");
  if ((await Promise.race([drained, sleep(drainMs, "late", { ref: false })])) === "late") {
    log.warn("some work did not end in time and is cut off", { seconds: drainMs / 1000 });
    operator.work.abort(new DOMException("the operator is shutting down", "AbortError"));
    await Promise.race([drained, sleep(LAST_MOMENT_MS, undefined, { ref: false })]);
  }
  await Promise.race([operator.runtime.events.flush(), sleep(LAST_MOMENT_MS, undefined, { ref: false })]);
  await operator.leader?.release();
  operator.candidacy.abort(new DOMException("the operator has stopped", "AbortError"));
  log.info("stopped");
}

type Closable = Pick<Listening, "close">;

async function serve(options: OperatorOptions, operator: Operator): Promise<Closable[]> {
  const health = healthRoutes({ alive: aliveChecks(operator), ready: readyChecks(operator) });
  const metrics = metricsRoutes(operator.runtime.metrics.registry);
  const wanted = [
    { name: "health", routes: health, address: options.healthListen },
    { name: "metrics", routes: metrics, address: options.metricsListen },
  ];
  const servers: Closable[] = [];
  for (const { name, routes, address } of wanted) {
    if (address === undefined) continue;
    const server = await listen(routes, address);
    servers.push(server);
    options.log.info("listening", { what: name, url: server.url });
  }
  return servers;
}

/** Opened by who leads alone: a replica that stands by follows nothing, and a hint to it would be lost. */
async function serveWebhooks(
  { webhooks, log }: OperatorOptions,
  { repositories }: Operator,
): Promise<readonly Closable[]> {
  if (webhooks === undefined) return [];
  const { listen: address, secrets } = webhooks;
  const sources = (): readonly HookSource[] =>
    repositories().map((repository) => ({
      name: repository.name,
      url: repository.url,
      secrets,
      wake: () => repository.wake(),
    }));
  const listening = await listenForWebhooks(createReceiver({ sources, now: () => Date.now() }), address);
  log.info("listening", { what: "webhooks", url: `http://${listening.address}` });
  return [listening];
}

function aliveChecks({ informers, controllers, leader }: Operator): readonly Check[] {
  const quiet = (at: number): string | undefined => {
    const ms = performance.now() - at;
    return ms > LONGEST_QUIET_MS ? `nothing was heard or tried for ${Math.round(ms / 1000)} s` : undefined;
  };
  return [
    ...informers.map((informer) => ({
      name: `watch ${typeLabel(informer.type)}`,
      problem: () => quiet(informer.progressAt()),
    })),
    ...controllers.map((controller) => ({
      name: `controller ${controller.name}`,
      problem: () => (controller.isStuck() ? "a reconcile does not end" : undefined),
    })),
    ...(leader === undefined ? [] : [{ name: "lease", problem: () => quiet(leader.triedAt()) }]),
  ];
}

function readyChecks({ informers, leader }: Operator): readonly Check[] {
  return [
    ...informers.map((informer) => ({
      name: `cache ${typeLabel(informer.type)}`,
      problem: () => (informer.hasSynced() ? undefined : "not listed yet"),
    })),
    // A replica that stands by with warm caches is ready too: it takes over at once.
    {
      name: "lease",
      problem: () => (leader === undefined || leader.holder() !== "" ? undefined : "nobody holds it yet"),
    },
  ];
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
}
