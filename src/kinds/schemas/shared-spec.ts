import type { JsonObject } from "../../model/json.ts";
import { LABEL } from "./metadata.ts";

/** Such as 30s or 1h30m; 0 alone is allowed. */
export const DURATION = "^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$|^0$";
const UUID = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$";

const identity: JsonObject = {
  uuid: {
    type: "string",
    pattern: UUID,
    description:
      "The uuid of a live object that this manifest means outright, for objects that llmstack-sync did not create. Default: found by its mark, else by kind, name and type. Example: 3f0b7c1e-8a52-4c55-9a57-0d4d3c1b9f10.",
  },
  movedFrom: {
    type: "array",
    items: { type: "string", pattern: LABEL },
    description:
      "Values of metadata.name that this manifest had before, so that a rename does not make a new object. Default: none. Example: [helpdesk-bot].",
  },
  formerSets: {
    type: "array",
    items: { type: "string", minLength: 1 },
    description:
      "Sets that this object belonged to before, accepted where the server keeps the mark of its creation for ever. Default: none. Example: [staging].",
  },
  deletionPolicy: {
    type: "string",
    enum: ["Delete", "Orphan"],
    description:
      "What becomes of the live object when this manifest goes: Delete removes it (with --prune, or by the operator), Orphan leaves it. Default: Delete.",
  },
};

/** Which server something is on. */
export const serverRef: JsonObject = {
  type: "object",
  additionalProperties: false,
  required: ["name"],
  description:
    "Operator only, ignored by the command line: which server this belongs on. Default: the Server, else the ClusterServer, named default.",
  properties: {
    kind: {
      type: "string",
      enum: ["Server", "ClusterServer"],
      description: "Server is one of this namespace, ClusterServer one for the whole cluster. Default: Server.",
    },
    name: { type: "string", minLength: 1, maxLength: 253, description: "metadata.name of it. Example: production." },
  },
};

const policies: JsonObject = {
  type: "object",
  additionalProperties: false,
  description: "Operator only, ignored by the command line, which has flags for these: what the operator may do.",
  properties: {
    adopt: {
      type: "string",
      enum: ["Never", "Match"],
      description:
        "Match takes over the one unmarked live object of the same kind, name and type, as --adopt does. Default: Never.",
    },
    replace: {
      type: "string",
      enum: ["Never", "Allow"],
      description:
        "Allow deletes and creates anew where a change cannot be made in place, as --allow-replace does. Default: Never.",
    },
    drafts: {
      type: "string",
      enum: ["Keep", "Discard"],
      description:
        "Discard overwrites a draft that somebody left in LLMStack's editor, as --discard-drafts does. Default: Keep.",
    },
  },
};

const operator: JsonObject = {
  serverRef,
  interval: {
    type: "string",
    pattern: DURATION,
    description:
      "Operator only, ignored by the command line: how often the live object is compared when nothing has changed, at least 30s; \"0\" means never. Default: the operator's own. Example: 10m.",
  },
  retryInterval: {
    type: "string",
    pattern: DURATION,
    description:
      "Operator only, ignored by the command line: the longest wait between tries after a failure, at least 1s; \"0\" means that it is tried again at its interval, or when something about it changes. Default: the operator's own. Example: 1m30s.",
  },
  suspend: {
    type: "boolean",
    description: "Operator only, ignored by the command line: true leaves the live object alone for now. Default: false.",
  },
  drift: {
    type: "string",
    enum: ["correct", "warn", "ignore"],
    description:
      "Operator only, ignored by the command line: what to do when somebody changed the live object by hand. Default: correct.",
  },
  driftIgnore: {
    type: "array",
    items: { type: "string", pattern: "^(/([^~/]|~[01])*)+$" },
    maxItems: 100,
    description:
      "Places of the document, as JSON pointers, that people may tune by hand: they are set when the object is made, and neither compared nor written over after that. Default: none. Example: [/processors/0/config/temperature].",
  },
  policies,
};

/** Fields of spec that every kind has. */
export const sharedSpec: JsonObject = { ...identity, ...operator };
