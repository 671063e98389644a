import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { Answered } from "../../client/observed.ts";
import { type KubeObject, namespaceOf } from "../../kube/kube-object.ts";
import { routeOf } from "./route-of.ts";

/** What is measured of LLMStack servers. Series of a server that is gone are gone at the next scrape. */
export interface ServerMetrics {
  answered(server: KubeObject, answered: Answered): void;
  /** A resource of the kind was found, or made, as it is to be. `server` as `serverLabel` gives it. */
  synced(kind: string, server: string): void;
}

/** `shop/default` for a Server, the bare name for a ClusterServer: what stands in the label `server` of every metric. */
export function serverLabel(namespace: string, name: string): string {
  return namespace === "" ? name : `${namespace}/${name}`;
}

const SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** `present` are the servers of the cluster at the moment. */
export function serverMetrics(registry: Registry, present: () => readonly KubeObject[]): ServerMetrics {
  const isPresent = (): ((server: string) => boolean) => {
    const labels = new Set(present().map(labelOf));
    return (server) => labels.has(server);
  };
  const registers = [registry];
  const totals = series(isPresent);
  const total = new Counter({
    name: "llmstack_sync_server_requests_total",
    help: "Requests to LLMStack servers by answer, retries and redirects included.",
    labelNames: ["server", "method", "route", "code"],
    registers,
    collect: () => totals.forget((labels) => total.remove(labels)),
  });
  const durations = series(isPresent);
  const duration = new Histogram({
    name: "llmstack_sync_server_request_duration_seconds",
    help: "Time to a server's answer.",
    labelNames: ["server", "method"],
    buckets: SECONDS,
    registers,
    collect: () => durations.forget((labels) => duration.remove(labels)),
  });
  const syncs = series(isPresent);
  const synced = new Gauge({
    name: "llmstack_sync_last_successful_sync_timestamp_seconds",
    help: "When a resource of the kind was last found, or made, as it is to be.",
    labelNames: ["kind", "server"],
    registers,
    collect: () => syncs.forget((labels) => synced.remove(labels)),
  });
  return {
    answered: (object, { method, path, status, seconds }) => {
      const server = labelOf(object);
      const code = status === 0 ? "<error>" : String(status);
      total.inc(totals.keep({ server, method, route: routeOf(path), code }));
      duration.observe(durations.keep({ server, method }), seconds);
    },
    synced: (kind, server) => synced.setToCurrentTime(syncs.keep({ kind, server })),
  };
}

function labelOf(server: KubeObject): string {
  return serverLabel(namespaceOf(server), server.metadata.name);
}

type Labels = Readonly<Record<string, string>> & { readonly server: string };

interface Series {
  keep<L extends Labels>(labels: L): L;
  /** Drops what belongs to servers that are not there any more. */
  forget(remove: (labels: Labels) => void): void;
}

/** The sets of labels that a metric has values for: the library removes a series by all of its labels only. */
function series(isPresent: () => (server: string) => boolean): Series {
  const known = new Map<string, Labels>();
  return {
    keep: (labels) => {
      known.set(JSON.stringify(labels), labels);
      return labels;
    },
    forget: (remove) => {
      const isThere = isPresent();
      for (const [key, labels] of known) {
        if (isThere(labels.server)) continue;
        known.delete(key);
        remove(labels);
      }
    },
  };
}
