import type { JsonObject } from "../../model/json.ts";

const time = (description: string): JsonObject => ({ type: "string", format: "date-time", description });

const condition: JsonObject = {
  type: "object",
  required: ["type", "status", "lastTransitionTime", "reason", "message"],
  description: "One condition.",
  properties: {
    type: {
      type: "string",
      minLength: 1,
      maxLength: 316,
      description: "What is said: Ready, Reconciling, Stalled, Drifted or Suspended.",
    },
    status: { type: "string", enum: ["True", "False", "Unknown"], description: "Whether it is so." },
    observedGeneration: {
      type: "integer",
      minimum: 0,
      description: "The metadata.generation that this was said of.",
    },
    lastTransitionTime: time("When status changed last."),
    reason: { type: "string", minLength: 1, maxLength: 1024, description: "Why, in one word for programs." },
    message: { type: "string", maxLength: 32_768, description: "Why, and what to do, for people." },
  },
};

/** The observedGeneration of what no operator has looked at yet. */
export const NEVER_OBSERVED = -1;

const unseen = (type: string, status: string): JsonObject => ({
  type,
  status,
  reason: "Reconciling",
  message: "No operator has looked at it yet.",
  lastTransitionTime: "1970-01-01T00:00:00Z",
});

/**
 * What the API server itself says of a new object, so that nobody takes what was never looked at for ready (kstatus
 * takes what has no conditions for current), and so that it costs no write.
 */
export const unseenStatus: JsonObject = {
  observedGeneration: NEVER_OBSERVED,
  conditions: [unseen("Ready", "Unknown"), unseen("Reconciling", "True")],
};

const run: JsonObject = {
  type: "object",
  required: ["at", "op", "result"],
  description: "One thing that was done, or tried.",
  properties: {
    at: time("When it was done."),
    op: { type: "string", maxLength: 63, description: "What was done: create, update, replace, adopt, delete, apply." },
    digest: { type: "string", maxLength: 128, description: "The digest of what was to be." },
    revision: { type: "string", maxLength: 512, description: "Of a GitSync: the revision, as main@sha1:<40 hex digits>." },
    result: { type: "string", maxLength: 63, description: "What came of it: done, failed, held, stale, unknown." },
    message: { type: "string", maxLength: 1024, description: "More about it, for people." },
    places: {
      type: "array",
      maxItems: 20,
      items: { type: "string" },
      description:
        "Of a correction: what was put back although nothing else was asked for, as JSON pointers; the empty one for the whole object.",
    },
    times: { type: "integer", minimum: 1, description: "Of a correction: how often in a row one of the places was put back." },
  },
};

/** What every status says: how it stands, and of which generation that is said. */
export const commonStatus: JsonObject = {
  observedGeneration: {
    type: "integer",
    minimum: NEVER_OBSERVED,
    description: "The metadata.generation that was looked at last; -1 where none was yet.",
  },
  conditions: {
    type: "array",
    maxItems: 16,
    items: condition,
    description: "How it stands, one item a type; kubectl wait --for=condition=Ready reads them.",
  },
  lastHandledReconcileAt: {
    type: "string",
    description: "The value of the annotation llmstack.ai/reconcile-requested-at that was acted on last.",
  },
};

/** The last runs; which server they went to. */
export const boundStatus: JsonObject = {
  server: {
    type: "object",
    description: "The server that the first success bound this to; another one needs llmstack.ai/accept-server.",
    properties: {
      kind: { type: "string", maxLength: 63, description: "Server or ClusterServer." },
      name: { type: "string", maxLength: 253, description: "metadata.name of it." },
      uid: { type: "string", maxLength: 128, description: "metadata.uid of it." },
      url: { type: "string", maxLength: 2048, description: "The address it had." },
      account: { type: "string", description: "The account that its token belonged to." },
    },
  },
  history: {
    type: "array",
    maxItems: 10,
    items: run,
    description: "The last ten runs that changed something, or failed to, newest first.",
  },
};
