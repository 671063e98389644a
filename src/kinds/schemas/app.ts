import type { JsonObject } from "../../model/json.ts";
import { definition } from "./app-definition.ts";
import { metadata, status } from "./metadata.ts";
import { sharedSpec } from "./shared-spec.ts";

const people = (what: string): JsonObject => ({
  type: "array",
  maxItems: 20,
  items: { type: "string", minLength: 1 },
  description: `${what}, by e-mail address, at most 20. Left out: left as it is; empty: nobody. Example: [ana@example.com].`,
});

const publish: JsonObject = {
  type: "object",
  additionalProperties: false,
  description: "Who may use the app. Left out, as a whole or a field of it: left as it is on the server.",
  properties: {
    state: {
      type: "string",
      enum: ["Published", "Unpublished"],
      description: "Whether the app is published. Left out: left as it is.",
    },
    visibility: {
      type: "string",
      enum: ["private", "organization", "unlisted", "public"],
      description:
        "Who may see the published app: its readers and writers, the owner's organization, whoever has the link, everybody. Left out: left as it is.",
    },
    readers: people("Who may use a private app"),
    writers: people("Who may change the app"),
  },
};

/** A whole App manifest. */
export const app: JsonObject = {
  type: "object",
  description: "An LLMStack app, kept as it is described here.",
  additionalProperties: false,
  required: ["apiVersion", "kind", "metadata", "spec"],
  properties: {
    apiVersion: { const: "llmstack.ai/v1alpha1", description: "Always llmstack.ai/v1alpha1." },
    kind: { const: "App", description: "Always App." },
    metadata,
    spec: {
      type: "object",
      additionalProperties: false,
      required: ["definition"],
      description: "What the app is to be.",
      properties: { definition, publish, ...sharedSpec },
    },
    status,
  },
};
