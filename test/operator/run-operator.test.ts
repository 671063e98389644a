import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { CONFIG_MAP, LEASE } from "../../src/kube/resource-type.ts";
import { createLog } from "../../src/operator/log.ts";
import { type OperatorOptions, runOperator } from "../../src/operator/run-operator.ts";
import type { Runtime } from "../../src/operator/runtime.ts";
import { folderWith } from "../support/cli-io.ts";
import { status } from "../support/kube/asked.ts";
import { UnrulyApi } from "../support/kube/unruly-api.ts";

interface World {
  readonly api: UnrulyApi;
  readonly runtime: () => Runtime;
  readonly seen: string[];
  readonly stop: () => void;
  readonly ended: Promise<number>;
  readonly lines: () => string;
  readonly until: (text: RegExp) => Promise<void>;
}

/** An operator of ConfigMaps in this process, whose reconciler notes their names. */
async function operator(more: Partial<OperatorOptions> = {}, prepare?: (api: UnrulyApi) => void): Promise<World> {
  const api = new UnrulyApi();
  await api.listen();
  prepare?.(api);
  const file = join(await folderWith({ kubeconfig: api.kubeconfig() }), "kubeconfig");
  const stop = new AbortController();
  const written: string[] = [];
  const waiting: (() => void)[] = [];
  const seen: string[] = [];
  const told = (): void => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  const write = (text: string): void => {
    written.push(text);
    told();
  };
  const runtimes: Runtime[] = [];
  const ended = runOperator(
    {
      cluster: { file, env: {} },
      namespaces: [],
      concurrency: 2,
      drainMs: 5_000,
      log: createLog({ format: "json", level: "debug", write }),
      stop: stop.signal,
      ...more,
    },
    (runtime) => {
      runtimes.push(runtime);
      const maps = runtime.informer({ type: CONFIG_MAP, content: "whole" });
      const reconcile = async ({ name }: { readonly name: string }): Promise<{ next: "done" }> => {
        seen.push(name);
        told();
        return { next: "done" };
      };
      runtime.controller({ name: "maps", reconcile }).follow(maps);
    },
  );
  onTestFinished(async () => {
    stop.abort();
    await ended.catch(() => undefined);
    await api.close();
  });
  const until = async (pattern: RegExp): Promise<void> => {
    while (!pattern.test(written.join("") + seen.join(" "))) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      await promise;
    }
  };
  const runtime = (): Runtime => {
    const [first] = runtimes;
    if (first === undefined) throw new Error("it was not set up");
    return first;
  };
  return { api, runtime, seen, stop: () => stop.abort(), ended, lines: () => written.join(""), until };
}

function map(name: string, more: object = {}): { metadata: { namespace: string; name: string } } {
  return { metadata: { namespace: "shop", name, ...more }, data: {} } as never;
}

describe("an operator", () => {
  it("looks at everything there is, then at what changes, but not at what only changed its status", async () => {
    const { api, seen, until, stop, ended } = await operator({}, (before) => {
      before.put(CONFIG_MAP, map("there", { generation: 1 }));
    });
    await until(/there/u);
    await api.until(() => api.watchers === 1);
    api.put(CONFIG_MAP, { ...map("there", { generation: 1 }), status: { ready: true } });
    api.put(CONFIG_MAP, map("there", { generation: 1, finalizers: ["example.com/ours"] }));
    api.put(CONFIG_MAP, map("came", { generation: 1 }));
    await until(/there came/u);
    api.put(CONFIG_MAP, map("there", { generation: 1 }));
    await until(/there came there/u);
    api.put(CONFIG_MAP, map("came", { generation: 2 }));
    await until(/there came there came/u);
    api.put(CONFIG_MAP, map("came", { generation: 2, annotations: { now: "yes" } }));
    await until(/there came there came came/u);
    api.remove(CONFIG_MAP, { namespace: "shop", name: "came" });
    await until(/there came there came came came/u);
    expect(seen).toHaveLength(6);
    stop();
    await expect(ended).resolves.toBe(0);
  });

  it("stands for election only when its caches are warm", async () => {
    const { api, until } = await operator({ election: {} }, (before) => {
      before.next("list", 5, (_, response) => status(response, 403, "Forbidden"));
    });
    await until(/answered 403/u);
    expect(api.get(LEASE, { namespace: "system", name: "llmstack-sync" })).toBeUndefined();
    await until(/started as the leader/u);
    expect(api.get(LEASE, { namespace: "system", name: "llmstack-sync" })).toBeDefined();
  });

  it("has a lease for every share of the resources", async () => {
    const names = await Promise.all(
      [{}, { selector: "share=a" }, { selector: "share=b" }, { namespaces: ["shop"] }].map(async (share) => {
        const { api, until } = await operator({ election: { namespace: "system" }, ...share });
        await until(/started as the leader/u);
        return api
          .list(LEASE, "system")
          .map(({ metadata }) => metadata.name)
          .join(" ");
      }),
    );
    expect(names[0]).toBe("llmstack-sync");
    expect(new Set(names).size).toBe(4);
  });

  it("lets nobody write who no longer leads", async () => {
    const { api, runtime, until, ended, lines } = await operator({ election: {} });
    await until(/started as the leader/u);
    await runtime().kube.create(CONFIG_MAP, map("while-leading"), runtime().signal);
    const lease = api.get(LEASE, { namespace: "system", name: "llmstack-sync" });
    api.put(LEASE, {
      metadata: { namespace: "system", name: "llmstack-sync" },
      spec: { ...(lease?.["spec"] as object), holderIdentity: "x" },
    });
    await expect(ended).resolves.toBe(1);
    expect(lines()).toContain("the lease is lost");
    const { kube } = runtime();
    const signal = new AbortController().signal;
    await expect(kube.create(CONFIG_MAP, map("after"), signal)).rejects.toThrow("does not lead any longer");
    expect(api.get(CONFIG_MAP, map("after").metadata)).toBeUndefined();
  });

  it("stops while it still waits for the API server, too", async () => {
    const { stop, ended, until } = await operator({ election: {} }, (before) => {
      before.next("list", 1_000, (_, response) => status(response, 500, "InternalError"));
    });
    await until(/interrupted/u);
    stop();
    await expect(ended).resolves.toBe(0);
  });

  it("never logs the token it speaks with", async () => {
    const { until, lines, stop, ended } = await operator({ election: {} }, (before) => {
      before.next("list", 4, (_, response) => status(response, 401, "Unauthorized"));
    });
    await until(/started as the leader/u);
    stop();
    await ended;
    expect(lines()).toContain("credentials were not accepted");
    expect(lines()).not.toContain("a-test-token");
  });
});
