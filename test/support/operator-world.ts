import { setTimeout } from "node:timers/promises";
import { loadKubeConfig } from "../../src/kube/kube-config.ts";
import { createKube, type Kube } from "../../src/kube/kube.ts";
import type { KubeObject } from "../../src/kube/kube-object.ts";
import { CONFIG_MAP, EVENT, NAMESPACE, type ResourceType, SECRET } from "../../src/kube/resource-type.ts";
import { createTransport } from "../../src/kube/transport.ts";
import { isObject, type JsonObject } from "../../src/model/json.ts";
import { GIT_SYNC } from "../../src/operator/git-syncs/git-sync-type.ts";
import { CLUSTER_SERVER, resourceTypes, SERVER } from "../../src/operator/resources/resource-kinds.ts";
import type { ReferenceServer } from "../../src/server/create-server.ts";
import type { JournalEntry } from "../../src/server/journal.ts";
import { type CliProcess, startCli } from "./cli-process.ts";
import { type HookedServer, startHookedServer } from "./hooked-server.ts";
import { type ControlPlane, startControlPlane } from "./kube/control-plane.ts";
import { proveRole } from "./kube/role-proof.ts";
import { TOKEN } from "./server-requests.ts";

/** A real API server, an LLMStack server, and operators between them. One for a test file; a namespace a test. */
export interface OperatorWorld {
  readonly plane: ControlPlane;
  readonly kube: Kube;
  readonly llmstack: ReferenceServer;
  readonly llmstackUrl: string;
  /** Stands between the LLMStack server and whoever asks it. */
  intercept(hook: Parameters<HookedServer["intercept"]>[0]): void;
  /** Resolves when it has started to work. It has no lease, which a slow machine could lose. */
  startOperator(...flags: readonly string[]): Promise<CliProcess>;
  /** At once: it may stand by, or wait for the API server. It lives no longer than the world. */
  launchOperator(kubeconfig: string, ...flags: readonly string[]): CliProcess;
  /** Makes a namespace with the Secret `llmstack` and, unless told, the Server `default` in it. */
  namespace(name: string, ...documents: readonly JsonObject[]): Promise<Namespace>;
  /** What is on the LLMStack server, as its API lists it. */
  onServer(collection: string): Promise<readonly JsonObject[]>;
  /** Requests that changed something there, so far. */
  writes(): readonly JournalEntry[];
  close(): Promise<void>;
}

/** The objects of one namespace. `what` is `App/bot`. */
export interface Namespace {
  readonly name: string;
  /** Makes it, or replaces its spec or data. */
  apply(...documents: readonly JsonObject[]): Promise<void>;
  get(what: string): Promise<Seen | undefined>;
  /** Until it is so; the test's own limit ends what never becomes so. */
  until(what: string, isSo: (seen: Seen) => boolean): Promise<Seen>;
  annotate(what: string, name: string, value: string): Promise<void>;
  delete(...what: readonly string[]): Promise<void>;
  gone(what: string): Promise<void>;
  /** Reasons and notes of the events about an object, oldest first. */
  events(name: string): Promise<readonly string[]>;
  /** The first of them with these words, as soon as it is there: events are told behind what they are about. */
  heard(name: string, words: string): Promise<string>;
}

/** An object of the cluster, as a test looks at it. */
export interface Seen {
  readonly object: KubeObject;
  /** Of the live object; empty while there is none. */
  readonly uuid: string;
  readonly status: JsonObject;
  readonly condition: (type: string) => { readonly status: string; readonly reason: string; readonly message: string };
}

const NEVER = new AbortController().signal;
const SHIPPED = new URL("../../deploy/kustomize/cluster-wide", import.meta.url).pathname;

export async function startOperatorWorld(
  options: Parameters<typeof startHookedServer>[0] = { dialect: "doc" },
): Promise<OperatorWorld> {
  const plane = await startControlPlane({ with: ["crds", "controllers"] });
  // The account and the rights that are shipped, and no others.
  await plane.kubectl(["apply", "-k", SHIPPED]);
  const loadConfig = (): ReturnType<typeof loadKubeConfig> =>
    loadKubeConfig({ file: plane.kubeconfigs.admin, env: {} });
  const transport = createTransport({ loadConfig, userAgent: "test" });
  const kube = createKube(transport, "test");
  const llmstack = await startHookedServer(options);
  const operators: CliProcess[] = [];
  const launchOperator: OperatorWorld["launchOperator"] = (kubeconfig, ...flags) => {
    const operator = startCli(["operator", "--kubeconfig", kubeconfig, ...flags], { cwd: plane.folder });
    operators.push(operator);
    return operator;
  };
  return {
    plane,
    kube,
    llmstack: llmstack.server,
    llmstackUrl: llmstack.url,
    intercept: (hook) => llmstack.intercept(hook),
    launchOperator,
    startOperator: async (...flags) => {
      const operator = launchOperator(plane.kubeconfigs.operator, "--no-leader-elect", ...flags);
      await operator.until(/"started|started as/u);
      return operator;
    },
    namespace: async (name, ...documents) => {
      await kube.create(NAMESPACE, { apiVersion: "v1", kind: "Namespace", metadata: { name } }, NEVER);
      const namespace = namespaceOf(kube, name);
      await namespace.apply(secretDocument("llmstack", { token: TOKEN }));
      await namespace.apply(...(documents.length === 0 ? [serverDocument(llmstack.url)] : documents));
      return namespace;
    },
    onServer: (collection) => llmstack.list(collection),
    writes: () => llmstack.writes(),
    close: async () => {
      for (const { child, ended } of operators) {
        child.kill("SIGKILL");
        await ended;
      }
      await llmstack.close();
      await transport.close();
      const { missing } = proveRole(await plane.auditLog());
      await plane.stop();
      if (missing.length > 0) throw new Error(`the shipped role does not allow: ${missing.join(", ")}`);
    },
  };
}

export function serverDocument(url: string, spec: JsonObject = {}, name = "default"): JsonObject {
  return document("Server", name, { url, tokenSecretRef: { name: "llmstack", key: "token" }, ...spec });
}

export function secretDocument(name: string, stringData: JsonObject): JsonObject {
  return { apiVersion: "v1", kind: "Secret", metadata: { name }, stringData };
}

/** An app of one greeting, and whatever else its config and spec say. */
export function appDocument(name: string, config: JsonObject = {}, spec: JsonObject = {}): JsonObject {
  const definition = { name, type_slug: "web", config: { welcome_message: "Hello", ...config } };
  return document("App", name, { definition, ...spec });
}

/** A datasource of texts, one an entry. */
export function textsDocument(name: string, entries: readonly JsonObject[], spec: JsonObject = {}): JsonObject {
  return document("Datasource", name, { name, type: "text", entries, ...spec });
}

function document(kind: string, name: string, spec: JsonObject): JsonObject {
  return { apiVersion: "llmstack.ai/v1alpha1", kind, metadata: { name }, spec };
}

const TYPES: readonly ResourceType[] = [...resourceTypes, SERVER, CLUSTER_SERVER, GIT_SYNC, SECRET, CONFIG_MAP];

function typeOf(kind: string): ResourceType {
  const type = TYPES.find((candidate) => candidate.kind === kind);
  if (type === undefined) throw new Error(`no type for ${kind}`);
  return type;
}

function namespaceOf(kube: Kube, name: string): Namespace {
  const find = async (what: string): Promise<readonly [ResourceType, KubeObject | undefined]> => {
    const [kind = "", of = ""] = what.split("/");
    return [typeOf(kind), await kube.get(typeOf(kind), { namespace: name, name: of }, NEVER)];
  };
  const get = async (what: string): Promise<Seen | undefined> => {
    const [, object] = await find(what);
    return object === undefined ? undefined : seenOf(object);
  };
  const events: Namespace["events"] = async (of) => {
    const all = await kube.list(EVENT, { namespace: name }, NEVER);
    return all
      .filter(({ regarding }) => isObject(regarding) && regarding["name"] === of)
      .toSorted((a, b) => (text(a["eventTime"]) < text(b["eventTime"]) ? -1 : 1))
      .map(({ reason, note }) => `${text(reason)}: ${text(note)}`);
  };
  return {
    name,
    get,
    events,
    heard: async (of, words) => {
      for (;;) {
        const heard = (await events(of)).find((event) => event.includes(words));
        if (heard !== undefined) return heard;
        await setTimeout(50);
      }
    },
    apply: async (...documents) => {
      for (const one of documents) await applyOne(kube, name, one);
    },
    until: async (what, isSo) => {
      for (;;) {
        const seen = await get(what);
        if (seen !== undefined && isSo(seen)) return seen;
        await setTimeout(50);
      }
    },
    annotate: async (what, annotation, value) => {
      const [type, object] = await find(what);
      const before = object?.metadata["annotations"];
      const annotations = { ...(isObject(before) && before), [annotation]: value };
      const ops = [{ op: "add", path: "/metadata/annotations", value: annotations }] as const;
      await kube.patchJson(type, { namespace: name, name: object?.metadata.name ?? "" }, ops, NEVER);
    },
    delete: async (...whats) => {
      for (const what of whats) {
        const [kind = "", of = ""] = what.split("/");
        await kube.delete(typeOf(kind), { namespace: name, name: of }, NEVER);
      }
    },
    gone: async (what) => {
      while ((await get(what)) !== undefined) await setTimeout(50);
    },
  };
}

async function applyOne(kube: Kube, namespace: string, one: JsonObject): Promise<void> {
  const { metadata } = one;
  const { kind } = one;
  const type = typeOf(text(kind));
  const object = { ...one, metadata: { ...(isObject(metadata) && metadata), namespace } };
  const name = isObject(metadata) ? text(metadata["name"]) : "";
  const before = await kube.get(type, { namespace, name }, NEVER);
  if (before === undefined) {
    await kube.create(type, object, NEVER);
    return;
  }
  const ops = Object.entries(one)
    .filter(([field]) => field === "spec" || field === "data" || field === "stringData")
    .map(([field, value]) => ({ op: "add" as const, path: `/${field}`, value }));
  await kube.patchJson(type, { namespace, name }, ops, NEVER);
}

function seenOf(object: KubeObject): Seen {
  const status = isObject(object["status"]) ? object["status"] : {};
  return {
    object,
    uuid: text(status["uuid"]),
    status,
    condition: (type) => {
      const { conditions } = status;
      const all: readonly unknown[] = Array.isArray(conditions) ? conditions : [];
      const found = all.find((condition) => isObject(condition) && condition["type"] === type);
      const of = isObject(found) ? found : {};
      return { status: text(of["status"]), reason: text(of["reason"]), message: text(of["message"]) };
    },
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Ready, and for what is asked for now. */
export function isReadyNow({ object, status, condition }: Seen): boolean {
  return condition("Ready").status === "True" && status["observedGeneration"] === object.metadata["generation"];
}

export function reasonIs(reason: string): (now: Seen) => boolean {
  return ({ condition }) => condition("Ready").reason === reason;
}
