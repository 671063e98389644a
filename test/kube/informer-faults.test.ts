import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createInformer } from "../../src/kube/informer.ts";
import type { KubeObject } from "../../src/kube/kube-object.ts";
import { CONFIG_MAP } from "../../src/kube/resource-type.ts";
import { status } from "../support/kube/asked.ts";
import { type UnrulyApi, unrulyApi } from "../support/kube/unruly-api.ts";

const NEVER = new AbortController().signal;
const PACE = { backoff: { firstMs: 1, longestMs: 5 }, healthyMs: 10_000, silenceMs: 100, watchSeconds: 240 };

/** What may happen to a server and the way to it, one after the other. */
const FAULTS: Readonly<Record<string, (api: UnrulyApi) => void>> = {
  end: (api) => api.toWatches((response) => response.end()),
  reset: (api) => api.toWatches((response) => response.socket?.resetAndDestroy()),
  half: (api) => api.toWatches((response) => response.end('{"type":"ADDED","object":{"metada')),
  garbage: (api) => api.toWatches((response) => response.write("<html>busy</html>\n")),
  gone: (api) => api.toWatches((response) => response.end('{"type":"ERROR","object":{"code":410}}\n')),
  compact: (api) => {
    api.compact();
    api.toWatches((response) => response.end());
  },
  "list fails": (api) => api.next("list", 1, (_, response) => status(response, 503, "Unavailable")),
  "watch fails": (api) => api.next("watch", 1, (_, response) => status(response, 429, "TooManyRequests")),
  "watch hangs": (api) => api.next("watch", 1, () => undefined),
};

const change = fc.record({
  name: fc.constantFrom("a", "b", "c"),
  how: fc.constantFrom("put", "put", "remove"),
  isSeen: fc.boolean(),
});
const step = fc.oneof(change, fc.constantFrom(...Object.keys(FAULTS)));

describe("an informer, whatever happens", () => {
  it("ends with what the API server holds, and told of every object that came and went", async () => {
    const property = fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const { told, known, held } = await trial(steps);
      expect(known).toEqual(held);
      expect(told).toEqual(Object.fromEntries(Object.keys(held).map((name) => [name, true])));
    });
    await expect(fc.assert(property, { numRuns: 25 })).resolves.toBeUndefined();
  });
});

type Step = string | { readonly name: string; readonly how: string; readonly isSeen: boolean };

interface Ending {
  /** Names of what was told to be there, and was not told to be gone. */
  readonly told: Readonly<Record<string, true>>;
  readonly known: Readonly<Record<string, string>>;
  readonly held: Readonly<Record<string, string>>;
}

async function trial(steps: readonly Step[]): Promise<Ending> {
  const { api, transport } = await unrulyApi();
  const informer = createInformer(
    { type: CONFIG_MAP, content: "whole" },
    { transport, pace: PACE, onProblem: () => undefined },
  );
  const told: Record<string, true> = {};
  const arrived = Promise.withResolvers<void>();
  informer.onChange(({ type, object }) => {
    const { name } = object.metadata;
    if (type === "deleted") delete told[name];
    else told[name] = true;
    if (name === "last") arrived.resolve();
  });
  informer.start();
  for (const one of steps) {
    if (typeof one === "string") FAULTS[one]?.(api);
    else happen(api, one);
    await new Promise((resolve) => setImmediate(resolve));
  }
  // What comes last is seen last: all before it has been seen then.
  await informer.synced(NEVER);
  api.put(CONFIG_MAP, { metadata: { namespace: "shop", name: "last" } });
  await arrived.promise;
  await informer.stop();
  return { told, known: versions(informer.list()), held: versions(api.list(CONFIG_MAP, "shop")) };
}

function happen(api: UnrulyApi, { name, how, isSeen }: Exclude<Step, string>): void {
  const act = (): void => {
    if (how === "put") api.put(CONFIG_MAP, { metadata: { namespace: "shop", name } });
    else api.remove(CONFIG_MAP, { namespace: "shop", name });
  };
  if (isSeen) act();
  else {
    // The way is broken before anything can be told of it.
    api.quietly(act);
    api.toWatches((response) => response.socket?.resetAndDestroy());
  }
}

function versions(objects: readonly Pick<KubeObject, "metadata">[]): Readonly<Record<string, string>> {
  return Object.fromEntries(objects.map(({ metadata }) => [metadata.name, metadata.resourceVersion]));
}
