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

const ref: JsonObject = {
  type: "string",
  pattern: "^(App|Datasource)/[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
  description:
    "Another manifest, as Kind/name. Replaced by that object's uuid, which need not exist yet. Example: Datasource/product-docs.",
};

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

/** What `$ref` may stand beside nothing else: a directive is an object with exactly one key. */
function oneOfThese(properties: JsonObject): JsonObject {
  return { type: "object", additionalProperties: false, minProperties: 1, maxProperties: 1, properties };
}

/** A directive that stands for text. */
export const textDirective: JsonObject = oneOfThese({
  $env: env,
  $file: file,
  $secret: secret,
  $configMap: configMap,
});

/** A directive wherever an app document holds a value: text, or another object's uuid. */
export const valueDirective: JsonObject = oneOfThese({
  $ref: ref,
  $env: env,
  $file: file,
  $secret: secret,
  $configMap: configMap,
});
