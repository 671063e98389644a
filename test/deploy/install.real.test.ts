import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { grants } from "../../scripts/deploy/grants.ts";
import { helm } from "../support/helm.ts";
import { type ControlPlane, startControlPlane } from "../support/kube/control-plane.ts";

const deploy = fileURLToPath(new URL("../../deploy", import.meta.url));
const CHART = join(deploy, "helm/llmstack-sync");
const CRDS_CHART = join(deploy, "helm/llmstack-sync-crds");

const OURS = "app.kubernetes.io/name=llmstack-sync";

/** Everything that can be set, set. */
const ALL_VALUES = {
  watch: { namespaces: ["shop", "support"], selector: "team in (shop,support)" },
  replicas: 3,
  concurrency: 50,
  image: { digest: `sha256:${"0".repeat(64)}`, pullPolicy: "Always" },
  imagePullSecrets: [{ name: "registry" }],
  serviceAccount: { annotations: { "example.com/role": "sync" } },
  env: [{ name: "HTTPS_PROXY", value: "http://proxy.example.com:3128" }],
  podAnnotations: { "example.com/note": "yes" },
  podLabels: { "example.com/team": "shop" },
  priorityClassName: "system-cluster-critical",
  nodeSelector: { "kubernetes.io/os": "linux" },
  tolerations: [{ key: "dedicated", operator: "Exists" }],
  affinity: { nodeAffinity: {} },
  webhooks: { secretName: "webhooks", secretKey: "token" },
  networkPolicy: { egress: [{ ports: [{ protocol: "TCP", port: 3000 }] }] },
  monitoring: { enabled: true, labels: { release: "prometheus" } },
};

let plane: ControlPlane;
let folder: string;

beforeAll(async () => {
  plane = await startControlPlane();
  folder = await mkdtemp(join(tmpdir(), "llmstack-sync-deploy-"));
  for (const name of ["llmstack-sync", "shop", "support", "elsewhere"]) await plane.kubectl(["create", "namespace", name]);
  await plane.apply(...["ServiceMonitor", "PrometheusRule"].map(monitoringCrd));
  await plane.kubectl(["wait", "--for=condition=Established", "--timeout=60s", "crd", "--all"]);
  await writeFile(join(folder, "all.json"), JSON.stringify(ALL_VALUES));
});

afterAll(async () => {
  await plane.stop();
  await rm(folder, { recursive: true, force: true });
});

describe("kustomize", () => {
  it.each(["namespaced", "cluster-wide"])("%s is taken by the API server", async (name) => {
    const said = await plane.kubectl(["apply", "--dry-run=server", "-k", join(deploy, "kustomize", name)]);
    expect(said).toContain("deployment.apps/llmstack-sync created (server dry run)");
  });

  it("monitoring and webhooks are taken on top of it", async () => {
    const at = (name: string): string => relative(folder, join(deploy, "kustomize", name));
    const kustomization = { resources: [at("namespaced")], components: [at("monitoring"), at("webhooks")] };
    await writeFile(join(folder, "kustomization.yaml"), JSON.stringify(kustomization));
    const said = await plane.kubectl(["apply", "--dry-run=server", "-k", folder]);
    expect(said).toContain("prometheusrule.monitoring.coreos.com/llmstack-sync created");
    expect(said).toContain("service/llmstack-sync-webhooks created");
  });
});

describe("helm", () => {
  it.each([CHART, CRDS_CHART])("%s passes its lint", async (chart) => {
    expect(await helm(["lint", "--strict", chart])).toContain("0 chart(s) failed");
  });

  it.each([
    ["as it is", []],
    ["for the whole cluster", ["--set", "watch.clusterWide=true"]],
    ["with everything set", ["--values", "all.json"]],
  ])("the chart %s is taken by the API server", async (_, args) => {
    const said = await plane.kubectl(["apply", "--dry-run=server", "-f", "-"], { input: await render(args) });
    expect(said).toContain("deployment.apps/llmstack-sync created (server dry run)");
    expect(said).toContain("networkpolicy.networking.k8s.io/llmstack-sync created (server dry run)");
  });

  it("a second release of another share stands beside the first", async () => {
    const watched = ["--set", "monitoring.enabled=true", "--set"];
    await plane.kubectl(["apply", "-f", "-"], { input: await render([...watched, "watch.namespaces={shop}"]) });
    const second = await render([...watched, "watch.namespaces={support}"], "team-b");
    const said = await plane.kubectl(["apply", "--dry-run=server", "-f", "-"], { input: second });
    expect(said).not.toContain("configured");
    expect(second).toContain('job="team-b-llmstack-sync-metrics"');
    await plane.kubectl(["delete", "-f", "-"], { input: await render([...watched, "watch.namespaces={shop}"]) });
  });

  it("a value that it does not know is refused", async () => {
    await expect(render(["--set", "watch.namespace=shop"])).rejects.toThrow(/namespace/u);
  });

  it("uninstalling the kinds keeps them", async () => {
    const at = ["--kubeconfig", plane.kubeconfigs.admin, "--namespace", "llmstack-sync"];
    await helm(["install", "kinds", CRDS_CHART, ...at]);
    await helm(["upgrade", "kinds", CRDS_CHART, ...at]);
    await helm(["uninstall", "kinds", ...at]);
    expect(await plane.kubectl(["get", "crd", "apps.llmstack.ai", "-o=name"])).toContain("apps.llmstack.ai");
  });
});

describe("what is installed", () => {
  it.each([
    ["kustomize", async () => plane.kubectl(["kustomize", join(deploy, "kustomize/namespaced")])],
    ["helm", async () => render([])],
  ])("by %s gives the operator exactly its rights, in its namespace", async (_, documents) => {
    const input = await documents();
    await plane.kubectl(["apply", "-f", "-"], { input });
    try {
      const wanted = grants.flatMap(({ in: place, group, resources, verbs }) =>
        resources.flatMap((resource) => verbs.map((verb) => [verb, group, resource, NAMESPACE_OF[place]] as const)),
      );
      expect(await refusedOf(wanted)).toEqual([]);
      expect(await refusedOf(FORBIDDEN)).toEqual(FORBIDDEN);
    } finally {
      await plane.kubectl(["delete", "rolebindings,clusterrolebindings,deployments", "--all-namespaces", "-l", OURS]);
    }
  });

  it("is a pod that a restricted namespace takes", async () => {
    await plane.kubectl(["label", "namespace", "shop", "pod-security.kubernetes.io/enforce=restricted", "--overwrite"]);
    const rendered = await render(["--show-only", "templates/deployment.yaml"]);
    const deployment = JSON.parse(
      await plane.kubectl(["create", "--dry-run=client", "-o=json", "-f", "-"], { input: rendered }),
    ) as { readonly spec: { readonly template: { readonly spec: object } } };
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "operator" }, spec: deployment.spec.template.spec };
    const into = ["apply", "--dry-run=server", "--namespace=shop", "-f", "-"];
    expect(await plane.kubectl(into, { input: JSON.stringify(pod) })).toContain("pod/operator created");
    const open = { ...pod, spec: { ...pod.spec, securityContext: {} } };
    await expect(plane.kubectl(into, { input: JSON.stringify(open) })).rejects.toThrow("violates PodSecurity");
  });
});

type Right = readonly [verb: string, group: string, resource: string, namespace: string];

const NAMESPACE_OF = { watched: "llmstack-sync", own: "llmstack-sync", default: "default", cluster: "" };

/** What would be more than it needs. */
const FORBIDDEN: readonly Right[] = [
  ["get", "", "secrets", "elsewhere"],
  ["list", "llmstack.ai", "apps", "elsewhere"],
  ["update", "", "secrets", "llmstack-sync"],
  ["delete", "llmstack.ai", "apps", "llmstack-sync"],
  ["list", "", "namespaces", ""],
  ["create", "", "pods", "llmstack-sync"],
  ["get", "coordination.k8s.io", "leases", "default"],
];

async function refusedOf(rights: readonly Right[]): Promise<readonly Right[]> {
  const answers = await Promise.all(rights.map(async (right) => ({ right, isGranted: await mayOperator(...right) })));
  return answers.filter(({ isGranted }) => !isGranted).map(({ right }) => right);
}

async function mayOperator(verb: string, group: string, resource: string, namespace: string): Promise<boolean> {
  const [type = "", subresource] = resource.split("/");
  const resourceAttributes = { verb, group, resource: type, ...(subresource !== undefined && { subresource }), namespace };
  const review = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes },
  };
  const { body } = await plane.ask("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
    method: "POST",
    body: review,
    user: "operator",
  });
  return (body["status"] as { readonly allowed: boolean }).allowed;
}

async function render(args: readonly string[], release = "llmstack-sync"): Promise<string> {
  const values = args.map((arg) => (arg === "all.json" ? join(folder, arg) : arg));
  return helm(["template", release, CHART, "--namespace", "llmstack-sync", ...values]);
}

/** As much of the Prometheus operator's kinds as it takes to say yes to a document. */
function monitoringCrd(kind: string): object {
  const plural = `${kind.toLowerCase()}s`;
  const open = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.monitoring.coreos.com` },
    spec: {
      group: "monitoring.coreos.com",
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: open } }],
    },
  };
}
