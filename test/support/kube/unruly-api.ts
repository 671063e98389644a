import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { onTestFinished } from "vitest";
import { type Asked, askedOf, json, type Misbehaviour, status } from "./asked.ts";
import type { KubeObject } from "../../../src/kube/kube-object.ts";
import { collectionPath, type ResourceType } from "../../../src/kube/resource-type.ts";
import { createTransport, type Transport } from "../../../src/kube/transport.ts";

interface Stored {
  readonly collection: string;
  readonly object: ApiObject;
}

export interface ApiObject {
  readonly metadata: {
    readonly namespace?: string;
    readonly name: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly [key: string]: unknown;
  };
  readonly [key: string]: unknown;
}

interface Happened {
  readonly version: number;
  readonly collection: string;
  readonly type: string;
  readonly object: ApiObject;
}

interface Watcher {
  readonly collection: string;
  readonly response: ServerResponse;
}

/**
 * A small API server over real HTTP that can be told to misbehave: pages, versions, watches from a version on, 410 for
 * versions it has forgotten, optimistic locking. It knows no schemas; the real one is for that.
 */
export class UnrulyApi {
  readonly seen: Asked[] = [];
  /** Opened so far. */
  connections = 0;
  url = "";
  #server: Server = createServer();
  #version = 1;
  #forgotten = 0;
  readonly #objects = new Map<string, Stored>();
  readonly #history: Happened[] = [];
  readonly #watchers = new Set<Watcher>();
  readonly #misbehaviours: { readonly verb: Asked["verb"]; left: number; readonly act: Misbehaviour }[] = [];
  readonly #waiting: (() => void)[] = [];

  async listen(port = 0): Promise<void> {
    this.#server = createServer((incoming, response) => this.#answer(incoming, response));
    this.#server.on("connection", () => (this.connections += 1));
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.listen(port, "127.0.0.1", resolve);
    await promise;
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    this.#server.closeAllConnections();
    this.#watchers.clear();
    await promise;
  }

  /** Down, and up again at the same address. */
  async restart(): Promise<void> {
    const port = Number(new URL(this.url).port);
    await this.close();
    await this.listen(port);
  }

  config(): KubeConfig {
    const config = new KubeConfig();
    config.loadFromClusterAndUser(
      { name: "test", server: this.url, skipTLSVerify: true },
      { name: "tester", token: "a-test-token" },
    );
    return config;
  }

  /** What goes into a file for --kubeconfig. */
  kubeconfig(): string {
    return JSON.stringify({
      clusters: [{ name: "test", cluster: { server: this.url, "insecure-skip-tls-verify": true } }],
      users: [{ name: "tester", user: { token: "a-test-token" } }],
      contexts: [{ name: "test", context: { cluster: "test", user: "tester", namespace: "system" } }],
      "current-context": "test",
    });
  }

  put(type: ResourceType, object: ApiObject): ApiObject {
    const collection = collectionPath(type, object.metadata.namespace);
    const key = `${collection}/${object.metadata.name}`;
    const isNew = !this.#objects.has(key);
    const metadata = { uid: `uid-${key}`, ...object.metadata, resourceVersion: String((this.#version += 1)) };
    const stored = { ...object, metadata };
    this.#objects.set(key, { collection, object: stored });
    this.#happened(isNew ? "ADDED" : "MODIFIED", collection, stored);
    return stored;
  }

  get(type: ResourceType, { namespace, name }: { namespace?: string; name: string }): ApiObject | undefined {
    return this.#objects.get(`${collectionPath(type, namespace)}/${name}`)?.object;
  }

  list(type: ResourceType, namespace: string): readonly (ApiObject & Pick<KubeObject, "metadata">)[] {
    const all = [...this.#objects.values()].filter(({ collection }) => collection === collectionPath(type, namespace));
    return all.map(({ object }) => object as ApiObject & Pick<KubeObject, "metadata">);
  }

  remove(type: ResourceType, { namespace, name }: { namespace?: string; name: string }): void {
    const collection = collectionPath(type, namespace);
    const stored = this.#objects.get(`${collection}/${name}`);
    if (stored === undefined) return;
    this.#objects.delete(`${collection}/${name}`);
    const metadata = { ...stored.object.metadata, resourceVersion: String((this.#version += 1)) };
    this.#happened("DELETED", collection, { ...stored.object, metadata });
  }

  /** The next so many requests of the verb are answered so. */
  next(verb: Asked["verb"], times: number, act: Misbehaviour): void {
    this.#misbehaviours.push({ verb, left: times, act });
  }

  /** Versions up to now are gone: watches that ask for them get 410. */
  compact(): void {
    this.#forgotten = this.#version;
  }

  /** Changes nobody is told of, as while a watch is cut. */
  quietly(change: () => void): void {
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    change();
    for (const watcher of watchers) this.#watchers.add(watcher);
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  /** Does it with the connection of every open watch. */
  toWatches(act: (response: ServerResponse) => void): void {
    for (const { response } of this.#watchers) act(response);
  }

  count(verb: Asked["verb"]): number {
    return this.seen.filter((asked) => asked.verb === verb).length;
  }

  /** Resolves when what was asked so far fulfils the condition. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.push(resolve);
      await promise;
    }
  }

  #happened(type: string, collection: string, object: ApiObject): void {
    const happened = { version: Number(object.metadata.resourceVersion), collection, type, object };
    this.#history.push(happened);
    for (const watcher of this.#watchers) if (covers(watcher.collection, collection)) send(watcher.response, happened);
  }

  #answer(incoming: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const asked = askedOf(incoming, Buffer.concat(chunks).toString("utf8"));
      this.seen.push(asked);
      const act = this.#misbehaviours.find(({ verb, left }) => verb === asked.verb && left > 0);
      if (act === undefined) this.behave(asked, response);
      else {
        act.left -= 1;
        act.act(asked, response);
      }
      for (const resolve of this.#waiting.splice(0)) resolve();
    });
  }

  /** As an API server would. */
  behave(asked: Asked, response: ServerResponse): void {
    if (asked.verb === "list") this.#list(asked, response);
    else if (asked.verb === "watch") this.#watch(asked, response);
    else if (asked.verb === "create") this.#write(asked, `${asked.path}/`, response);
    else if (asked.verb === "update") this.#write(asked, asked.path, response);
    else {
      const stored = this.#objects.get(asked.path);
      if (stored === undefined) status(response, 404, "NotFound");
      else json(response, 200, stored.object);
    }
  }

  #write(asked: Asked, path: string, response: ServerResponse): void {
    const object = JSON.parse(asked.body) as ApiObject;
    const key = path.endsWith("/") ? `${path}${object.metadata.name}` : path;
    const before = this.#objects.get(key)?.object;
    if (asked.verb === "create" && before !== undefined) return status(response, 409, "AlreadyExists");
    if (asked.verb === "update" && before?.metadata.resourceVersion !== object.metadata.resourceVersion) {
      return status(response, 409, "Conflict");
    }
    const collection = key.slice(0, key.lastIndexOf("/"));
    const metadata = { uid: `uid-${key}`, ...object.metadata, resourceVersion: String((this.#version += 1)) };
    const stored = { ...object, metadata };
    this.#objects.set(key, { collection, object: stored });
    this.#happened(before === undefined ? "ADDED" : "MODIFIED", collection, stored);
    json(response, before === undefined ? 201 : 200, stored);
  }

  #list({ path, query }: Asked, response: ServerResponse): void {
    const all = [...this.#objects.values()].filter(({ collection }) => covers(path, collection));
    const from = Number(query.get("continue") ?? "0");
    const to = from + Number(query.get("limit") ?? "500");
    const items = all.slice(from, to).map(({ object }) => object);
    json(response, 200, {
      metadata: { resourceVersion: String(this.#version), ...(to < all.length && { continue: String(to) }) },
      // As the real one sends an empty list of metadata.
      items: items.length === 0 ? null : items,
    });
  }

  #watch({ path, query }: Asked, response: ServerResponse): void {
    const since = Number(query.get("resourceVersion") ?? "0");
    if (since < this.#forgotten) return status(response, 410, "Expired");
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    for (const happened of this.#history) {
      if (happened.version > since && covers(path, happened.collection)) send(response, happened);
    }
    const watcher = { collection: path, response };
    this.#watchers.add(watcher);
    response.on("close", () => this.#watchers.delete(watcher));
  }
}

/** One that lives as long as the test, and the way to it. */
export async function unrulyApi(): Promise<{ readonly api: UnrulyApi; readonly transport: Transport }> {
  const api = new UnrulyApi();
  await api.listen();
  const transport = createTransport({ loadConfig: () => api.config(), userAgent: "test" });
  onTestFinished(async () => {
    await transport.close();
    await api.close();
  });
  return { api, transport };
}

/** A collection of all namespaces covers that of one. */
function covers(wanted: string, collection: string): boolean {
  return wanted === collection || wanted === collection.replace(/\/namespaces\/[^/]+/u, "");
}

function send(response: ServerResponse, { type, object }: Pick<Happened, "type" | "object">): void {
  response.write(`${JSON.stringify({ type, object })}\n`);
}
