import type { JsonObject } from "../../model/json.ts";
import { gitSource } from "./git-source.ts";
import { metadata } from "./metadata.ts";
import { patches } from "./patches.ts";
import { DURATION, serverRef } from "./shared-spec.ts";
import { gitSyncStatus } from "./status.ts";

const timing: JsonObject = {
  interval: {
    type: "string",
    pattern: DURATION,
    description: "How often the repository is asked for something new, at least 30s; \"0\" means never. Default: 5m.",
  },
  timeout: { type: "string", pattern: DURATION, description: "How long one fetch may take. Default: 60s." },
  suspend: { type: "boolean", description: "true follows nothing and changes nothing for now. Default: false." },
};

const allowed: JsonObject = {
  prune: {
    type: "boolean",
    description: "Whether to delete managed objects that the repository names no more, as --prune does. Default: false.",
  },
  maxDeletes: {
    type: ["integer", "string"],
    minimum: 0,
    pattern: "^[0-9]+%?$",
    description:
      'How many deletes one run may do, a number or a share, as --max-deletes. Default: 30 % of more than 10 managed objects, else 3. Example: "10%".',
  },
  drift: {
    type: "string",
    enum: ["correct", "warn", "ignore"],
    description: "What to do when somebody changed a live object by hand. Default: correct.",
  },
  rewind: {
    type: "string",
    enum: ["refuse", "follow"],
    description:
      "What to do when the new revision does not descend from the applied one (a force push): refuse leaves everything as it is and says so. Default: refuse.",
  },
  approval: {
    type: "string",
    enum: ["Automatic", "Manual"],
    description:
      "Manual puts the plan into status and waits until the annotation llmstack.ai/approve holds its digest. Default: Automatic.",
  },
};

const set: JsonObject = {
  type: "string",
  minLength: 1,
  maxLength: 253,
  not: { pattern: "^k8s:" },
  description:
    "The name in the mark of every object that comes from here; it cannot be changed later. Default: k8s:<uid of this namespace>/gitsync/<name>. Example: support.",
};

/** A whole GitSync: a server that follows a branch. */
export const gitSync: JsonObject = {
  type: "object",
  description: "A folder of a Git repository whose manifests are kept live on a server.",
  additionalProperties: false,
  required: ["apiVersion", "kind", "metadata", "spec"],
  properties: {
    apiVersion: { const: "llmstack.ai/v1alpha1", description: "Always llmstack.ai/v1alpha1." },
    kind: { const: "GitSync", description: "Always GitSync." },
    metadata,
    spec: {
      type: "object",
      additionalProperties: false,
      required: ["git"],
      description: "What to follow, and how.",
      properties: { git: gitSource, serverRef, set, ...timing, ...allowed, patches },
    },
    status: gitSyncStatus,
  },
};
