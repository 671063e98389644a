import { SyncError } from "../../../src/model/errors.ts";
import { CONFIG_MAP } from "../../../src/kube/resource-type.ts";
import type { ReconcileContext, ReconcileRequest } from "../../../src/operator/controller.ts";
import { createLog } from "../../../src/operator/log.ts";
import { runOperator } from "../../../src/operator/run-operator.ts";
import type { Runtime } from "../../../src/operator/runtime.ts";

/**
 * The smallest operator there is, as a process: for every ConfigMap with the label `write=yes` it asks the address
 * given for a write, as often as `data.times` says, and looks at the fence before each.
 *
 *     node test-operator.ts KUBECONFIG ADDRESS [alone]
 */
const [file = "", address = "", alone] = process.argv.slice(2);
const stop = new AbortController();
process.on("SIGTERM", () => stop.abort(new DOMException("stopped by SIGTERM", "AbortError")));

function setUp(runtime: Runtime): void {
  const maps = runtime.informer({ type: CONFIG_MAP, content: "whole", labelSelector: "write=yes" });
  const reconcile = async ({ namespace, name }: ReconcileRequest, { signal, log }: ReconcileContext): Promise<Next> => {
    const map = maps.get(namespace, name);
    const data = (map?.["data"] ?? {}) as Readonly<Record<string, string>>;
    for (let count = 0; count < Number(data["times"] ?? 0); count += 1) {
      if (!runtime.isLeading()) throw new SyncError("lock_held", "this is not the leader");
      await fetch(`${address}/write?name=${name}&by=${process.pid}`, { method: "POST", signal });
    }
    log.info("written", { times: data["times"] });
    return { next: "done" };
  };
  const controller = runtime.controller({ name: "writer", reconcile });
  controller.follow(maps);
}

type Next = { readonly next: "done" };

process.exit(
  await runOperator(
    {
      cluster: { file, env: {} },
      namespaces: ["default"],
      ...(alone === undefined && { election: {} }),
      healthListen: { host: "127.0.0.1", port: 0 },
      metricsListen: { host: "127.0.0.1", port: 0 },
      concurrency: 4,
      drainMs: 25_000,
      log: createLog({ format: "json", level: "info", write: (text) => void process.stderr.write(text) }),
      stop: stop.signal,
    },
    setUp,
  ),
);
