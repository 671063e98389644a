import * as fc from "fast-check";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../src/model/json.ts";
import { runCli } from "../support/cli-io.ts";
import { type ControlPlane, startControlPlane } from "../support/kube/control-plane.ts";

const UUID = "3f0b7c1e-8a52-4c55-9a57-0d4d3c1b9f10";
const DURATIONS: readonly Json[] = ["10m", "1h30m", "0.5s", "0", "10", "m", 10, "-1s"];

/** What people and their mistakes write: values of each field, right and wrong ones. */
const SHARED: Readonly<Record<string, readonly Json[]>> = {
  uuid: [UUID, UUID.toUpperCase(), "x", 5],
  movedFrom: [[], ["a", "b"], ["A_"], "a", [5]],
  formerSets: [[], ["staging"], [""], [true]],
  deletionPolicy: ["Delete", "Orphan", "Keep", true],
  serverRef: [{ name: "a" }, { kind: "ClusterServer", name: "a" }, { kind: "X", name: "a" }, {}, { name: "" }, "a"],
  interval: DURATIONS,
  retryInterval: DURATIONS,
  suspend: [true, false, "true", 0],
  drift: ["correct", "warn", "ignore", "fix"],
  driftIgnore: [[], ["/config/x"], ["config"], ["/a~2"], [""]],
  policies: [{}, { adopt: "Match" }, { replace: "Allow", drafts: "Discard" }, { adopt: "Always" }, { adapt: "Never" }],
  unheardOf: [1],
};

const SPECS: Readonly<Record<string, Readonly<Record<string, readonly Json[]>>>> = {
  App: {
    ...SHARED,
    definition: [
      { name: "Bot", type_slug: "web" },
      { name: "\u{1F600}".repeat(100), type_slug: "web" },
      { name: "x".repeat(101), type_slug: "web" },
      { name: "", type_slug: "web" },
      { name: "Bot" },
      "Bot",
    ],
    publish: [
      {},
      { state: "Published", visibility: "private", readers: ["ana@example.com"], writers: [] },
      { state: "Draft" },
      { visibility: "secret" },
      { readers: Array.from({ length: 21 }, (_, index) => `p${index}@example.com`) },
      { readers: [""] },
      { owners: [] },
    ],
  },
  Datasource: {
    ...SHARED,
    type: ["text", "url", "custom", "", 5],
    name: ["Docs", "\u{1F600}".repeat(100), "x".repeat(101), "", 5],
    pipeline: [{}, { embedding: { data: {} } }, "default", []],
    entriesPolicy: ["Keep", "Exclusive", "Drop"],
    entries: [
      [],
      [{ name: "a", content: "x" }],
      [{ name: "a", content: "x", metadata: { lang: "en" } }],
      [{ name: "a", content: "x", metadata: "en" }],
      [{ name: "a", url: "https://example.com/faq" }],
      [{ name: "a", content: "x", url: "https://example.com/faq" }],
      [{ name: "a" }],
      [{ content: "x" }],
      [{ name: "", content: "x" }],
      [{ name: "a\nb", content: "x" }],
      ["x", "y"].map((content) => ({ name: "a", content })),
      [{ name: "a", content: "x", colour: "red" }],
      "a",
    ],
    entriesFrom: [
      [],
      [{ configMap: { name: "texts" }, optional: true, metadata: { lang: "en" } }],
      [{ configMap: {} }],
      [{ optional: true }],
      [{ configMap: { name: "texts" }, glob: "*.md" }],
    ],
  },
};

const REQUIRED: Readonly<Record<string, readonly string[]>> = { App: ["definition"], Datasource: ["type"] };

let plane: ControlPlane;
let folder: string;

beforeAll(async () => {
  plane = await startControlPlane({ with: ["crds"] });
  folder = await mkdtemp(join(tmpdir(), "llmstack-sync-agreement-"));
});

afterAll(async () => {
  await plane.stop();
  await rm(folder, { recursive: true, force: true });
});

describe("the command line and the cluster", () => {
  it.each(Object.keys(SPECS))("refuse the same of one field of a %s", async (kind) => {
    const whole = { apiVersion: "llmstack.ai/v1alpha1", kind, metadata: { name: "it" }, spec: firstOfRequired(kind) };
    expect([await refusedByCli(whole), await refusedByCluster(kind, whole)]).toEqual(["", ""]);
    for (const [field, values] of Object.entries(SPECS[kind] ?? {})) {
      for (const value of values) await expectAgreement(kind, { ...firstOfRequired(kind), [field]: value });
    }
  });

  it.each(Object.keys(SPECS))("refuse the same of a whole %s", async (kind) => {
    const fields = SPECS[kind] ?? {};
    const spec = fc.record(
      Object.fromEntries(Object.entries(fields).map(([field, values]) => [field, fc.constantFrom(...values.slice(0, 3))])),
      { requiredKeys: [...(REQUIRED[kind] ?? [])] },
    );
    const agreement = fc.asyncProperty(spec, async (one) => expectAgreement(kind, one));
    await expect(fc.assert(agreement, { numRuns: 60 })).resolves.toBeUndefined();
  });
});

function firstOfRequired(kind: string): JsonObject {
  const names = REQUIRED[kind] ?? [];
  return Object.fromEntries(names.map((name) => [name, SPECS[kind]?.[name]?.[0] ?? null]));
}

async function expectAgreement(kind: string, spec: JsonObject): Promise<void> {
  const document = { apiVersion: "llmstack.ai/v1alpha1", kind, metadata: { name: "it" }, spec };
  const [cli, cluster] = await Promise.all([refusedByCli(document), refusedByCluster(kind, document)]);
  expect(cluster === "" ? "taken" : "refused", `${JSON.stringify(spec)}\nCLI: ${cli}\ncluster: ${cluster}`).toBe(
    cli === "" ? "taken" : "refused",
  );
}

/** What is said against a document; empty where it is taken. */
async function refusedByCli(document: object): Promise<string> {
  const stdin = (): Promise<string> => Promise.resolve(JSON.stringify(document));
  const { exitCode, stdout, stderr } = await runCli(["validate", "-"], { cwd: folder, stdin });
  return exitCode === 0 ? "" : `${stdout}${stderr}`;
}

async function refusedByCluster(kind: string, document: object): Promise<string> {
  const path = `/apis/llmstack.ai/v1alpha1/namespaces/default/${kind.toLowerCase()}s`;
  const answer = await plane.ask(`${path}?dryRun=All&fieldValidation=Strict`, { method: "POST", body: document });
  return answer.code === 201 ? "" : answer.message;
}
