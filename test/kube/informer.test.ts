import { describe, expect, it } from "vitest";
import { createInformer, type Informer, type InformerOptions } from "../../src/kube/informer.ts";
import { CONFIG_MAP, SECRET } from "../../src/kube/resource-type.ts";
import type { Change } from "../../src/kube/store.ts";
import type { Transport } from "../../src/kube/transport.ts";
import { type Misbehaviour, status } from "../support/kube/asked.ts";
import { unrulyApi } from "../support/kube/unruly-api.ts";

const NEVER = new AbortController().signal;
/** Real waits, as short as they may be. */
const PACE = { backoff: { firstMs: 1, longestMs: 20 }, healthyMs: 10_000, silenceMs: 60_000, watchSeconds: 240 };

interface Observed {
  readonly informer: Informer;
  readonly problems: string[];
  /** `updated map`, one for each change. */
  readonly changes: string[];
  readonly raw: Change[];
  /** Resolves when the changes hold this one. */
  readonly until: (change: string) => Promise<void>;
}

async function started(transport: Transport, more: Partial<InformerOptions> = {}, pace = PACE): Promise<Observed> {
  const problems: string[] = [];
  const changes: string[] = [];
  const raw: Change[] = [];
  const waiting: (() => void)[] = [];
  const informer = createInformer(
    { type: CONFIG_MAP, content: "whole", ...more },
    { transport, pace, onProblem: (message, error) => problems.push(`${message}: ${String(error)}`) },
  );
  informer.onChange((change) => {
    raw.push(change);
    changes.push(`${change.type} ${change.object.metadata.name}`);
    for (const resolve of waiting.splice(0)) resolve();
  });
  informer.start();
  await informer.synced(NEVER);
  const until = async (change: string): Promise<void> => {
    while (!changes.includes(change)) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      await promise;
    }
  };
  return { informer, problems, changes, raw, until };
}

function configMap(name: string, more: object = {}): { metadata: { namespace: string; name: string } } {
  return { metadata: { namespace: "shop", name }, data: { text: "text" }, ...more } as never;
}

describe("an informer", () => {
  it("knows what was there, in pages, and what changes", async () => {
    const { api, transport } = await unrulyApi();
    for (let index = 0; index < 1_234; index += 1) api.put(CONFIG_MAP, configMap(`map-${index}`));
    const { informer, until, raw } = await started(transport);
    expect(informer.list()).toHaveLength(1_234);
    expect(raw.every((change) => change.type === "added" && change.isInitial)).toBe(true);
    expect(api.count("list")).toBe(3);
    await api.until(() => api.watchers === 1);
    api.put(CONFIG_MAP, configMap("map-7", { data: { text: "other" } }));
    await until("updated map-7");
    expect(informer.get("shop", "map-7")).toMatchObject({ kind: "ConfigMap", data: { text: "other" } });
    expect(raw.at(-1)).toMatchObject({ previous: { data: { text: "text" } }, isInitial: false });
    api.remove(CONFIG_MAP, { namespace: "shop", name: "map-8" });
    await until("deleted map-8");
    expect(informer.get("shop", "map-8")).toBeUndefined();
  });

  it("keeps neither what only the API server needs nor what kubectl noted, and lets nobody change what is kept", async () => {
    const { api, transport } = await unrulyApi();
    const annotations = { "kubectl.kubernetes.io/last-applied-configuration": "{}", mine: "yes" };
    const metadata = { namespace: "shop", name: "map", annotations, managedFields: [{ manager: "kubectl" }] };
    api.put(CONFIG_MAP, { metadata, data: { text: "text" } });
    const { informer } = await started(transport);
    const kept = informer.get("shop", "map");
    expect(kept?.metadata["annotations"]).toEqual({ mine: "yes" });
    expect(kept?.metadata).not.toHaveProperty("managedFields");
    expect(Object.isFrozen(kept?.["data"])).toBe(true);
  });

  it("asks for metadata alone where that is all it may know", async () => {
    const { api, transport } = await unrulyApi();
    await started(transport, { type: SECRET, content: "metadata" });
    await api.until(() => api.watchers === 1);
    expect(api.seen.map(({ headers }) => headers.accept)).toEqual([
      "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
    ]);
  });

  it("watches each of the namespaces it is told, and no other", async () => {
    const { api, transport } = await unrulyApi();
    for (const namespace of ["shop", "lab", "other"]) api.put(CONFIG_MAP, { metadata: { namespace, name: "map" } });
    const { informer } = await started(transport, { namespaces: ["shop", "lab"] });
    await api.until(() => api.watchers === 2);
    expect(informer.list().map(({ metadata }) => metadata["namespace"])).toEqual(["shop", "lab"]);
    expect(informer.list("lab")).toHaveLength(1);
    expect(api.seen.some(({ path }) => path === "/api/v1/configmaps")).toBe(false);
  });

  it("finds objects by what they refer to, as that changes", async () => {
    const { api, transport } = await unrulyApi();
    const refers = (name: string, to: string): object => ({ metadata: { namespace: "shop", name }, data: { to } });
    for (const name of ["a", "b"]) api.put(CONFIG_MAP, refers(name, "one") as never);
    const { informer, until } = await started(transport);
    informer.addIndex("to", (object) => [(object["data"] as { to: string }).to]);
    const names = (to: string): readonly string[] => informer.byIndex("to", to).map(({ metadata }) => metadata.name);
    expect(names("one")).toEqual(["a", "b"]);
    await api.until(() => api.watchers === 1);
    api.put(CONFIG_MAP, refers("a", "two") as never);
    await until("updated a");
    expect([names("one"), names("two")]).toEqual([["b"], ["a"]]);
    api.remove(CONFIG_MAP, { namespace: "shop", name: "b" });
    await until("deleted b");
    expect(names("one")).toEqual([]);
  });

  it("goes on after lists that failed", async () => {
    const { api, transport } = await unrulyApi();
    api.put(CONFIG_MAP, configMap("map"));
    api.next("list", 5, (_, response) => status(response, 500, "InternalError"));
    const { informer, problems } = await started(transport);
    expect(informer.list()).toHaveLength(1);
    expect(problems[0]).toContain("list configmaps answered 500");
  });

  it("lists again from the first page where the API server has forgotten the rest", async () => {
    const { api, transport } = await unrulyApi();
    for (let index = 0; index < 600; index += 1) api.put(CONFIG_MAP, configMap(`map-${index}`));
    let pages = 0;
    const forget: Misbehaviour = (asked, response) => {
      pages += 1;
      if (asked.query.has("continue")) status(response, 410, "Expired");
      else api.behave(asked, response);
    };
    api.next("list", 2, forget);
    const { informer } = await started(transport);
    expect(informer.list()).toHaveLength(600);
    expect([pages, api.count("list")]).toEqual([2, 4]);
  });

  const ends: readonly (readonly [string, (end: { cut: () => void; write: (text: string) => void }) => void])[] = [
    ["ends", ({ write }) => write("")],
    ["is reset", ({ cut }) => cut()],
    ["breaks off in the middle of an event", ({ write }) => write('{"type":"ADDED","object":{"metadata":{"na')],
    ["brings a line that is no event", ({ write }) => write("<html>gateway</html>\n")],
    ["brings an error", ({ write }) => write('{"type":"ERROR","object":{"code":500,"reason":"InternalError"}}\n')],
    ["says that it is too old", ({ write }) => write('{"type":"ERROR","object":{"code":410,"reason":"Expired"}}\n')],
  ];
  it.each(ends)("misses nothing when a watch %s", async (_, end) => {
    const { api, transport } = await unrulyApi();
    api.put(CONFIG_MAP, configMap("kept"));
    api.put(CONFIG_MAP, configMap("lost"));
    const { informer, until } = await started(transport);
    await api.until(() => api.watchers === 1);
    api.quietly(() => {
      api.put(CONFIG_MAP, configMap("came"));
      api.put(CONFIG_MAP, configMap("kept", { data: { text: "other" } }));
      api.remove(CONFIG_MAP, { namespace: "shop", name: "lost" });
    });
    api.toWatches((response) =>
      end({ cut: () => response.socket?.resetAndDestroy(), write: (text) => response.end(text) }),
    );
    await Promise.all([until("added came"), until("updated kept"), until("deleted lost")]);
    expect(informer.list().map(({ metadata }) => metadata.name)).toEqual(["kept", "came"]);
  });

  it("lists again when the version it has is forgotten, and tells what was deleted meanwhile", async () => {
    const { api, transport } = await unrulyApi();
    api.put(CONFIG_MAP, configMap("lost"));
    const { informer, until } = await started(transport);
    await api.until(() => api.watchers === 1);
    api.quietly(() => api.remove(CONFIG_MAP, { namespace: "shop", name: "lost" }));
    api.compact();
    api.toWatches((response) => response.end());
    await until("deleted lost");
    expect(informer.stats()).toMatchObject({ gone: 1, relists: 1 });
  });

  it("notices a peer that is silent, and goes on where it was", async () => {
    const { api, transport } = await unrulyApi();
    const { informer, until } = await started(transport, {}, { ...PACE, silenceMs: 300 });
    await api.until(() => api.watchers === 1);
    api.quietly(() => api.put(CONFIG_MAP, configMap("came")));
    await until("added came");
    expect(informer.stats().stalls).toBeGreaterThan(0);
    expect(api.count("list")).toBe(1);
  });

  it.each([
    ["ends every watch at once", 200],
    ["answers every watch with 410", 410],
    ["answers every watch with 429", 429],
  ])("goes on, list after watch, when an API server %s", async (_, code) => {
    const { api, transport } = await unrulyApi();
    const act: Misbehaviour = (_asked, response) =>
      code === 200 ? response.writeHead(200).end() : status(response, code, "Busy");
    api.next("watch", 40, act);
    const { informer, until } = await started(transport);
    await api.until(() => api.count("watch") > 40);
    api.put(CONFIG_MAP, configMap("came"));
    await until("added came");
    // Each list belongs to one refused watch.
    expect(api.count("list")).toBeLessThanOrEqual(api.count("watch"));
    expect(informer.stats().gone).toBe(code === 410 ? 40 : 0);
  });

  it("lives on when a listener throws, and tells the others", async () => {
    const { api, transport } = await unrulyApi();
    const { informer, problems, until } = await started(transport);
    informer.onChange(() => {
      throw new Error("a listener's own mistake");
    });
    await api.until(() => api.watchers === 1);
    api.put(CONFIG_MAP, configMap("one"));
    api.put(CONFIG_MAP, configMap("two"));
    await until("added two");
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain("a listener's own mistake");
  });

  it("takes versions from bookmarks, so that a quiet watch does not grow too old", async () => {
    const { api, transport } = await unrulyApi();
    await started(transport);
    await api.until(() => api.watchers === 1);
    const bookmark = { type: "BOOKMARK", object: { kind: "ConfigMap", metadata: { resourceVersion: "4711" } } };
    api.toWatches((response) => response.end(`${JSON.stringify(bookmark)}\n`));
    await api.until(() => api.count("watch") === 2);
    const watches = api.seen.filter(({ verb }) => verb === "watch");
    expect(watches[0]?.query.get("allowWatchBookmarks")).toBe("true");
    expect(watches[1]?.query.get("resourceVersion")).toBe("4711");
  });

  it("stops when it is told", async () => {
    const { api, transport } = await unrulyApi();
    const { informer } = await started(transport);
    await api.until(() => api.watchers === 1);
    await informer.stop();
    api.toWatches((response) => response.end());
    expect(api.count("watch")).toBe(1);
  });
});
