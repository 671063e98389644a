import { yamlText } from "../../src/manifest/write/yaml-text.ts";
import { isObject, type JsonObject } from "../../src/model/json.ts";
import { crd, crdName } from "../crds/crd.ts";
import { customResources } from "../crds/resources.ts";
import { alertGroups } from "./alerts.ts";
import { roleFiles } from "./roles.ts";

const LABELS = { "app.kubernetes.io/name": "llmstack-sync" };

/** What of deploy/ is generated: text by path. `health` is how Argo CD judges a resource, in Lua. */
export function deployFiles(madeBy: string, health: string): ReadonlyMap<string, string> {
  const rule = {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: "llmstack-sync", namespace: "llmstack-sync", labels: LABELS },
    spec: { groups: alertGroups },
  };
  const kept = customResources.map(
    (resource) =>
      [`deploy/helm/llmstack-sync-crds/templates/${crdName(resource)}.yaml`, yamlText(keptCrd(crd(resource)), [madeBy])] as const,
  );
  return new Map([
    ...roleFiles(madeBy),
    ...kept,
    ["deploy/kustomize/monitoring/prometheus-rule.yaml", yamlText(rule, [madeBy])],
    ["deploy/helm/llmstack-sync/alerts.yaml", yamlText({ groups: alertGroups }, [madeBy])],
    ["deploy/argocd/argocd-cm.yaml", yamlText(argoSettings(health), [madeBy, "A part of Argo CD's own ConfigMap: merge it into yours."])],
  ]);
}

/** Uninstalling a chart must not delete every resource of its kinds, and with them what lives on servers. */
function keptCrd(document: JsonObject): JsonObject {
  const { metadata } = document;
  const annotations = { "helm.sh/resource-policy": "keep" };
  return { ...document, metadata: { ...(isObject(metadata) && metadata), annotations } };
}

function argoSettings(health: string): JsonObject {
  const data = customResources.map(({ kind }) => [`resource.customizations.health.llmstack.ai_${kind}`, health]);
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "argocd-cm", namespace: "argocd", labels: { "app.kubernetes.io/part-of": "argocd" } },
    data: Object.fromEntries(data) as JsonObject,
  };
}
