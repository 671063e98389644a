import type { JsonObject } from "../../model/json.ts";

/** RFC 1123: what a key, a namespace and most Kubernetes names look like. */
export const LABEL = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$";

const annotations: JsonObject = {
  type: "object",
  description:
    "Kubernetes annotations, text to text. Those under llmstack.ai/ steer llmstack-sync, all others are left alone.",
  additionalProperties: { type: "string" },
  properties: {
    "llmstack.ai/protect": {
      type: "string",
      enum: ["true", "false"],
      description: 'With "true" the live object is never deleted, not even when its manifest is gone. Default: "false".',
    },
    "llmstack.ai/take-over": {
      type: "string",
      minLength: 1,
      description: "The set that the live object belongs to now; it is moved to the set of this run. Example: staging.",
    },
    "llmstack.ai/reconcile-requested-at": {
      type: "string",
      description: "Operator only: change it to any new value, usually the time, and the object is looked at at once.",
    },
    "llmstack.ai/accept-server": {
      type: "string",
      description: "Operator only: the uid of the Server that this object may move to after its server has changed.",
    },
    "llmstack.ai/approve": {
      type: "string",
      description: "Operator only: on a GitSync that waits for approval, the digest of the plan that may go through.",
    },
    "llmstack.ai/force-delete": {
      type: "string",
      enum: ["true", "false"],
      description:
        'Operator only: with "true" a deleted resource is released although its server cannot be reached; what lives there stays.',
    },
  },
};

/** Fields that Kubernetes sets; a file that was read back from a cluster holds them, and nobody here looks at them. */
const setByKubernetes: JsonObject = {
  generateName: { type: "string", description: "Set by Kubernetes tools; not used here, metadata.name is the key." },
  uid: { type: "string", description: "Set by Kubernetes; ignored in files." },
  resourceVersion: { type: "string", description: "Set by Kubernetes; ignored in files." },
  generation: { type: "integer", description: "Set by Kubernetes; ignored in files." },
  creationTimestamp: { type: "string", description: "Set by Kubernetes; ignored in files." },
  deletionTimestamp: { type: "string", description: "Set by Kubernetes; ignored in files." },
  deletionGracePeriodSeconds: { type: "integer", description: "Set by Kubernetes, in seconds; ignored in files." },
  selfLink: { type: "string", description: "Set by old versions of Kubernetes; ignored in files." },
  finalizers: {
    type: "array",
    items: { type: "string" },
    description: "Set by controllers; ignored in files.",
  },
  ownerReferences: {
    type: "array",
    items: { type: "object" },
    description: "Set by controllers; ignored in files.",
  },
  managedFields: {
    type: "array",
    items: { type: "object" },
    description: "Set by Kubernetes; ignored in files.",
  },
};

export const metadata: JsonObject = {
  type: "object",
  description: "Who this manifest is. Kind and name together are the key of the object, stable for its life.",
  additionalProperties: false,
  required: ["name"],
  properties: {
    name: {
      type: "string",
      pattern: LABEL,
      description:
        "The name of this manifest: 1 to 63 lower-case letters, digits and hyphens, no hyphen at either end. To change it, list the old name in spec.movedFrom. Example: support-bot.",
    },
    namespace: {
      type: "string",
      pattern: LABEL,
      description:
        "The Kubernetes namespace. The command line only checks that all manifests of a run share one. Example: bots.",
    },
    labels: {
      type: "object",
      additionalProperties: { type: "string" },
      description: "Kubernetes labels, text to text. Not used by llmstack-sync.",
    },
    annotations,
    ...setByKubernetes,
  },
};

/** What a cluster writes back into a resource. */
export const status: JsonObject = {
  type: "object",
  description: "Written by the operator; ignored in files.",
};
