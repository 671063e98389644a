import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../src/kube/kube-object.ts";
import { schemas } from "../../src/kinds/schemas/index.ts";
import { isObject, type Json, type JsonObject } from "../../src/model/json.ts";
import { gitSyncSpecOf } from "../../src/operator/git-syncs/git-sync-spec.ts";
import { clusterSource } from "../../src/operator/resources/cluster-source.ts";
import { settingsOf } from "../../src/operator/resources/settings.ts";
import { serverSpecOf } from "../../src/operator/servers/server-spec.ts";
import { readDesired } from "../../src/pipeline.ts";

type Specs = Readonly<Record<string, JsonObject>>;

const UUID = "3f0b7c1e-8a52-4c55-9a57-0d4d3c1b9f10";

/** What another value of each field may be; the rest of a spec is the base's. */
const SHARED: Specs = {
  uuid: { uuid: UUID },
  movedFrom: { movedFrom: ["old"] },
  formerSets: { formerSets: ["staging"] },
  deletionPolicy: { deletionPolicy: "Orphan" },
  "serverRef.name": { serverRef: { name: "other" } },
  "serverRef.kind": { serverRef: { kind: "ClusterServer", name: "default" } },
  interval: { interval: "1h" },
  retryInterval: { retryInterval: "1h" },
  suspend: { suspend: true },
  drift: { drift: "warn" },
  driftIgnore: { driftIgnore: ["/config/theme"] },
  "policies.adopt": { policies: { adopt: "Match" } },
  "policies.replace": { policies: { replace: "Allow" } },
  "policies.drafts": { policies: { drafts: "Discard" } },
};

const APP: Specs = {
  ...SHARED,
  definition: { definition: { name: "Other", type_slug: "web" } },
  "publish.state": { publish: { state: "Published" } },
  "publish.visibility": { publish: { state: "Published", visibility: "public" } },
  "publish.readers": { publish: { state: "Published", readers: ["ana@example.com"] } },
  "publish.writers": { publish: { state: "Published", writers: ["ana@example.com"] } },
};

const DATASOURCE: Specs = {
  ...SHARED,
  name: { name: "Other" },
  type: { type: "url", entries: [] },
  pipeline: { type: "custom", pipeline: { embedding: { data: {} } } },
  entries: { entries: [{ name: "a", content: "x" }] },
  entriesFrom: { entriesFrom: [{ configMap: { name: "facts" } }] },
  entriesPolicy: { entriesPolicy: "Exclusive" },
};

const SERVER: Specs = {
  url: { url: "https://other.example.com" },
  "tokenSecretRef.name": { tokenSecretRef: { name: "other", key: "token" } },
  "tokenSecretRef.key": { tokenSecretRef: { name: "llmstack", key: "other" } },
  "caSecretRef.name": { caSecretRef: { name: "a", key: "ca" } },
  "caSecretRef.key": { caSecretRef: { name: "ca", key: "a" } },
  "caConfigMapRef.name": { caConfigMapRef: { name: "a", key: "ca" } },
  "caConfigMapRef.key": { caConfigMapRef: { name: "ca", key: "a" } },
  hostHeader: { hostHeader: "llmstack.example.com" },
  dialect: { dialect: "doc" },
  set: { set: "support" },
  timeout: { timeout: "5s" },
  parallelism: { parallelism: 3 },
  interval: { interval: "1h" },
  suspend: { suspend: true },
};

const CLUSTER_SERVER: Specs = {
  ...SERVER,
  "tokenSecretRef.namespace": { tokenSecretRef: { name: "llmstack", key: "token", namespace: "a" } },
  "caSecretRef.namespace": { caSecretRef: { name: "ca", key: "ca", namespace: "a" } },
  "caConfigMapRef.namespace": { caConfigMapRef: { name: "ca", key: "ca", namespace: "a" } },
  allowedNamespaces: { allowedNamespaces: ["shop"] },
};

const git = (more: JsonObject): JsonObject => ({ git: { url: "https://example.com/org/repo.git", ...more } });

const GIT_SYNC: Specs = {
  "git.url": { git: { url: "https://example.com/org/other.git" } },
  "git.path": git({ path: "envs/prod" }),
  "git.ref.branch": git({ ref: { branch: "main" } }),
  "git.ref.tag": git({ ref: { tag: "v1" } }),
  "git.ref.semver": git({ ref: { semver: "^1" } }),
  "git.ref.commit": git({ ref: { commit: "a".repeat(40) } }),
  "git.ref.name": git({ ref: { name: "refs/pull/1/head" } }),
  "git.secretRef.name": git({ secretRef: { name: "git" } }),
  "git.verify.mode": git({ verify: { mode: "commit", secretRef: { name: "keys" } } }),
  "git.verify.secretRef.name": git({ verify: { mode: "tag", secretRef: { name: "others" } } }),
  "serverRef.name": { serverRef: { name: "other" } },
  "serverRef.kind": { serverRef: { kind: "ClusterServer", name: "default" } },
  approval: { approval: "Manual" },
  drift: { drift: "warn" },
  interval: { interval: "1h" },
  maxDeletes: { maxDeletes: "10%" },
  patches: { patches: [{ target: { kind: "App" }, merge: { spec: { suspend: true } } }] },
  prune: { prune: true },
  rewind: { rewind: "follow" },
  set: { set: "support" },
  suspend: { suspend: true },
  timeout: { timeout: "5s" },
};

const BASES: Readonly<Record<string, JsonObject>> = {
  App: { definition: { name: "Bot", type_slug: "web" } },
  Datasource: { name: "Docs", type: "text" },
  Server: { url: "https://llmstack.example.com", tokenSecretRef: { name: "llmstack", key: "token" } },
  ClusterServer: { url: "https://llmstack.example.com", tokenSecretRef: { name: "llmstack", key: "token" } },
  GitSync: git({}),
};

/** Fields that hold a document of LLMStack's, or are read as one value. */
const WHOLE: ReadonlySet<string> = new Set(["definition", "pipeline", "maxDeletes"]);

/** The fields of a schema, with those of the maps in it by path: `serverRef.name`. */
function fieldsOf(schema: Json | undefined, path: string): readonly string[] {
  const properties = isObject(schema) ? schema["properties"] : undefined;
  if (!isObject(properties) || WHOLE.has(path)) return [path];
  return Object.entries(properties).flatMap(([name, inner]) => fieldsOf(inner, path === "" ? name : `${path}.${name}`));
}

const settled = async (object: KubeObject, spec: JsonObject): Promise<unknown> => {
  const facts = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "facts" }, data: { hours: "9 to 5" } };
  const values = { env: () => undefined, secretFiles: new Map(), missingSecrets: "error" } as const;
  const { desired, problems } = await readDesired(clusterSource("shop", [object], [facts]), values);
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  return [settingsOf(spec), [...desired.values()]];
};

const READERS: Readonly<Record<string, (object: KubeObject, spec: JsonObject) => unknown>> = {
  App: settled,
  Datasource: settled,
  Server: serverSpecOf,
  ClusterServer: serverSpecOf,
  GitSync: gitSyncSpecOf,
};

/** Everything that the operator takes from a spec. */
async function readOf(kind: string, spec: JsonObject): Promise<string> {
  const metadata = { name: "bot", namespace: "shop", uid: "u", resourceVersion: "1" };
  const object = { apiVersion: "llmstack.ai/v1alpha1", kind, metadata, spec };
  return inspect(await READERS[kind]?.(object, spec), { depth: 20 });
}

describe.each([
  ["App", schemas.App, APP],
  ["Datasource", schemas.Datasource, DATASOURCE],
  ["Server", schemas.Server, SERVER],
  ["ClusterServer", schemas.ClusterServer, CLUSTER_SERVER],
  ["GitSync", schemas.GitSync, GIT_SYNC],
] as const)("a %s", (kind, schema, specs) => {
  const { properties } = schema;
  const fields = fieldsOf(isObject(properties) ? properties["spec"] : undefined, "");

  it("has a value to try for each field of its spec", () => {
    expect(Object.keys(specs).toSorted()).toEqual([...fields].toSorted());
  });

  it.each(Object.entries(specs))("is read differently where spec.%s is another one", async (_, spec) => {
    const base = BASES[kind] ?? {};
    expect(await readOf(kind, { ...base, ...spec })).not.toBe(await readOf(kind, base));
  });
});
