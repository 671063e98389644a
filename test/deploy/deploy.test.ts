import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { alertGroups } from "../../scripts/deploy/alerts.ts";
import { grants } from "../../scripts/deploy/grants.ts";
import { longName } from "../../src/cli/options/flag.ts";
import { operatorFlags } from "../../src/cli/options/operator.ts";
import { createMetrics } from "../../src/operator/metrics.ts";
import { resourceMetrics } from "../../src/operator/resource-metrics.ts";
import { serverMetrics } from "../../src/operator/servers/server-metrics.ts";

async function page(path: string): Promise<string> {
  return readFile(new URL(`../../${path}`, import.meta.url), "utf8");
}

describe("deploy/", () => {
  it.each([
    "deploy/kustomize/namespaced/deployment.yaml",
    "deploy/kustomize/webhooks/deployment.yaml",
    "deploy/helm/llmstack-sync/templates/deployment.yaml",
  ])(
    "%s passes flags that the operator has",
    async (path) => {
      const passed = [...(await page(path)).matchAll(/--[a-z][a-z-]+(?==)/gu)].map(([flag]) => flag);
      const known = new Set(operatorFlags.map(longName));
      expect(passed.length).toBeGreaterThan(1);
      expect(passed.filter((flag) => !known.has(flag))).toEqual([]);
    },
  );

  it("alerts on what the operator measures", () => {
    const metrics = createMetrics();
    metrics.leading("llmstack-sync", () => true);
    resourceMetrics(metrics.registry, []);
    serverMetrics(metrics.registry, () => []);
    const measured = new Set(metrics.registry.getMetricsAsArray().map(({ name }) => name));
    const text = JSON.stringify(alertGroups);
    const named = [...text.matchAll(/\b((?:controller_runtime|workqueue|leader_election|llmstack_sync)_\w+)/gu)].map(
      ([, name = ""]) => name.replace(/_bucket$/u, ""),
    );
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((name) => !measured.has(name))).toEqual([]);
  });

  it("runs the same pod whichever way it is installed", async () => {
    const hardened = ["runAsNonRoot: true", "readOnlyRootFilesystem: true", "type: RuntimeDefault", "- ALL"];
    for (const path of ["kustomize/namespaced/deployment.yaml", "helm/llmstack-sync/templates/deployment.yaml"]) {
      const text = await page(`deploy/${path}`);
      expect(hardened.filter((line) => !text.includes(line))).toEqual([]);
    }
  });

  it("runs as the user that the image knows, which ssh insists on", async () => {
    const image = await page("Dockerfile");
    const user = /^USER (\d+):/mu.exec(image)?.[1] ?? "";
    expect(await page("deploy/kustomize/namespaced/deployment.yaml")).toContain(`runAsUser: ${user}`);
    expect(image).toMatch(new RegExp(`adduser .*-u ${user} `, "u"));
    expect(image).toMatch(/apk add .*\bgit gnupg openssh-client\b/u);
  });

  it("is documented right by right", async () => {
    const rows = [...(await page("docs/install.md")).matchAll(/^\| (watched|own|default|cluster) \| (.*) \| (.*) \|$/gmu)];
    const said = rows.map(([, place, resources = "", verbs = ""]) => ({
      in: place,
      resources: resources.replaceAll("`", "").split(", "),
      verbs: verbs.split(", "),
    }));
    expect(said).toEqual(grants.map(({ in: place, resources, verbs }) => ({ in: place, resources, verbs })));
  });
});
