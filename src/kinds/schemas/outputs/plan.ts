import type { JsonObject } from "../../../model/json.ts";
import {
  CHANGE_REQUIRED,
  changeFields,
  count,
  fields,
  list,
  notes,
  origin,
  schemaVersion,
  target,
  text,
  texts,
} from "./parts.ts";

const policy: JsonObject = {
  type: "object",
  description: "What was allowed when the plan was made; apply keeps to it.",
  properties: {
    set: text("What is synced together."),
    isSetImplicit: { type: "boolean", description: "True when nobody named a set; nothing is pruned then." },
    prune: { type: "boolean", description: "Whether --prune was given." },
    adopt: { type: "boolean", description: "Whether --adopt was given." },
    allowReplace: { type: "boolean", description: "Whether --allow-replace was given." },
    allowEmpty: { type: "boolean", description: "Whether --allow-empty was given." },
    discardDrafts: { type: "boolean", description: "Whether --discard-drafts was given." },
    maxDeletes: {
      type: "object",
      description: "--max-deletes: a number or a share of what is managed.",
      properties: { count: count("At most so many."), percent: count("At most so many of a hundred.") },
    },
    only: texts("--only: Kind/name globs."),
    takeOver: text("--take-over: the set whose objects may be taken over."),
  },
};

const change: JsonObject = fields("One change.", CHANGE_REQUIRED, {
  ...changeFields,
  uuid: text("The live object that it is about; absent for what is created."),
  datasource: text("Of an entry: the key of its datasource."),
  datasourceUuid: text("Of an entry: the uuid of its datasource, once that is there."),
  live: texts("Of an entry: the uuids of what lives under its name."),
  current: text("Of an entry: the uuid of what already is as it should be."),
  needs: texts("Keys whose changes must succeed before this one starts."),
});

const entry: JsonObject = fields("One entry that is wanted.", ["name", "body", "metadata", "sha256"], {
  name: text("Its key in the datasource."),
  body: fields("What it holds: a text in place, a file by its digest.", ["kind"], {
    kind: { enum: ["content", "url", "file"], description: "What it holds." },
    value: { description: "The text, or where a secret comes from." },
    path: text("Of a file: its path from the manifest folder."),
    fileName: text("Of a file: the name that the server sees."),
    size: count("Of a file: in bytes."),
    sha256: text("Of a file: digest of its bytes."),
  }),
  metadata: { type: "object", description: "Facts for filters in searches." },
  sha256: text("Digest of name, body and metadata."),
  origin,
});

const resource: JsonObject = fields(
  "One object that is wanted, references by key and secrets by where they come from.",
  ["key", "kind", "name", "type", "document"],
  {
    key: text("Kind/name."),
    kind: text("App or Datasource."),
    name: text("The name that people see."),
    type: text("The type slug."),
    document: { type: "object", description: "The document as it is wanted." },
    literalSecrets: texts("JSON pointers to secrets that stand in clear in the manifest; they are left out here."),
    publish: { type: "object", description: "Who may use it; absent: left as it is." },
    entries: list("What it holds; absent: left as it is.", entry),
    entriesPolicy: { enum: ["Keep", "Exclusive"], description: "What becomes of entries that others added." },
    deletionPolicy: { enum: ["Delete", "Orphan"], description: "What becomes of it when its manifest goes." },
    protect: { type: "boolean", description: "Whether it is never deleted." },
    uuid: text("The live object that is meant outright."),
    movedFrom: texts("Keys that it had before."),
    formerSets: texts("Sets that it belonged to before."),
    takeOver: text("The set that it may be taken from."),
    dependsOn: texts("Keys that it refers to."),
    origin,
  },
);

/** What `plan -o json` and `plan --out` write and `apply FILE` carries out. */
export const plan: JsonObject = {
  type: "object",
  description: "What would be done, as plan -o json prints it and apply FILE carries it out. It holds no secret.",
  required: [
    "apiVersion",
    "kind",
    "schemaVersion",
    "target",
    "policy",
    "digest",
    "counts",
    "refusals",
    "notes",
    "changes",
    "waves",
    "resources",
  ],
  properties: {
    apiVersion: { const: "llmstack.ai/v1alpha1", description: "Always llmstack.ai/v1alpha1." },
    kind: { const: "Plan", description: "Always Plan." },
    schemaVersion,
    target,
    policy,
    digest: text("sha256 of the sorted ids of all changes but keeps."),
    counts: {
      type: "object",
      additionalProperties: { type: "integer" },
      description: "How many changes of each op there are.",
    },
    refusals: list(
      "Safety rules that stop the whole run before its first write.",
      fields("One rule.", ["rule", "detail", "remedy"], {
        rule: text("Its stable name. Example: max-deletes."),
        detail: text("What was found, with the numbers."),
        remedy: text("The flag that would allow it."),
      }),
    ),
    notes,
    changes: list("In the order that people read them: what deletes first, what is kept last.", change),
    waves: list(
      "How apply goes through them, one wave after the other.",
      fields("One wave; what is in it runs at the same time.", ["stage", "changes"], {
        stage: { enum: ["narrow", "write", "widen", "remove"], description: "Which part of its changes it carries out." },
        changes: texts("Ids of its changes."),
      }),
    ),
    resources: list("Everything that is wanted.", resource),
    exitCode: count("The exit code of the command that printed it."),
  },
};
