import type { JsonObject } from "../../model/json.ts";
import { metadata } from "./metadata.ts";
import { DURATION } from "./shared-spec.ts";
import { serverStatus } from "./status.ts";

/** Where a Secret or a ConfigMap is looked for: a Server's own namespace, or the one that a ClusterServer names. */
type Scope = "Server" | "ClusterServer";

const NAME: JsonObject = { type: "string", minLength: 1, maxLength: 253 };

function keyOf(what: string, scope: Scope, description: string): JsonObject {
  const isCluster = scope === "ClusterServer";
  return {
    type: "object",
    additionalProperties: false,
    required: isCluster ? ["name", "key", "namespace"] : ["name", "key"],
    description,
    properties: {
      name: { ...NAME, description: `metadata.name of the ${what}.` },
      key: { ...NAME, description: `Which key of the ${what}'s data to take.` },
      ...(isCluster && {
        namespace: { ...NAME, maxLength: 63, description: `The namespace of the ${what}: the operator's own.` },
      }),
    },
  };
}

const connection = (scope: Scope): JsonObject => ({
  url: {
    type: "string",
    maxLength: 2048,
    pattern: "^https?://[^/?#@\\s]+(/[^?#\\s]*)?$",
    description: "The address of the server, without user or query. Example: https://llmstack.example.com.",
  },
  tokenSecretRef: keyOf("Secret", scope, "Where the API token is. Example: { name: llmstack, key: token }."),
  caSecretRef: keyOf("Secret", scope, "CA certificates (PEM) to trust, in a Secret. Default: those of Node.js."),
  caConfigMapRef: keyOf("ConfigMap", scope, "CA certificates (PEM) to trust, in a ConfigMap. Default: those of Node.js."),
  hostHeader: {
    type: "string",
    minLength: 1,
    maxLength: 253,
    description:
      "The Host header to send, for servers that accept only names they know. Default: the host of url. Example: llmstack.example.com.",
  },
  dialect: {
    type: "string",
    minLength: 1,
    maxLength: 63,
    description: "The dialect of its API. Default: recognised by looking at the server. Example: versioned.",
  },
});

const behaviour: JsonObject = {
  set: {
    type: "string",
    minLength: 1,
    maxLength: 253,
    not: { pattern: "^k8s:" },
    description:
      "The name in the mark of every object that comes from here; it cannot be changed later. Resources that were synced by the command line keep their objects when it is the same set. Default: k8s:<uid of the resource's namespace>. Example: support.",
  },
  timeout: { type: "string", pattern: DURATION, description: "How long one request may take. Default: the operator's own. Example: 30s." },
  parallelism: {
    type: "integer",
    minimum: 1,
    maximum: 1000,
    description: "How many requests may run at the same time. Default: the operator's own. Example: 4.",
  },
  interval: {
    type: "string",
    pattern: DURATION,
    description: "How often it is asked whether it is there, at least 30s; \"0\" means never. Default: the operator's own. Example: 1m.",
  },
  suspend: { type: "boolean", description: "true leaves everything on this server alone for now. Default: false." },
};

const allowedNamespaces: JsonObject = {
  type: "array",
  maxItems: 1000,
  items: { type: "string", pattern: "^[a-z0-9*]([a-z0-9*-]{0,61}[a-z0-9*])?$" },
  description:
    "The namespaces whose resources may use this server, as names or globs; * is every one. Left out or empty: none. Example: [team-*, shop].",
};

function serverOf(scope: Scope, description: string, more: JsonObject): JsonObject {
  return {
    type: "object",
    description,
    additionalProperties: false,
    required: ["apiVersion", "kind", "metadata", "spec"],
    properties: {
      apiVersion: { const: "llmstack.ai/v1alpha1", description: "Always llmstack.ai/v1alpha1." },
      kind: { const: scope, description: `Always ${scope}.` },
      metadata,
      spec: {
        type: "object",
        additionalProperties: false,
        required: ["url", "tokenSecretRef"],
        not: { required: ["caSecretRef", "caConfigMapRef"] },
        description: "Where the server is and how it is spoken to.",
        properties: { ...connection(scope), ...behaviour, ...more },
      },
      status: serverStatus,
    },
  };
}

/** A whole Server: an LLMStack server that the resources of one namespace are on. */
export const server = serverOf("Server", "An LLMStack server that resources of this namespace are on.", {});

/** A whole ClusterServer: one for the namespaces it names. */
export const clusterServer = serverOf(
  "ClusterServer",
  "An LLMStack server that resources of several namespaces are on.",
  { allowedNamespaces },
);
