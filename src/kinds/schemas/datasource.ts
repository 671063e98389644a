import type { JsonObject } from "../../model/json.ts";
import { entryFields } from "./entry.ts";
import { metadata, status } from "./metadata.ts";
import { sharedSpec } from "./shared-spec.ts";

const own: JsonObject = {
  name: {
    type: "string",
    minLength: 1,
    maxLength: 100,
    description:
      "The name that people see, 1 to 100 characters; it need not be unique. Default: metadata.name. Example: Product docs.",
  },
  type: {
    type: "string",
    minLength: 1,
    maxLength: 100,
    description:
      "The type of the datasource, which says what its entries hold. It cannot be changed in place. Which types exist depends on the server.",
    examples: ["text", "url", "file", "pdf", "csv", "archive", "custom"],
  },
  pipeline: {
    type: "object",
    description:
      "How entries are read, split, embedded and stored, in LLMStack's own words: source, transformations, embedding, destination. Directives are allowed inside. Default: the server's own pipeline for the type.",
  },
};

/** A whole Datasource manifest. */
export const datasource: JsonObject = {
  type: "object",
  description: "An LLMStack datasource and what it holds.",
  additionalProperties: false,
  required: ["apiVersion", "kind", "metadata", "spec"],
  properties: {
    apiVersion: { const: "llmstack.ai/v1alpha1", description: "Always llmstack.ai/v1alpha1." },
    kind: { const: "Datasource", description: "Always Datasource." },
    metadata,
    spec: {
      type: "object",
      additionalProperties: false,
      required: ["type"],
      description: "What the datasource is to be.",
      properties: { ...own, ...entryFields, ...sharedSpec },
    },
    status,
  },
};
