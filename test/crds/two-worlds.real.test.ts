import { cp, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../support/cli-io.ts";
import { type ControlPlane, startControlPlane } from "../support/kube/control-plane.ts";

const examples = fileURLToPath(new URL("../../examples", import.meta.url));

interface Rendered {
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Secrets that it names, which are never written: key by name. */
  readonly secrets?: Readonly<Record<string, string>>;
}

const RENDERED: readonly Rendered[] = [
  { folder: "docs-folder" },
  { folder: "one-app" },
  { folder: "own-yaml" },
  { folder: "portable", secrets: { maps: "api-key" } },
  { folder: "quickstart" },
  { folder: "references" },
  { folder: "secrets", secrets: { weather: "api-key", crm: "authorization" } },
  {
    folder: "support-bot",
    env: { TICKETS_AUTHORIZATION: "Bearer not-a-real-token" },
    secrets: { "llmstack-sync-env": "TICKETS_AUTHORIZATION" },
  },
];

/** Four ways in which people bring files into a cluster. */
const WAYS = ["apply", "apply --server-side", "kustomize", "create"] as const;

let plane: ControlPlane;
let folder: string;

beforeAll(async () => {
  plane = await startControlPlane({ with: ["crds"] });
  folder = await mkdtemp(join(tmpdir(), "llmstack-sync-worlds-"));
});

afterAll(async () => {
  await plane.stop();
  await rm(folder, { recursive: true, force: true });
});

describe("one file in both worlds", () => {
  it.each(WAYS)("examples/portable is taken unchanged by kubectl: %s", async (way) => {
    const namespace = await newNamespace();
    const files = join(folder, namespace);
    await cp(join(examples, "portable"), files, { recursive: true });
    await rm(join(files, "README.md"));
    await bring(files, way, namespace);
    expect(await planDigest(await readBack(namespace))).toBe(await planDigest({ path: files }));
  });

  it.each(RENDERED)("what render writes of examples/$folder is taken, and means the same", async (example) => {
    const { folder: name, env, secrets = {} } = example;
    const namespace = await newNamespace();
    const files = join(folder, namespace);
    const source = join(examples, name);
    const rendered = await runCli(["render", source, "--out-dir", files], { cwd: folder, ...(env && { env }) });
    expect(rendered).toMatchObject({ exitCode: 0 });
    await Promise.all(Object.entries(secrets).map(async ([secret, key]) => writeSecret(files, secret, key)));
    await bring(files, "apply --server-side", namespace);
    const before = await planDigest({ path: files });
    expect(await planDigest(await readBack(namespace))).toBe(before);
  });

  it("two managers keep parts of one datasource, each its own entries", async () => {
    const namespace = await newNamespace();
    const docs = (spec: object): string =>
      JSON.stringify({ apiVersion: "llmstack.ai/v1alpha1", kind: "Datasource", metadata: { name: "docs" }, spec });
    const apply = async (manager: string, spec: object): Promise<string> =>
      plane.kubectl(["apply", "--server-side", `--field-manager=${manager}`, `-n=${namespace}`, "-f", "-"], {
        input: docs(spec),
      });
    await apply("team", { type: "text", entries: [{ name: "refunds", content: "14 days" }] });
    await apply("platform", { type: "text", interval: "1h", entries: [{ name: "legal", content: "No warranty." }] });
    await apply("team", { type: "text", entries: [{ name: "refunds", content: "30 days" }] });
    const spec = await plane.kubectl(["get", "datasource", "docs", `-n=${namespace}`, "-o=jsonpath={.spec}"]);
    expect(JSON.parse(spec)).toEqual({
      type: "text",
      interval: "1h",
      entries: [
        { name: "refunds", content: "30 days" },
        { name: "legal", content: "No warranty." },
      ],
    });
    await expect(
      apply("platform", { type: "text", entries: [{ name: "refunds", content: "never" }] }),
    ).rejects.toThrow(/conflict with "team"/u);
  });
});

async function writeSecret(files: string, name: string, key: string): Promise<void> {
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name }, stringData: { [key]: "not-a-real-value" } };
  await writeFile(join(files, `${name}-secret.yaml`), JSON.stringify(secret));
}

let namespaces = 0;

async function newNamespace(): Promise<string> {
  const name = `world-${(namespaces += 1)}`;
  await plane.kubectl(["create", "namespace", name]);
  return name;
}

async function bring(files: string, way: (typeof WAYS)[number], namespace: string): Promise<void> {
  const into = [`--namespace=${namespace}`];
  if (way !== "kustomize") {
    await plane.kubectl([...way.split(" "), ...into, "-f", files]);
    return;
  }
  const resources = (await readdir(files)).filter((name) => name.endsWith(".yaml"));
  await writeFile(join(files, "kustomization.yaml"), JSON.stringify({ resources, namespace }));
  await plane.kubectl(["apply", "-k", files]);
}

/** Everything of a namespace that a manifest folder can hold, as the cluster gives it back. */
async function readBack(namespace: string): Promise<{ readonly text: string }> {
  const kinds = "apps.llmstack.ai,datasources.llmstack.ai,configmaps,secrets";
  return { text: await plane.kubectl(["get", kinds, `--namespace=${namespace}`, "-o=yaml"]) };
}

/** What the command line would do with manifests on an empty server, in one number. */
async function planDigest(source: { readonly path: string } | { readonly text: string }): Promise<string> {
  const [path, stdin] = "path" in source ? [source.path, undefined] : ["-", source.text];
  const result = await runCli(["plan", path, "--server", "embedded", "-o", "json"], {
    cwd: folder,
    ...(stdin !== undefined && { stdin: () => Promise.resolve(stdin) }),
  });
  expect(result).toMatchObject({ exitCode: 0 });
  const plan = JSON.parse(result.stdout) as { readonly digest: string };
  expect(plan.digest).toMatch(/^[0-9a-f]{64}$/u);
  return plan.digest;
}
