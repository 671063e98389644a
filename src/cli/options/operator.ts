import { webhookListen, webhookSecretFile } from "./follow.ts";
import { badValue, parsedFlag, switchFlag, textFlag } from "./flag.ts";
import { parseDuration, parseListen, parsePositiveInteger } from "./parsers.ts";

const group = "Options";

export const kubeconfig = textFlag({
  syntax: "--kubeconfig <file>",
  help: "which cluster, as whom; else the pod's service account, else KUBECONFIG",
  group,
});

export const namespaces = parsedFlag({
  syntax: "--namespaces <list>",
  help: "watch these namespaces only, separated by commas",
  group,
  defaultText: "all",
  parse: parseNamespaces,
});

export const selector = textFlag({
  syntax: "--selector <labels>",
  help: "look after the resources with these labels only; operators with other shares stand beside it",
  group,
});

export const concurrency = parsedFlag({
  syntax: "--concurrency <n>",
  help: "resources reconciled at once; a Server's own limit counts for its requests",
  group,
  defaultText: "200",
  parse: parsePositiveInteger,
});

export const metricsListen = parsedFlag({
  syntax: "--metrics-listen <host:port>",
  help: "where /metrics is served",
  group,
  defaultText: "nowhere",
  parse: parseListen,
});

export const healthListen = parsedFlag({
  syntax: "--health-listen <host:port>",
  help: "where /healthz and /readyz are served",
  group,
  defaultText: "nowhere",
  parse: parseListen,
});

export const leaderElect = switchFlag({
  syntax: "--leader-elect",
  help: "work only while holding the lease (the default)",
  group,
});

const noLeaderElect = switchFlag({
  syntax: "--no-leader-elect",
  help: "work without a lease: there must be no other replica",
  group,
});

export const leaseNamespace = parsedFlag({
  syntax: "--lease-namespace <name>",
  help: "where the lease is kept",
  group,
  defaultText: "its own",
  parse: parseNamespace,
});

export const drainTimeout = parsedFlag({
  syntax: "--drain-timeout <duration>",
  help: "how long work under way may take after a signal",
  group,
  defaultText: "25s",
  parse: parseDuration,
});

export const operatorFlags = [
  kubeconfig,
  namespaces,
  selector,
  concurrency,
  metricsListen,
  healthListen,
  leaderElect,
  noLeaderElect,
  leaseNamespace,
  drainTimeout,
  webhookListen,
  webhookSecretFile,
] as const;

function parseNamespaces(text: string): readonly string[] {
  return text.split(",").map((name) => parseNamespace(name.trim()));
}

function parseNamespace(text: string): string {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/u.test(text)) throw badValue(text, "the name of a namespace");
  return text;
}
