import { resolve } from "node:path";
import { createLog } from "../../operator/log.ts";
import { runOperator } from "../../operator/run-operator.ts";
import { setUp } from "../../operator/set-up.ts";
import type { Invocation } from "../command-row.ts";
import { webhooksAsked } from "../follow/webhooks.ts";
import { given } from "../given.ts";
import * as options from "../options/operator.ts";
import { logFormat } from "../options/output.ts";

const CONCURRENCY = 200;
const DRAIN_MS = 25_000;

/** Reconciles until it is stopped, which is its ordinary end: exit 0; 1 when it lost the lease. */
export async function run({ flags, io, level }: Invocation): Promise<number> {
  const file = flags.get(options.kubeconfig);
  const format = flags.get(logFormat) ?? io.env["LLMSTACK_LOG_FORMAT"];
  const log = createLog({
    format: format === "text" ? "text" : "json",
    level: level === "quiet" ? "error" : level === "verbose" ? "debug" : "info",
    write: (text) => io.stderr.write(text),
  });
  const isElected = flags.get(options.leaderElect) ?? true;
  return runOperator(
    {
      cluster: { ...given("file", file === undefined ? undefined : resolve(io.cwd, file)), env: io.env },
      namespaces: flags.get(options.namespaces) ?? [],
      ...given("selector", flags.get(options.selector)),
      ...(isElected && { election: given("namespace", flags.get(options.leaseNamespace)) }),
      ...given("metricsListen", flags.get(options.metricsListen)),
      ...given("healthListen", flags.get(options.healthListen)),
      ...given("webhooks", await webhooksAsked({ flags, io })),
      concurrency: flags.get(options.concurrency) ?? CONCURRENCY,
      drainMs: flags.get(options.drainTimeout) ?? DRAIN_MS,
      log,
      stop: io.stop,
    },
    setUp,
  );
}
