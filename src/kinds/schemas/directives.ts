import type { JsonObject } from "../../model/json.ts";

const nameAndKey = (what: string): JsonObject => ({
  type: "object",
  additionalProperties: false,
  required: ["name", "key"],
  properties: {
    name: { type: "string", minLength: 1, maxLength: 253, description: `metadata.name of the ${what}.` },
    key: { type: "string", minLength: 1, maxLength: 253, description: `Which key of the ${what}'s data to take.` },
  },
});

const env: JsonObject = {
  type: "string",
  pattern: "^[A-Za-z_][A-Za-z0-9_]*$",
  description:
    "An environment variable of the command line, kept secret in every output. It has no meaning in a cluster: use $secret there. Example: SLACK_BOT_TOKEN.",
};

const file: JsonObject = {
  type: "string",
  minLength: 1,
  description:
    "A file, relative to this manifest and inside the manifest folder. UTF-8 text, or any bytes under an entry's file. It has no meaning in a cluster: use $configMap there, or llmstack-sync render. Example: prompts/support.md.",
};

const secret: JsonObject = {
  ...nameAndKey("Secret"),
  description:
    "A value of a Kubernetes Secret in this namespace; on the command line of a v1 Secret among the manifests, else of the file DIR/name/key under --secrets-dir DIR. Kept secret in every output. Example: { name: slack, key: bot-token }.",
};

const configMap: JsonObject = {
  ...nameAndKey("ConfigMap"),
  description:
    "A value of a Kubernetes ConfigMap in this namespace; on the command line of a v1 ConfigMap among the manifests, else of the file DIR/name/key under --secrets-dir DIR. Example: { name: prompts, key: support.md }.",
};

/** An object with exactly one key, which is how a directive survives JSON, kubectl and kustomize. */
const directive: JsonObject = {
  type: "object",
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  description: "A directive: stands for a value that is kept elsewhere.",
  properties: { $env: env, $file: file, $secret: secret, $configMap: configMap },
};

/** What the schemas' `$ref` keywords point at: said once a document, because it stands in some thirty places. */
export const directiveDefinitions: JsonObject = { directive };

const DIRECTIVE: JsonObject = { $ref: "#/$defs/directive" };

/** A directive and nothing else. */
export function onlyDirective(description: string): JsonObject {
  return { description, anyOf: [DIRECTIVE] };
}

/** Text, or a directive that stands for text. `rules` are those of the text. */
export function textOrDirective(description: string, rules: JsonObject = {}): JsonObject {
  return { description, anyOf: [{ type: "string", ...rules }, DIRECTIVE] };
}
