import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { type CliProcess, startCli } from "../support/cli-process.ts";
import { type CliWorld, cliWorld, TOKEN } from "../support/cli-world.ts";
import { helm } from "../support/helm.ts";
import { type ControlPlane, startControlPlane } from "../support/kube/control-plane.ts";
import { proveRole } from "../support/kube/role-proof.ts";

const CHART = fileURLToPath(new URL("../../deploy/helm/llmstack-sync", import.meta.url));
const PORTABLE = fileURLToPath(new URL("../../examples/portable", import.meta.url));

/** Rights that a short life does not come to. */
const RARE = new Set([
  // What is repeated is written down as a series after some time only.
  "watched patch events",
  "default patch events",
]);

let plane: ControlPlane;
let world: CliWorld;
let operator: CliProcess;

beforeAll(async () => {
  plane = await startControlPlane({ with: ["crds"] });
  world = await cliWorld({});
  for (const namespace of ["llmstack-sync", "shop"]) {
    await plane.kubectl(["create", "namespace", namespace]);
    await plane.apply(core("Secret", namespace, "llmstack", { stringData: { token: TOKEN } }));
  }
  const ca = await readFile(plane.caFile, "utf8");
  await plane.apply(core("ConfigMap", "llmstack-sync", "ca", { data: { "ca.crt": ca } }));
  const chart = [
    "template",
    "llmstack-sync",
    CHART,
    "--namespace",
    "llmstack-sync",
    "--set",
    "watch.namespaces={shop}",
  ];
  await plane.kubectl(["apply", "-f", "-"], { input: await helm(chart) });
  const argv = ["operator", "--kubeconfig", plane.kubeconfigs.operator, "--namespaces", "shop"];
  operator = startCli(argv, { cwd: world.folder });
});

afterAll(async () => {
  operator.child.kill("SIGKILL");
  await plane.stop();
  await world.close();
});

describe("the role that is shipped", () => {
  it("lacks nothing that a whole life of the operator takes, and holds nothing beside it", async () => {
    await plane.apply(custom("GitSync", "bots", { git: { url: "https://git.example.invalid/bots.git" } }));
    await plane.apply(server("default"), clusterServer("all"), app("on-all", { kind: "ClusterServer", name: "all" }));
    await plane.kubectl(["apply", "--namespace=shop", "-f", PORTABLE]);
    await ready();
    for (let round = 0; round < 20 && unused().length > 0; round += 1) await quarrel(round);
    await ready();
    for (const kinds of ["apps,datasources,gitsyncs", "servers", "clusterservers"]) {
      await plane.kubectl(["delete", kinds, "--all", "--namespace=shop", "--timeout=60s"]);
    }
    operator.child.kill("SIGTERM");
    expect(await operator.ended).toMatchObject({ code: 0 });
    await refreshLog();
    expect({ missing: proveRole(log).missing, unused: unused() }).toEqual({ missing: [], unused: [] });
  });
});

let log: Awaited<ReturnType<ControlPlane["auditLog"]>> = [];

async function refreshLog(): Promise<void> {
  log = await plane.auditLog();
}

function unused(): readonly string[] {
  return proveRole(log).unused.filter((right) => !RARE.has(right));
}

async function ready(): Promise<void> {
  const all = ["apps.llmstack.ai,datasources.llmstack.ai", "--all", "--namespace=shop", "--timeout=120s"];
  await plane.kubectl(["wait", "--for=condition=Ready", ...all]);
  await refreshLog();
}

/** Somebody else writes to resources in the moment in which the operator does, so that it has to read them again. */
async function quarrel(round: number): Promise<void> {
  const on = { kind: "ClusterServer", name: `all-${round}` };
  const documents = [
    server(`one-${round}`),
    clusterServer(on.name),
    app(`near-${round}`, { kind: "Server", name: `one-${round}` }),
    app(`far-${round}`, on),
    custom("Datasource", `docs-${round}`, { type: "text", entries: [{ name: "a", content: "x" }] }),
  ];
  await plane.apply(...documents);
  for (let turn = 0; turn < 25; turn += 1) {
    await Promise.all(documents.map(async (document) => label(document, String(turn))));
  }
  await refreshLog();
}

interface Resource extends JsonObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

async function label({ kind, metadata }: Resource, turn: string): Promise<void> {
  const scope = kind === "ClusterServer" ? "" : "namespaces/shop/";
  await plane.ask(`/apis/llmstack.ai/v1alpha1/${scope}${kind.toLowerCase()}s/${metadata.name}`, {
    method: "PATCH",
    contentType: "application/merge-patch+json",
    body: { metadata: { labels: { turn } } },
  });
}

function custom(kind: string, name: string, spec: JsonObject): Resource {
  const metadata = { name, ...(kind !== "ClusterServer" && { namespace: "shop" }) };
  return { apiVersion: "llmstack.ai/v1alpha1", kind, metadata, spec };
}

function server(name: string): Resource {
  return custom("Server", name, { url: world.url, tokenSecretRef: { name: "llmstack", key: "token" } });
}

function clusterServer(name: string): Resource {
  const namespace = "llmstack-sync";
  return custom("ClusterServer", name, {
    url: world.url,
    set: name,
    tokenSecretRef: { namespace, name: "llmstack", key: "token" },
    caConfigMapRef: { namespace, name: "ca", key: "ca.crt" },
    allowedNamespaces: ["shop"],
  });
}

function app(name: string, serverRef: { readonly kind: string; readonly name: string }): Resource {
  return custom("App", name, { serverRef, definition: { name, type_slug: "web" } });
}

function core(kind: string, namespace: string, name: string, more: JsonObject): JsonObject {
  return { apiVersion: "v1", kind, metadata: { namespace, name }, ...more };
}
