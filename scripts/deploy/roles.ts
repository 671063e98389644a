import { yamlText } from "../../src/manifest/write/yaml-text.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { type Grant, grants, type Place } from "./grants.ts";

const LABELS = { "app.kubernetes.io/name": "llmstack-sync" };
const ACCOUNT = { kind: "ServiceAccount", name: "llmstack-sync", namespace: "llmstack-sync" };

/** A role of deploy/kustomize: what it is called and where its rights count. */
interface Role {
  readonly file: string;
  readonly name: string;
  readonly places: readonly Place[];
  /** Undefined: in the whole cluster. */
  readonly namespace?: string;
}

const roles: readonly Role[] = [
  { file: "namespaced/rbac/watched.yaml", name: "llmstack-sync", places: ["watched"], namespace: ACCOUNT.namespace },
  { file: "namespaced/rbac/own.yaml", name: "llmstack-sync-own", places: ["own"], namespace: ACCOUNT.namespace },
  { file: "namespaced/rbac/default.yaml", name: "llmstack-sync-events", places: ["default"], namespace: "default" },
  { file: "namespaced/rbac/cluster.yaml", name: "llmstack-sync-clusterservers", places: ["cluster"] },
  { file: "cluster-wide/rbac/watched.yaml", name: "llmstack-sync-watched", places: ["watched"] },
];

/** Roles with their bindings for kustomize, and the bare rules by place for the chart: text by path. */
export function roleFiles(madeBy: string): ReadonlyMap<string, string> {
  const kustomize = roles.map(
    (role) => [`deploy/kustomize/${role.file}`, documents(role, madeBy)] as const,
  );
  const places = [...new Set(grants.map((grant) => grant.in))];
  const helm = places.map(
    (place) => [`deploy/helm/llmstack-sync/rbac/${place}.yaml`, yamlText({ rules: rulesOf([place]) }, [madeBy])] as const,
  );
  return new Map([...kustomize, ...helm]);
}

function documents({ name, places, namespace }: Role, madeBy: string): string {
  const isCluster = namespace === undefined;
  const metadata = { name, ...(!isCluster && { namespace }), labels: LABELS };
  const kind = isCluster ? "ClusterRole" : "Role";
  const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind, metadata, rules: rulesOf(places) };
  const binding = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: `${kind}Binding`,
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name },
    subjects: [ACCOUNT],
  };
  return `${yamlText(role, [madeBy])}---\n${yamlText(binding)}`;
}

function rulesOf(places: readonly Place[]): readonly JsonObject[] {
  return grants.filter((grant) => places.includes(grant.in)).map(ruleOf);
}

function ruleOf({ group, resources, verbs }: Grant): JsonObject {
  return { apiGroups: [group], resources, verbs };
}
