import pLimit from "p-limit";
import { connect, type Connection } from "../../client/connect.ts";
import type { Answered } from "../../client/observed.ts";
import type { Client } from "../../client/client.ts";
import { kinds } from "../../kinds/index.ts";
import type { Kube } from "../../kube/kube.ts";
import { type KubeObject, namespaceOf } from "../../kube/kube-object.ts";
import { CONFIG_MAP, SECRET } from "../../kube/resource-type.ts";
import { SyncError } from "../../model/errors.ts";
import { isObject, own } from "../../model/json.ts";
import type { Binding } from "../status/facts.ts";
import { guardedClient } from "./guarded-client.ts";
import { serverLabel } from "./server-metrics.ts";
import { type KeyRef, type ServerSpec, serverSpecOf } from "./server-spec.ts";
import { type SharedLists, sharedLists } from "./shared-lists.ts";

/** A server that answers, and everything that is shared by those who speak with it. */
export interface ServerConnection {
  readonly binding: Binding;
  /** As metrics name it. */
  readonly label: string;
  readonly spec: ServerSpec;
  readonly client: Client;
  readonly lists: SharedLists;
  /** Equal where nothing about the way to the server has changed. */
  readonly fingerprint: string;
}

interface OpenSetup {
  readonly kube: Pick<Kube, "get">;
  readonly isLeading: () => boolean;
  /** Of a ClusterServer's references, which must be in here. */
  readonly ownNamespace: string;
  readonly onAnswer?: (answered: Answered) => void;
}

/** How long a request of the operator is repeated: longer troubles are for the queue. */
const RETRY_BUDGET_MS = 5_000;

/**
 * Reads the token and finds out what the server is. Throws SyncError: `not_found` where a Secret or key is missing,
 * `auth`, `unreachable`, `unsupported_server`, `usage`; its message names no value.
 */
export async function openConnection(
  server: KubeObject,
  { kube, isLeading, ownNamespace, onAnswer }: OpenSetup,
  signal: AbortSignal,
): Promise<ServerConnection> {
  const spec = serverSpecOf(server);
  if (spec === undefined) throw new SyncError("invalid_manifest", "spec.url or spec.tokenSecretRef is missing.");
  const namespace = server.kind === "ClusterServer" ? ownNamespace : namespaceOf(server);
  const [token, ca] = await Promise.all([
    readKey(kube, spec.token, namespace, signal),
    spec.ca === undefined ? undefined : readKey(kube, spec.ca, namespace, signal),
  ]);
  const { url, parallelism } = spec;
  const way = { ...wayOf(spec, token, ca), mayWrite: isLeading, ...(onAnswer !== undefined && { onAnswer }) };
  const client = await connect(way, signal);
  const { account } = client.server;
  const guarded = guardedClient(client, { limit: pLimit(parallelism), isLeading });
  const lists = sharedLists(guarded);
  if (account === undefined) await proveItself(lists, signal);
  const { kind, metadata } = server;
  return {
    label: serverLabel(namespaceOf(server), metadata.name),
    binding: { kind, name: metadata.name, uid: metadata.uid, url, ...(account !== undefined && { account }) },
    spec,
    client: guarded,
    lists,
    fingerprint: JSON.stringify([spec, token.version, ca?.version ?? "", client.server.dialect, account ?? ""]),
  };
}

function wayOf(
  { url, timeoutMs, dialect, hostHeader }: ServerSpec,
  token: ReadKey,
  ca: ReadKey | undefined,
): Omit<Connection, "onAnswer"> {
  return {
    url,
    token: token.text,
    timeoutMs,
    retryBudgetMs: RETRY_BUDGET_MS,
    ...(dialect !== undefined && { dialect }),
    ...(hostHeader !== undefined && { hostHeader }),
    ...(ca !== undefined && { ca: ca.text }),
  };
}

/**
 * A web server that has no such page looks like the documented API: only a list shows that there is an LLMStack, and
 * that it takes the token. There are fewest datasources, and whoever looks next shares their list.
 */
async function proveItself(lists: SharedLists, signal: AbortSignal): Promise<void> {
  const datasources = kinds.find(({ hasEntries }) => hasEntries);
  if (datasources !== undefined) await lists.view("recent").client.list(datasources, signal);
}

interface ReadKey {
  readonly text: string;
  readonly version: string;
}

async function readKey(kube: Pick<Kube, "get">, ref: KeyRef, namespace: string, signal: AbortSignal): Promise<ReadKey> {
  const { kind, name, key } = ref;
  if (ref.namespace !== undefined && ref.namespace !== namespace) {
    throw new SyncError(
      "invalid_manifest",
      `The ${kind} ${name} must be in ${namespace}, the operator's own namespace.`,
    );
  }
  const object = await kube.get(kind === "Secret" ? SECRET : CONFIG_MAP, { namespace, name }, signal);
  if (object === undefined) throw missing(`There is no ${kind} ${name} in ${namespace}.`);
  const data = object["data"];
  const value = isObject(data) ? own(data, key) : undefined;
  if (typeof value !== "string" || value === "") throw missing(`The ${kind} ${name} has no key ${key}.`);
  const text = kind === "Secret" ? Buffer.from(value, "base64").toString("utf8") : value;
  return { text, version: object.metadata.resourceVersion };
}

function missing(message: string): SyncError {
  return new SyncError("not_found", message, { remedy: "Make it; the server follows by itself.", isRetryable: true });
}
