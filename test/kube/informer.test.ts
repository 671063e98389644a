import { describe, expect, it } from "vitest";
import { createInformer, type Informer, type InformerOptions } from "../../src/kube/informer.ts";
import { CONFIG_MAP, SECRET } from "../../src/kube/resource-type.ts";
import type { Transport } from "../../src/kube/transport.ts";
import { status, unrulyApi } from "../support/kube/unruly-api.ts";

const NEVER = new AbortController().signal;

function configMap(name: string, text = "text"): { metadata: { namespace: string; name: string }; data: object } {
  return { metadata: { namespace: "shop", name }, data: { text } };
}

async function started(transport: Transport, more: Partial<InformerOptions> = {}): Promise<Informer> {
  const informer = createInformer(
    { type: CONFIG_MAP, content: "whole", ...more },
    { transport, onProblem: () => undefined },
  );
  informer.start();
  await informer.synced(NEVER);
  return informer;
}

/** Resolves with the name of the next object that changes. */
function nextChange(informer: Informer): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  informer.onChange(({ type, object }) => resolve(`${type} ${object.metadata.name}`));
  return promise;
}

describe("an informer", () => {
  it("knows what was there, in pages, and what changes", async () => {
    const { api, transport } = await unrulyApi();
    for (let index = 0; index < 1_234; index += 1) api.put(CONFIG_MAP, configMap(`map-${index}`));
    const informer = await started(transport);
    expect(informer.list()).toHaveLength(1_234);
    expect(api.count("list")).toBe(3);
    await api.until(() => api.count("watch") === 1);
    const change = nextChange(informer);
    api.put(CONFIG_MAP, configMap("map-7", "other"));
    await expect(change).resolves.toBe("updated map-7");
    expect(informer.get("shop", "map-7")).toMatchObject({ kind: "ConfigMap", data: { text: "other" } });
  });

  it("asks for metadata alone where that is all it may know", async () => {
    const { api, transport } = await unrulyApi();
    await started(transport, { type: SECRET, content: "metadata" });
    await api.until(() => api.count("watch") === 1);
    expect(api.seen.map(({ headers }) => headers.accept)).toEqual([
      "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
    ]);
  });

  it("goes on after a list that failed", async () => {
    const { api, transport } = await unrulyApi();
    api.put(CONFIG_MAP, configMap("map"));
    api.next("list", 5, (_, response) => status(response, 500, "InternalError"));
    const informer = await started(transport);
    expect(informer.list()).toHaveLength(1);
  });
});
