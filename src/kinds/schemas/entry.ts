import type { JsonObject } from "../../model/json.ts";
import { onlyDirective, textOrDirective } from "./directives.ts";

const entryMetadata: JsonObject = {
  type: "object",
  description:
    "Facts about the entry for filters in searches, name to value; text is what every server takes. Example: { lang: en }.",
};

const entry: JsonObject = {
  type: "object",
  additionalProperties: false,
  required: ["name"],
  oneOf: [{ required: ["content"] }, { required: ["url"] }, { required: ["file"] }],
  properties: {
    name: {
      type: "string",
      minLength: 1,
      maxLength: 2048,
      pattern: "^[^\\r\\n]*$",
      description:
        "The name of the entry, unique in the datasource, one line; it is the entry's key. Example: refunds.",
    },
    content: textOrDirective("The text itself, for the type text. Example: Refunds take 14 days."),
    url: textOrDirective(
      "The address of one page, at most 1600 characters, for the type url. Example: https://example.com/faq.",
      { minLength: 1, maxLength: 1600 },
    ),
    file: onlyDirective(
      "The bytes of a file, for the types file, pdf, csv and archive, as { $file: path } or { $configMap: { name, key } }. Example: { $file: docs/handbook.pdf }.",
    ),
    metadata: entryMetadata,
  },
};

const entrySource: JsonObject = {
  type: "object",
  additionalProperties: false,
  oneOf: [{ required: ["glob"] }, { required: ["configMap"] }],
  properties: {
    glob: {
      type: "string",
      minLength: 1,
      description:
        "Files, relative to this manifest and inside the manifest folder: one entry a file, named by its path. It has no meaning in a cluster. Example: docs/**/*.md.",
    },
    configMap: {
      type: "object",
      additionalProperties: false,
      required: ["name"],
      description: "A ConfigMap: one entry a key, named by it. Works on the command line and in a cluster.",
      properties: {
        name: {
          type: "string",
          minLength: 1,
          maxLength: 253,
          description: "metadata.name of the ConfigMap. Example: product-docs.",
        },
      },
    },
    metadata: { ...entryMetadata, description: "Facts about each of these entries. Example: { source: docs }." },
    optional: {
      type: "boolean",
      description: "Whether it may match nothing; otherwise that is an error. Default: false.",
    },
  },
};

/** The fields of a Datasource's spec that say what it holds. */
export const entryFields: JsonObject = {
  entries: {
    type: "array",
    maxItems: 1000,
    items: entry,
    description: "What the datasource holds, at most 1000 entries written out. Left out together with entriesFrom: left as it is.",
  },
  entriesFrom: {
    type: "array",
    items: entrySource,
    description: "More entries, from files or a ConfigMap. Example: [{ glob: docs/**/*.md }].",
  },
  entriesPolicy: {
    type: "string",
    enum: ["Keep", "Exclusive"],
    description:
      "What becomes of entries that llmstack-sync did not add: Keep leaves them, Exclusive removes them with --prune. Default: Keep.",
  },
};

