import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import { type ControlPlane, startControlPlane } from "../support/kube/control-plane.ts";

const UUID = "3f0b7c1e-8a52-4c55-9a57-0d4d3c1b9f10";
const TOKEN = { name: "llmstack", key: "token" };

let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane({ with: ["crds"] });
});

afterAll(async () => plane.stop());

/** Creates, updates (whole), or tries to; answers what the API server says against it. */
async function put(kind: string, spec: JsonObject, name = "it"): Promise<string> {
  const path = `/apis/llmstack.ai/v1alpha1/namespaces/default/${kind.toLowerCase()}s`;
  const document = { apiVersion: "llmstack.ai/v1alpha1", kind, metadata: { name }, spec };
  const merge = { method: "PATCH", contentType: "application/apply-patch+yaml", body: document } as const;
  const answer = await plane.ask(`${path}/${name}?fieldManager=test&force=true`, merge);
  return answer.message;
}

async function setStatus(kind: string, status: JsonObject, name = "it"): Promise<string> {
  const path = `/apis/llmstack.ai/v1alpha1/namespaces/default/${kind.toLowerCase()}s/${name}/status?fieldManager=operator`;
  const document = { apiVersion: "llmstack.ai/v1alpha1", kind, metadata: { name }, status };
  const options = { method: "PATCH", contentType: "application/apply-patch+yaml", body: document } as const;
  return (await plane.ask(path, options)).message;
}

describe("what a cluster refuses", () => {
  it.each<[string, JsonObject, string]>([
    ["two bodies in an entry", { entries: [{ name: "a", content: "x", url: "y" }] }, "must validate one and only one"],
    ["no body in an entry", { entries: [{ name: "a" }] }, "spec.entries[0].content: Required"],
    ["a url in a text datasource", { entries: [{ name: "a", url: "https://a.example" }] }, "content: Required value"],
    ["two entries of one name", { entries: ["x", "y"].map((content) => ({ name: "a", content })) }, "duplicate entries"],
    ["an entry's name of two lines", { entries: [{ name: "a\nb", content: "x" }] }, "should match"],
    ["a directive of two keys", { entries: [{ name: "a", content: { $env: "A", $file: "b" } }] }, "must have at most 1"],
    ["a glob beside a ConfigMap", { entriesFrom: [{ glob: "a", configMap: { name: "b" } }] }, "one and only one"],
    ["a misspelt field", { entires: [] }, "field not declared in schema"],
    ["an unknown policy", { deletionPolicy: "Keep" }, 'supported values: "Delete", "Orphan"'],
    ["an interval without a unit", { interval: "10" }, "should match"],
    ["a uuid that is none", { uuid: "123" }, "should match"],
  ])("a Datasource with %s", async (_, spec, message) => {
    expect(await put("Datasource", { type: "text", ...spec })).toContain(message);
  });

  it("entries of a type that it does not know: servers have types of their own", async () => {
    const entries = [{ name: "a", url: "https://a.example" }];
    expect(await put("Datasource", { type: "sharepoint", entries }, "custom")).toBe("");
  });

  it("more than 1000 entries", async () => {
    const entries = Array.from({ length: 1001 }, (_, index) => ({ name: `e${index}`, content: "x" }));
    expect(await put("Datasource", { type: "text", entries })).toContain("must have at most 1000 items");
    expect(await put("Datasource", { type: "text", entries: entries.slice(1) }, "full")).toBe("");
  });

  it("a name that is no key", async () => {
    expect(await put("App", { definition: { name: "A", type_slug: "web" } }, "a.b")).toContain("metadata.name must be");
    expect(await put("App", { definition: { name: "A", type_slug: "web" } }, "x".repeat(64))).toContain("must be 1 to 63");
  });

  it("an app without a name or with one that servers cut", async () => {
    expect(await put("App", { definition: { type_slug: "web" } })).toContain("spec.definition.name: Required value");
    const name = "x".repeat(101);
    expect(await put("App", { definition: { name, type_slug: "web" } })).toContain("may not be more than 100");
  });

  it("another type in place, unless a replace is allowed", async () => {
    expect(await put("Datasource", { type: "text" }, "typed")).toBe("");
    expect(await put("Datasource", { type: "url" }, "typed")).toContain("type cannot be changed in place");
    expect(await put("Datasource", { type: "url", policies: { replace: "Allow" } }, "typed")).toBe("");
  });

  it("a uuid that means another object than the one that is live", async () => {
    const definition = { name: "A", type_slug: "web" };
    const other = UUID.replace("3", "4");
    expect(await put("App", { definition, uuid: other }, "bound")).toBe("");
    expect(await put("App", { definition, uuid: UUID }, "bound")).toBe("");
    expect(await setStatus("App", { uuid: UUID }, "bound")).toBe("");
    expect(await put("App", { definition, uuid: other }, "bound")).toContain("spec.uuid cannot mean another live object");
    expect(await put("App", { definition }, "bound")).toBe("");
    expect(await put("App", { definition, uuid: other }, "bound")).toContain("spec.uuid cannot mean another live object");
    expect(await put("App", { definition, uuid: UUID.toUpperCase() }, "bound")).toBe("");
  });

  it.each(["added", "changed", "removed"])("a set of a Server that is %s", async (how) => {
    const spec = { url: "https://llmstack.example.com", tokenSecretRef: TOKEN };
    const [before, after] = { added: [{}, { set: "a" }], changed: [{ set: "a" }, { set: "b" }], removed: [{ set: "a" }, {}] }[
      how
    ] ?? [{}, {}];
    expect(await put("Server", { ...spec, ...before }, how)).toBe("");
    expect(await put("Server", { ...spec, ...after }, how)).toContain("set cannot be added, changed or removed");
  });

  it.each<[string, JsonObject, string]>([
    ["a set of the operator's own", { set: "k8s:1" }, "must not validate"],
    ["a user in its address", { url: "https://me:secret@llmstack.example.com" }, "should match"],
    ["two places for its CA", { caSecretRef: TOKEN, caConfigMapRef: TOKEN }, "must not validate"],
  ])("a Server with %s", async (_, spec, message) => {
    expect(
      await put("Server", { url: "https://llmstack.example.com", tokenSecretRef: TOKEN, ...spec }, "odd"),
    ).toContain(message);
  });

  it("a ClusterServer whose Secret has no namespace", async () => {
    const spec = { url: "https://llmstack.example.com", tokenSecretRef: TOKEN };
    const document = { apiVersion: "llmstack.ai/v1alpha1", kind: "ClusterServer", metadata: { name: "all" }, spec };
    const path = "/apis/llmstack.ai/v1alpha1/clusterservers";
    const answer = await plane.ask(path, { method: "POST", body: document });
    expect(answer.message).toContain("spec.tokenSecretRef.namespace: Required value");
  });

  it.each<[string, JsonObject, string]>([
    ["two refs", { git: { ref: { branch: "main", tag: "v1" } } }, "must have at most 1"],
    ["a way out of the repository", { git: { path: "a/../.." } }, "must not validate"],
    ["a password in its address", { git: { url: "https://me:secret@git.example.com/a.git" } }, "should match"],
    ["a share of deletes that is none", { maxDeletes: "some" }, "should match"],
    ["a patch that says two things", { patches: [{ target: { kind: "App" }, merge: {}, patch: [] }] }, "one and only one"],
  ])("a GitSync with %s", async (_, spec, message) => {
    const git = { url: "https://git.example.com/a.git", ...(spec["git"] as JsonObject | undefined) };
    expect(await put("GitSync", { ...spec, git }, "odd")).toContain(message);
  });
});

describe("what a cluster shows", () => {
  it("the kinds by category, with what people ask first", async () => {
    expect(await put("App", { definition: { name: "A", type_slug: "web" } }, "shown")).toBe("");
    const conditions = [
      { type: "Ready", status: "True", reason: "Synced", message: "", lastTransitionTime: "2026-01-01T00:00:00Z" },
      { type: "Drifted", status: "False", reason: "InSync", message: "", lastTransitionTime: "2026-01-01T00:00:00Z" },
    ];
    expect(await setStatus("App", { observedGeneration: 1, uuid: UUID, conditions, server: { kind: "Server", name: "default" } }, "shown")).toBe("");
    const [head = "", ...rows] = (await plane.kubectl(["get", "llmapp"])).split("\n");
    expect(head.split(/\s+/u).filter(Boolean)).toEqual(["NAME", "READY", "REASON", "SERVER", "UUID", "DRIFT", "AGE"]);
    expect(rows.find((row) => row.startsWith("shown"))).toMatch(/^shown +True +Synced +default +3f0b7c1e-\S+ +False +\d+s/u);
    expect(await plane.kubectl(["get", "llmstack", "-o=name"])).toContain("app.llmstack.ai/shown");
    expect(await plane.kubectl(["wait", "--for=condition=Ready", "app/shown", "--timeout=10s"])).toContain("condition met");
  });

  it.each(["app.spec.policies.adopt", "datasource.spec.entries.content", "server.spec.tokenSecretRef", "gitsync.spec.git.ref"])(
    "what %s means",
    async (field) => {
      expect(await plane.kubectl(["explain", field])).toMatch(/DESCRIPTION:\s+\S+/u);
    },
  );

  it("no complaint about the schemas themselves", async () => {
    const crds = JSON.parse(await plane.kubectl(["get", "crd", "-o=json"])) as {
      readonly items: readonly { readonly status: { readonly conditions: readonly { type: string; status: string }[] } }[];
    };
    const types = crds.items.flatMap(({ status }) => status.conditions.map(({ type, status: value }) => `${type}=${value}`));
    expect(new Set(types)).toEqual(new Set(["Established=True", "NamesAccepted=True"]));
  });
});
