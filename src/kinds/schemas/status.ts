import type { JsonObject } from "../../model/json.ts";
import { boundStatus, commonStatus } from "./conditions.ts";

const reference: JsonObject = {
  type: "object",
  required: ["kind", "name"],
  description: "A Secret, a ConfigMap or another resource whose content went into the last run.",
  properties: {
    kind: { type: "string", maxLength: 63, description: "Secret, ConfigMap, App or Datasource." },
    name: { type: "string", maxLength: 253, description: "metadata.name of it." },
    resourceVersion: { type: "string", maxLength: 128, description: "The metadata.resourceVersion that was read." },
  },
};

/** The status of an App and of a Datasource. What comes from elsewhere has no limit: a status that is refused helps nobody. */
export const resourceStatus: JsonObject = {
  type: "object",
  description: "Written by the operator: how the live object stands.",
  properties: {
    ...commonStatus,
    uuid: { type: "string", maxLength: 64, description: "The uuid of the live object." },
    ...boundStatus,
    lastAppliedDigest: { type: "string", maxLength: 128, description: "The digest of what was applied last." },
    refs: {
      type: "array",
      maxItems: 1000,
      items: reference,
      description: "What the last run read beside this resource; a change of one of them starts another run.",
    },
    drift: {
      type: "object",
      description: "What somebody changed on the server by hand.",
      properties: {
        detectedAt: { type: "string", format: "date-time", description: "When it was seen first." },
        paths: {
          type: "array",
          maxItems: 100,
          items: { type: "string" },
          description: "Where, as JSON pointers.",
        },
      },
    },
    pendingCreate: {
      type: "object",
      description: "A create that was begun and whose end is not known yet: the object is looked for by its mark.",
      properties: {
        nonce: { type: "string", maxLength: 128, description: "The nonce in the mark of the object." },
        at: { type: "string", format: "date-time", description: "When it was begun." },
      },
    },
    created: {
      type: "boolean",
      description: "Whether the operator itself made the live object; others are not deleted where servers keep no mark.",
    },
  },
};

/** The status of a Server and of a ClusterServer. */
export const serverStatus: JsonObject = {
  type: "object",
  description: "Written by the operator: whether the server can be reached, and what it is.",
  properties: {
    ...commonStatus,
    url: { type: "string", maxLength: 2048, description: "The address that was asked." },
    dialect: { type: "string", maxLength: 63, description: "The dialect of the API that was recognised." },
    account: { type: "string", description: "The account that the token belongs to." },
    users: {
      type: "integer",
      minimum: 0,
      description: "How many resources are on it; a deleted one waits until there are none.",
    },
  },
};

const summary = (op: string): JsonObject => ({ type: "integer", minimum: 0, description: `How many to ${op}.` });

const plan: JsonObject = {
  type: "object",
  description: "The plan that waits for approval, or the last one. Annotate llmstack.ai/approve with its digest to let it through.",
  properties: {
    digest: { type: "string", maxLength: 128, description: "The digest of the plan, which is what is approved." },
    revision: { type: "string", maxLength: 512, description: "The revision that it brings about." },
    at: { type: "string", format: "date-time", description: "When it was made." },
    summary: {
      type: "object",
      description: "How many changes of each sort.",
      properties: {
        create: summary("create"),
        update: summary("update"),
        replace: summary("replace"),
        adopt: summary("adopt"),
        delete: summary("delete"),
        hold: { type: "integer", minimum: 0, description: "How many are held by a rule." },
        unchanged: { type: "integer", minimum: 0, description: "How many are as they should be." },
      },
    },
    text: { type: "string", maxLength: 65_536, description: "The plan as people read it, cut where it is long." },
  },
};

const revision = (description: string): JsonObject => ({ type: "string", maxLength: 512, description });

/** The status of a GitSync. */
export const gitSyncStatus: JsonObject = {
  type: "object",
  description: "Written by the operator: which revision is live, and what the last one came to.",
  properties: {
    ...commonStatus,
    observedRevision: revision("What the repository holds, as main@sha1:<40 hex digits>."),
    attemptedRevision: revision("The revision that was tried last."),
    lastAppliedRevision: revision("The revision that the server matches, and that drift is corrected to."),
    ...boundStatus,
    plan,
  },
};
