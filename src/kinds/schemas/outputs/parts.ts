import type { JsonObject } from "../../../model/json.ts";

export const text = (description: string): JsonObject => ({ type: "string", description });
export const count = (description: string): JsonObject => ({ type: "integer", minimum: 0, description });
export const texts = (description: string): JsonObject => ({ type: "array", items: { type: "string" }, description });

/** An object whose `required` fields are always there. */
export function fields(description: string, required: readonly string[], properties: JsonObject): JsonObject {
  return { type: "object", description, required, properties };
}

export const list = (description: string, items: JsonObject): JsonObject => ({ type: "array", description, items });

export const schemaVersion: JsonObject = {
  const: 1,
  description: "Of the form of this document; it grows when a reader would have to change.",
};

export const origin: JsonObject = fields("Where it was written.", ["path", "line", "column"], {
  path: text("The file, as it was given."),
  line: count("Counted from 1."),
  column: count("Counted from 1."),
});

export const target: JsonObject = fields("Against what it was made.", ["set", "source"], {
  server: text("The server's address, or embedded; absent where there is a base."),
  dialect: text("Which dialect it speaks; absent where there is a base. Example: doc."),
  base: text("The manifests that stand for what is live, where no server was asked."),
  account: text("Who the token belongs to, where the server tells."),
  set: text("What is synced together."),
  source: text("The paths that were read, and for Git the revision."),
  revision: text("The Git revision of the manifests. Example: main@sha1:<40 hex>."),
  tree: text("The id of the manifests' folder in that revision: equal trees are equal manifests."),
});

export const notes: JsonObject = list(
  "What a reader should know and what changes nothing.",
  fields("One note.", ["code", "message"], {
    code: text("The stable name of its kind."),
    message: text("What there is to know, in words."),
    key: text("What it is about, as Kind/name."),
  }),
);

const hold: JsonObject = fields("Why it is not done, and what would let it.", ["reason", "detail", "remedy"], {
  reason: text("One word, stable. Example: unmanaged."),
  detail: text("The facts in one sentence."),
  remedy: text("The flag, field or step that would allow it."),
});

const field: JsonObject = fields("One differing place.", ["pointer"], {
  pointer: text("JSON pointer into the document. Example: /config/welcome_message."),
  before: { description: "What lives there now; absent where nothing does. Secrets stand as (secret)." },
  after: { description: "What is wanted; absent where nothing is. Secrets stand as (secret)." },
  secret: { type: "boolean", description: "True where both sides are left out because they are secrets." },
  from: list(
    "With --explain: where what is wanted was said; the place itself first, then what set a part of it.",
    fields("One place.", ["path"], {
      path: text("The file, or what else a value comes from."),
      line: count("Counted from 1."),
      by: text("The patch or the directive that brought it in."),
    }),
  ),
});

/** What every change says of itself, wherever it stands. */
export const changeFields: JsonObject = {
  id: text("sha256 over what the change does, before resolution: 64 hex digits."),
  subject: { enum: ["resource", "entry"], description: "Whether it is about an object or about an entry of one." },
  op: {
    enum: ["create", "update", "replace", "adopt", "prune", "hold", "keep"],
    description: "What is done; hold: nothing, and it says why; keep: nothing, because nothing differs.",
  },
  kind: text("App or Datasource."),
  key: text("Kind/name; for an entry followed by /entries/ and its name."),
  name: text("The name that people see."),
  hold,
  fields: list("What differs.", field),
  origin,
};

export const CHANGE_REQUIRED: readonly string[] = ["id", "subject", "op", "kind", "key", "name", "fields"];
