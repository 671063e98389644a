import type { JsonObject } from "../../src/model/json.ts";

/** Other controllers measure under the same names. */
const OURS = 'job="llmstack-sync-metrics"';

function alert(name: string, expr: string, about: { readonly for: string; readonly says: string }): JsonObject {
  return {
    alert: `LLMStackSync${name}`,
    expr,
    for: about.for,
    labels: { severity: "warning" },
    annotations: { summary: about.says },
  };
}

/** Rules for Prometheus, as its operator and Prometheus itself read them. */
export const alertGroups: readonly JsonObject[] = [
  {
    name: "llmstack-sync",
    rules: [
      alert("NobodyLeads", `absent(leader_election_master_status{${OURS}} == 1)`, {
        for: "5m",
        says: "No replica holds the lease: nothing is reconciled.",
      }),
      alert("Failing", `sum by (controller) (increase(controller_runtime_reconcile_errors_total{${OURS}}[15m])) > 5`, {
        for: "15m",
        says: "Reconciles of {{ $labels.controller }} keep failing: kubectl get llmstack -A says which and why.",
      }),
      alert("Stalled", `sum by (kind, reason) (llmstack_sync_resource_info{${OURS}, stalled="True"}) > 0`, {
        for: "15m",
        says: "{{ $value }} of {{ $labels.kind }} wait for a change by people ({{ $labels.reason }}): kubectl get llmstack -A says which.",
      }),
      alert(
        "ServerFails",
        `sum by (server) (rate(llmstack_sync_server_requests_total{${OURS}, code=~"5..|<error>"}[10m])) / sum by (server) (rate(llmstack_sync_server_requests_total{${OURS}}[10m])) > 0.2`,
        { for: "10m", says: "More than a fifth of the requests to the LLMStack server {{ $labels.server }} fail or get no answer." },
      ),
      alert(
        "QueueSlow",
        `histogram_quantile(0.95, sum by (controller, le) (rate(workqueue_queue_duration_seconds_bucket{${OURS}}[5m]))) > 120`,
        { for: "15m", says: "Changes of {{ $labels.controller }} wait for more than two minutes before anyone looks." },
      ),
      alert("WatchSilent", `sum by (kind) (increase(llmstack_sync_watch_stalls_total{${OURS}}[15m])) > 3`, {
        for: "5m",
        says: "Watches of {{ $labels.kind }} fall silent again and again: look at the way to the API server.",
      }),
      alert("Bug", `sum by (controller) (increase(controller_runtime_reconcile_panics_total{${OURS}}[1h])) > 0`, {
        for: "0m",
        says: "A reconcile of {{ $labels.controller }} threw what nobody expected: its log has the trace.",
      }),
    ],
  },
];
