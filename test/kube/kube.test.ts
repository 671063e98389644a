import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { describe, expect, it, onTestFinished } from "vitest";
import { createKube, type Kube } from "../../src/kube/kube.ts";
import { KubeError } from "../../src/kube/kube-error.ts";
import { CONFIG_MAP, LEASE, SECRET } from "../../src/kube/resource-type.ts";
import { createTransport } from "../../src/kube/transport.ts";
import { json, type Misbehaviour, status } from "../support/kube/asked.ts";
import { UnrulyApi, unrulyApi } from "../support/kube/unruly-api.ts";
import { rejection } from "../support/wire-server.ts";

const NEVER = new AbortController().signal;
const REF = { namespace: "shop", name: "map" };
const MAP = { metadata: REF, data: { text: "text" } };

async function world(): Promise<{ readonly api: UnrulyApi; readonly kube: Kube }> {
  const { api, transport } = await unrulyApi();
  return { api, kube: createKube(transport, "tester") };
}

async function failure(promise: Promise<unknown>): Promise<KubeError> {
  const error = await rejection(promise);
  if (!(error instanceof KubeError)) throw error;
  return error;
}

const hangUp: Misbehaviour = (_, response) => response.socket?.resetAndDestroy();

describe("the Kubernetes API", () => {
  it("answers what it holds, and nothing for what is not there", async () => {
    const { api, kube } = await world();
    api.put(CONFIG_MAP, MAP);
    await expect(kube.get(CONFIG_MAP, REF, NEVER)).resolves.toMatchObject(MAP);
    await expect(kube.get(CONFIG_MAP, { ...REF, name: "other" }, NEVER)).resolves.toBeUndefined();
    const listed = await kube.list(CONFIG_MAP, { namespace: "shop" }, NEVER);
    expect(listed).toMatchObject([{ kind: "ConfigMap", apiVersion: "v1", ...MAP }]);
  });

  it("is asked in the words of its types, with who writes", async () => {
    const { api, kube } = await world();
    const stored = await kube.create(LEASE, { metadata: REF, spec: {} }, NEVER);
    await kube.replace(LEASE, stored, NEVER);
    api.next("patch", 2, (_, response) => json(response, 200, stored));
    await kube.patchJson(LEASE, REF, [{ op: "test", path: "/metadata/uid", value: "x" }], NEVER);
    const done = { phase: "done" };
    await kube.applyStatus(LEASE, { ...stored, spec: { not: "sent" }, status: done }, NEVER);
    api.next("delete", 1, (_, response) => json(response, 200, {}));
    await kube.delete(LEASE, REF, NEVER);
    const path = "/apis/coordination.k8s.io/v1/namespaces/shop/leases";
    expect(api.seen.map((asked) => `${asked.method} ${asked.path}?${asked.query.toString()}`)).toEqual([
      `POST ${path}?fieldManager=tester`,
      `PUT ${path}/map?fieldManager=tester`,
      `PATCH ${path}/map?fieldManager=tester`,
      `PATCH ${path}/map/status?fieldManager=tester&force=true`,
      `DELETE ${path}/map?`,
    ]);
    expect(api.seen.map(({ headers }) => headers["content-type"])).toEqual([
      "application/json",
      "application/json",
      "application/json-patch+json",
      "application/apply-patch+yaml",
      undefined,
    ]);
    expect(JSON.parse(api.seen[3]?.body ?? "")).toEqual({
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: REF,
      status: done,
    });
  });

  it.each([
    [400, "invalid", false],
    [401, "forbidden", true],
    [403, "forbidden", true],
    [404, "notFound", false],
    [409, "conflict", true],
    [410, "gone", false],
    [422, "invalid", false],
    [429, "throttled", true],
    [500, "other", true],
    [504, "timeout", true],
  ] as const)("says %i as %s", async (code, kind, isRetryable) => {
    const { api, kube } = await world();
    api.next("create", 2, (_, response) => status(response, code, "TheReason"));
    const error = await failure(kube.create(CONFIG_MAP, MAP, NEVER));
    expect(error).toMatchObject({ kind, status: code, reason: "TheReason", isRetryable });
    expect(error.message).toBe(`create configmaps answered ${code}: it is TheReason`);
  });

  it("says what was asked and never with which token or headers", async () => {
    const { api, kube } = await world();
    api.next("get", 9, (_, response) => {
      response.writeHead(403, { "x-internal": "header-value", "content-type": "text/html" }).end("<html>secret page");
    });
    const error = await failure(kube.get(SECRET, REF, NEVER));
    expect(error.message).toBe("get secrets shop/map answered 403");
    expect(JSON.stringify([error, error.stack, String(error.cause)])).not.toMatch(
      /a-test-token|header-value|secret page/u,
    );
  });

  it("says what to do about a kind that nobody installed", async () => {
    const { api, kube } = await world();
    api.next("list", 1, (_, response) =>
      response.writeHead(404, { "content-type": "text/plain" }).end("404 page not found"),
    );
    const error = await failure(kube.list(SECRET, {}, NEVER));
    expect(error.remedy).toContain("install its custom resource definition");
  });

  it("is asked again for what only reads, and waits as long as it said", async () => {
    const { api, kube } = await world();
    api.put(CONFIG_MAP, MAP);
    api.next("get", 1, hangUp);
    api.next("get", 1, (_, response) => status(response, 503, "Unavailable"));
    api.next("get", 1, (_, response) => {
      response.setHeader("retry-after", "1");
      status(response, 429, "TooManyRequests");
    });
    await expect(kube.get(CONFIG_MAP, REF, NEVER)).resolves.toMatchObject(MAP);
    expect(api.count("get")).toBe(4);
  });

  it("hands the wait on where it is longer than anybody wants to wait here", async () => {
    const { api, kube } = await world();
    api.next("get", 1, (_, response) => {
      response.setHeader("retry-after", "60");
      status(response, 429, "TooManyRequests");
    });
    await expect(failure(kube.get(CONFIG_MAP, REF, NEVER))).resolves.toMatchObject({ retryAfterMs: 60_000 });
    expect(api.count("get")).toBe(1);
  });

  it.each([
    ["is reset", hangUp],
    ["is answered with 503", (_, response) => status(response, 503, "Unavailable")],
    ["is answered with 429", (_, response) => status(response, 429, "TooManyRequests")],
  ] as readonly (readonly [string, Misbehaviour])[])("never sends a create twice that %s", async (_, act) => {
    const { api, kube } = await world();
    api.next("create", 1, act);
    await failure(kube.create(CONFIG_MAP, MAP, NEVER));
    expect(api.count("create")).toBe(1);
  });

  it("sends a patch again that was refused before anything was done, and one that may have been done never", async () => {
    const { api, kube } = await world();
    api.next("patch", 1, (_, response) => status(response, 429, "TooManyRequests"));
    api.next("patch", 1, (_, response) => json(response, 200, { metadata: { ...REF, resourceVersion: "1" } }));
    await kube.patchJson(CONFIG_MAP, REF, [], NEVER);
    expect(api.count("patch")).toBe(2);
    api.next("patch", 1, hangUp);
    await failure(kube.patchJson(CONFIG_MAP, REF, [], NEVER));
    expect(api.count("patch")).toBe(3);
  });

  it("tells that nobody is there", async () => {
    const { api, kube } = await world();
    await api.close();
    const error = await failure(kube.create(CONFIG_MAP, MAP, NEVER));
    expect(error).toMatchObject({ kind: "network", status: 0, isRetryable: true });
    expect(error.message).toBe("create configmaps got no answer from the API server: ECONNREFUSED");
    await api.restart();
  });

  it("ends a request with its signal, whatever the server does", async () => {
    const { api, kube } = await world();
    const stop = new AbortController();
    api.next("get", 1, () => stop.abort(new Error("enough")));
    await expect(kube.get(CONFIG_MAP, REF, stop.signal)).rejects.toThrow("enough");
  });

  it("keeps its connections for the next requests", async () => {
    const { api, kube } = await world();
    for (let count = 0; count < 20; count += 1) await kube.get(CONFIG_MAP, REF, NEVER);
    expect(api.connections).toBeLessThan(4);
  });

  it("is asked with the token of today after that of yesterday was refused", async () => {
    const api = new UnrulyApi();
    await api.listen();
    const folder = await mkdtemp(join(tmpdir(), "llmstack-sync-"));
    const tokenFile = join(folder, "token");
    const loadConfig = (): KubeConfig => {
      const config = new KubeConfig();
      const cluster = { name: "test", server: api.url, skipTLSVerify: true };
      config.loadFromClusterAndUser(cluster, { name: "pod", authProvider: { name: "file", config: { tokenFile } } });
      return config;
    };
    await writeFile(tokenFile, "yesterday\n");
    const transport = createTransport({ loadConfig, userAgent: "test" });
    onTestFinished(async () => {
      await transport.close();
      await api.close();
      await rm(folder, { recursive: true });
    });
    const kube = createKube(transport, "tester");
    await kube.get(CONFIG_MAP, REF, NEVER);
    await writeFile(tokenFile, "today\n");
    api.next("create", 1, (_, response) => status(response, 401, "Unauthorized"));
    await kube.create(CONFIG_MAP, MAP, NEVER);
    expect(api.seen.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer yesterday",
      "Bearer yesterday",
      "Bearer today",
    ]);
  });
});
