import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { freePorts } from "../free-ports.ts";
import { type AskApi, askApi } from "./api-request.ts";
import { type ApiServer, startApiServer } from "./api-server.ts";
import { type AuditEvent, readAuditLog } from "./audit-log.ts";
import { type Child, startChild } from "./child.ts";
import { type KubeUser, writeKubeconfig } from "./credentials.ts";
import { kubectl, type KubectlSetup } from "./kubectl.ts";
import { kubeProgram } from "./programs.ts";

export interface ControlPlaneOptions {
  /** `crds` installs crds/ and waits until they can be listed. `controllers` ends namespaces and collects garbage. */
  readonly with?: readonly ("crds" | "controllers")[];
  /**
   * More flags of kube-apiserver, such as --min-request-timeout=5 (watches end after 5 to 10 s), --etcd-compaction-interval=10s (410 for who is late),
   * --max-mutating-requests-inflight=2 (429), --feature-gates=WatchList=false.
   */
  readonly apiServerFlags?: readonly string[];
}

export interface ControlPlane {
  readonly url: string;
  readonly caFile: string;
  /** Files for --kubeconfig. `operator` has no rights until roles are bound to OPERATOR_ACCOUNT, as deploy/ does. */
  readonly kubeconfigs: Readonly<Record<KubeUser, string>>;
  readonly apiServer: ApiServer;
  /** Removed with everything in it by stop(). */
  readonly folder: string;
  /** Runs kubectl, as admin unless said; answers its stdout, or throws with what it said. */
  kubectl(args: readonly string[], options?: { readonly user?: KubeUser; readonly input?: string }): Promise<string>;
  /** One request to the API server itself, such as `ask("/version")`; as admin unless said. */
  readonly ask: AskApi;
  /** Applies documents (as admin, server-side). */
  apply(...documents: readonly object[]): Promise<void>;
  applyCrds(): Promise<void>;
  auditLog(): Promise<readonly AuditEvent[]>;
  stop(): Promise<void>;
}

/**
 * A real Kubernetes API for one test file: etcd and kube-apiserver on free ports of 127.0.0.1, about 3 s to start.
 * Start it in beforeAll, stop it in afterAll, and give each test a namespace of its own. There are no nodes, and no controllers unless asked for.
 *
 *     const plane = await startControlPlane({ with: ["crds"] });
 *     await plane.kubectl(["apply", "-f", "examples/portable"]);
 *     startCli(["operator", "--kubeconfig", plane.kubeconfigs.admin], { cwd });
 *     await plane.kubectl(["wait", "--for=condition=Ready", "apps.llmstack.ai", "--all", "--timeout=60s"]);
 *     const writes = (await plane.auditLog()).filter(isWrite);
 *     await plane.apiServer.kill(); await plane.apiServer.restart(); plane.apiServer.pause();
 *     await plane.stop();
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const folder = await mkdtemp(join(tmpdir(), "llmstack-sync-kube-"));
  const started: { end(signal: NodeJS.Signals): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const child of started.toReversed()) await child.end("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const [clients = 0, peers = 0, port = 0] = await freePorts(3);
    const etcdUrl = `http://127.0.0.1:${clients}`;
    started.push(await startEtcd(folder, etcdUrl, `http://127.0.0.1:${peers}`));
    const flags = options.apiServerFlags ?? [];
    const apiServer = await startApiServer({ folder, port, etcdUrl, flags });
    started.push({ end: async () => apiServer.stop() });
    const plane = await describePlane(folder, apiServer, stop);
    if (options.with?.includes("controllers") === true) started.push(await startControllers(plane));
    if (options.with?.includes("crds") === true) await plane.applyCrds();
    return plane;
  } catch (error) {
    await stop();
    throw error;
  }
}

async function describePlane(folder: string, apiServer: ApiServer, stop: () => Promise<void>): Promise<ControlPlane> {
  const kubeconfigs = {
    admin: await writeKubeconfig(folder, "admin", apiServer),
    operator: await writeKubeconfig(folder, "operator", apiServer),
  };
  const runKubectl: ControlPlane["kubectl"] = async (args, { user = "admin", ...more } = {}) =>
    kubectl(args, { kubeconfig: kubeconfigs[user], ...more });
  return {
    url: apiServer.url,
    caFile: apiServer.caFile,
    kubeconfigs,
    apiServer,
    folder,
    kubectl: runKubectl,
    ask: askApi(apiServer.url, apiServer.caFile),
    apply: async (...documents) => {
      const input = JSON.stringify({ apiVersion: "v1", kind: "List", items: documents });
      await runKubectl(["apply", "--server-side", "--force-conflicts", "-f", "-"], { input });
    },
    applyCrds: async () => applyCrds({ kubeconfig: kubeconfigs.admin }),
    auditLog: async () => readAuditLog(apiServer.auditFile),
    stop,
  };
}

async function startEtcd(folder: string, clients: string, peers: string): Promise<Child> {
  const etcd = startChild(await kubeProgram("etcd"), [
    `--data-dir=${join(folder, "etcd")}`,
    `--listen-client-urls=${clients}`,
    `--advertise-client-urls=${clients}`,
    `--listen-peer-urls=${peers}`,
    "--unsafe-no-fsync=true",
  ]);
  const isHealthy = async (): Promise<boolean> => (await fetch(`${clients}/health`)).ok;
  await etcd.until(async () => isHealthy().catch(() => false));
  return etcd;
}

/** Those that end namespaces and delete what a deleted owner leaves behind. */
async function startControllers(plane: ControlPlane): Promise<Child> {
  const { kubeconfigs, folder } = plane;
  const controllers = startChild(await kubeProgram("kube-controller-manager"), [
    `--kubeconfig=${kubeconfigs.admin}`,
    "--controllers=namespace-controller,garbage-collector-controller,serviceaccount-controller",
    "--leader-elect=false",
    "--bind-address=127.0.0.1",
    "--secure-port=0",
    `--cert-dir=${join(folder, "controllers")}`,
  ]);
  // The account that it gives to every namespace is the first thing that is seen of it.
  await controllers.until(async () =>
    plane.kubectl(["get", "serviceaccount", "default", "--namespace=default"]).then(
      () => true,
      () => false,
    ),
  );
  return controllers;
}

/** Established is not enough: the API server takes a moment longer until it lists a new kind. */
async function applyCrds(setup: KubectlSetup): Promise<void> {
  const names = await readdir(CRDS);
  await kubectl(["apply", "--server-side", "-f", CRDS], setup);
  await kubectl(["wait", "--for=condition=Established", "--timeout=60s", "crd", "--all"], setup);
  for (const name of names) {
    const kind = name.replace(/\.yaml$/u, "");
    const isListed = async (): Promise<boolean> =>
      kubectl(["get", kind, "--all-namespaces"], setup).then(
        () => true,
        () => false,
      );
    while (!(await isListed())) await setTimeout(50);
  }
}

const CRDS = new URL("../../../crds", import.meta.url).pathname;
