import { join } from "node:path";
import { type CliProcess, startCli } from "./cli-process.ts";
import { type ApiProxy, apiProxy } from "./kube/api-proxy.ts";
import type { ControlPlane } from "./kube/control-plane.ts";
import { KillGate } from "./kill-gate.ts";

/** An operator that is made to be killed. Its writes to the Kubernetes API pass a gate, events aside. */
export interface MortalOperator {
  readonly gate: KillGate;
  /** Starts it where it does not watch `namespace` yet; then it watches `next` too. Resolves when its caches are filled. */
  watch(namespace: string, next: string): Promise<void>;
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** Nobody reads them back, and they are sent behind what they tell of. */
const EVENTS = /^\/apis\/events\.k8s\.io\//u;

export async function mortalOperator(plane: ControlPlane): Promise<MortalOperator> {
  let running: { readonly process: CliProcess; readonly namespaces: readonly string[] } | undefined;
  const kill = async (): Promise<void> => {
    const { process } = running ?? {};
    running = undefined;
    process?.child.kill("SIGKILL");
    await process?.ended;
  };
  const gate = new KillGate(kill);
  const proxy: ApiProxy = await apiProxy(plane, ({ method, path }, handle) =>
    EVENTS.test(path) ? handle() : gate.pass(`${method} ${path.replace(/^.*\/namespaces\/[^/]+\//u, "")}`, handle),
  );
  return {
    gate,
    kill,
    watch: async (namespace, next) => {
      if (running?.namespaces.includes(namespace)) return;
      await kill();
      const namespaces = [namespace, next];
      const flags = ["--kubeconfig", proxy.kubeconfig, "--no-leader-elect", "--namespaces", namespaces.join(",")];
      running = { process: startCli(["operator", ...flags], setupIn(plane)), namespaces };
      await running.process.until(/"started/u);
    },
    close: async () => {
      await kill();
      await proxy.close();
    },
  };
}

/** Keeps what starts compute alike: one that ends by itself leaves its compiled code to those that are killed. */
export async function compileOnce(plane: ControlPlane): Promise<void> {
  await startCli(["operator"], setupIn(plane)).ended;
}

function setupIn({ folder }: ControlPlane): Parameters<typeof startCli>[1] {
  return { cwd: folder, env: { NODE_COMPILE_CACHE: join(folder, "compiled") } };
}
