import type { JsonObject } from "../../model/json.ts";
import { patches } from "./patches.ts";

const DURATION = "^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$";

const server: JsonObject = {
  server: {
    type: "string",
    minLength: 1,
    description:
      "The LLMStack server: its address, or embedded for the one inside the tool. As --server. Its token comes from LLMSTACK_TOKEN, --token-file or the user's own settings, never from this file. Example: https://llmstack.example.com.",
  },
  account: {
    type: "string",
    minLength: 1,
    description: "The account that the token must belong to; with another one nothing is done. Default: any. Example: bots@example.com.",
  },
  dialect: {
    type: "string",
    minLength: 1,
    description: "The dialect of the server, as --dialect. Default: recognised by looking at the server.",
    examples: ["doc", "versioned", "pipeline", "slug", "classic"],
  },
  hostHeader: {
    type: "string",
    minLength: 1,
    description:
      "The Host header to send, as --host-header, for servers that accept only names they know. Default: the host of server. Example: llmstack.example.com.",
  },
  caFile: {
    type: "string",
    minLength: 1,
    description: "A file with CA certificates (PEM) to trust, relative to this file, as --ca-file. Default: those of Node.js.",
  },
};

const run: JsonObject = {
  paths: {
    type: "array",
    items: { type: "string", minLength: 1 },
    description: "What to read where no path is given: files, directories and globs, relative to this file. Example: [manifests].",
  },
  set: {
    type: "string",
    minLength: 1,
    pattern: "^(?!k8s:)",
    description: "What is synced together, as --set: the name in the mark of every object. Default: default. Example: support.",
  },
  env: {
    type: "array",
    items: { type: "string", pattern: "^[A-Za-z_][A-Za-z0-9_]*$" },
    description:
      "Environment variables that manifests may use ($env) in a run of `llmstack-sync ci`; it reads this list from the base branch. Default: none. Example: [WEATHER_API_KEY].",
  },
  secretsDir: {
    type: "string",
    minLength: 1,
    description:
      "A folder of <name>/<key> files for $secret and $configMap, relative to this file and inside its folder, as --secrets-dir. Example: secrets.",
  },
  timeout: {
    type: "string",
    pattern: DURATION,
    description: "How long one request may take, as --timeout. Example: 30s.",
  },
  entryTimeout: {
    type: "string",
    pattern: DURATION,
    description: "How long to wait until a new entry is ready, as --entry-timeout. Example: 5m.",
  },
  parallelism: {
    type: "integer",
    minimum: 1,
    maximum: 1000,
    description: "How many writes may run at the same time, as --parallelism. Default: 10.",
  },
};

const allowed: JsonObject = {
  prune: {
    type: "boolean",
    description: "Whether to delete managed objects that no manifest names any more, as --prune. Default: false.",
  },
  adopt: {
    type: "boolean",
    description: "Whether to take over unmarked objects of the same kind, name and type, as --adopt. Default: false.",
  },
  allowReplace: {
    type: "boolean",
    description:
      "Whether to delete and create anew where a change cannot be made in place, as --allow-replace. Default: false.",
  },
  discardDrafts: {
    type: "boolean",
    description: "Whether to overwrite drafts that somebody left in the editor, as --discard-drafts. Default: false.",
  },
  maxDeletes: {
    type: ["integer", "string"],
    minimum: 0,
    pattern: "^[0-9]+%?$",
    description:
      'How many deletes one run may do, a number or a share, as --max-deletes. Default: 30 % of more than 10 managed objects, else 3. Example: "10%".',
  },
};

const settings: JsonObject = { ...server, ...run, ...allowed };

/** The project file `llmstack-sync.yaml`: what a flag or the environment does not say. */
export const project: JsonObject = {
  type: "object",
  additionalProperties: false,
  description:
    "Settings of llmstack-sync for this folder and the folders in it. A flag wins over the environment (LLMSTACK_*), that over the context, that over the rest of this file.",
  properties: {
    apiVersion: { const: "llmstack.ai/v1alpha1", description: "May be left out; always llmstack.ai/v1alpha1." },
    kind: { const: "Project", description: "May be left out; always Project." },
    context: {
      type: "string",
      minLength: 1,
      description: "The context to use without --context. Default: none. Example: staging.",
    },
    contexts: {
      type: "object",
      description: "Settings by the name of a context, chosen with --context. Example: { staging: { set: staging } }.",
      additionalProperties: {
        type: "object",
        additionalProperties: false,
        description: "Settings that count in this context only.",
        properties: { ...settings, patches },
      },
    },
    ...settings,
  },
};
