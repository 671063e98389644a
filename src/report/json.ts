import type { Json, JsonObject } from "../model/json.ts";
import type { Change, FieldDiff, Note, Target } from "../model/plan.ts";
import { printableJson } from "./printable.ts";

/** Grows when a reader of the JSON would have to change. */
export const SCHEMA_VERSION = 1;

/** One JSON document as people like to read it, ending with a newline, safe to print on a terminal. */
export function jsonText(value: Json): string {
  return `${printableJson(JSON.stringify(value, undefined, 2))}\n`;
}

/** One JSON document in one line, without line break, safe to print on a terminal. */
export function jsonLine(value: JsonObject): string {
  return printableJson(JSON.stringify(value));
}

/** Of manifests that are compared with others: `base` in place of a server. */
export function targetToJson({ server, dialect, account, set, source, revision, tree, base }: Target): JsonObject {
  return {
    ...(base === undefined ? { server, dialect } : { base }),
    ...(account !== undefined && { account }),
    set,
    source,
    ...(revision !== undefined && { revision }),
    ...(tree !== undefined && { tree }),
  };
}

/** What a change is, without the documents behind it: those may hold secrets. */
export function changeToJson(change: Change): JsonObject {
  const { id, subject, op, kind, key, name, fields, origin } = change;
  return {
    id,
    subject,
    op,
    kind,
    key,
    name,
    ...(origin !== undefined && { origin: { path: origin.path, line: origin.line, column: origin.column } }),
    ...(op === "hold" && {
      hold: { reason: change.hold.reason, detail: change.hold.detail, remedy: change.hold.remedy },
    }),
    fields: fields.map(fieldToJson),
  };
}

export function fieldToJson({ pointer, before, after, secret, from }: FieldDiff): JsonObject {
  const said = from === undefined ? {} : { from: from.map((origin) => ({ ...origin })) };
  if (secret) return { pointer, secret, ...said };
  return { pointer, ...(before !== undefined && { before }), ...(after !== undefined && { after }), ...said };
}

export function noteToJson({ code, message, key }: Note): JsonObject {
  return { code, message, ...(key !== undefined && { key }) };
}
