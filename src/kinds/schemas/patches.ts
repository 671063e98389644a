import type { JsonObject } from "../../model/json.ts";

const operation: JsonObject = {
  type: "object",
  additionalProperties: false,
  required: ["op", "path"],
  description: "One step of a JSON Patch (RFC 6902).",
  properties: {
    op: {
      type: "string",
      enum: ["add", "remove", "replace", "move", "copy", "test"],
      description: "What is done: add, remove, replace, move, copy or test.",
    },
    path: {
      type: "string",
      pattern: "^(/([^~/]|~[01])*)*$",
      description:
        "JSON pointer into the manifest; - at its end means behind the last item of a list. Example: /spec/definition/name.",
    },
    from: {
      type: "string",
      pattern: "^(/([^~/]|~[01])*)*$",
      description: "Of move and copy: JSON pointer to what is taken. Example: /spec/definition/description.",
    },
    value: { description: "Of add, replace and test: the value. Directives such as { $ref: Datasource/faq } work." },
  },
};

const target: JsonObject = {
  type: "object",
  additionalProperties: false,
  required: ["kind"],
  description: "Which manifests are changed. A patch that matches none is an error.",
  properties: {
    kind: {
      type: "string",
      minLength: 1,
      maxLength: 63,
      description:
        'The kind, globs work: "*" is every App and Datasource. ConfigMap and Secret are named outright. Example: App.',
    },
    name: {
      type: "string",
      minLength: 1,
      maxLength: 253,
      description: 'metadata.name, globs work. Default: "*". Example: support-*.',
    },
  },
};

/**
 * What an environment changes in manifests, in order: `patches` of a context in the project file and of a GitSync. It
 * needs no `$defs`, so that a cluster can have it too; `value` and `merge` hold whatever a manifest may.
 */
export const patches: JsonObject = {
  type: "array",
  maxItems: 256,
  description:
    "Changes to the manifests before anything is read in them, one after the other. They cannot change kind and metadata.name.",
  items: {
    type: "object",
    additionalProperties: false,
    required: ["target"],
    description: "One change: patch or merge.",
    properties: {
      target,
      patch: {
        type: "array",
        minItems: 1,
        maxItems: 256,
        items: operation,
        description:
          "A JSON Patch. Example: [{ op: replace, path: /spec/definition/config/model, value: gpt-4o }].",
      },
      merge: {
        type: "object",
        description:
          "A JSON merge patch (RFC 7396): maps are merged, null removes, everything else, lists included, is replaced. Example: { spec: { definition: { name: Support (staging) } } }.",
      },
    },
    oneOf: [{ required: ["patch"] }, { required: ["merge"] }],
  },
};
