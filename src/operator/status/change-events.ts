import { isObject, type Json } from "../../model/json.ts";
import type { Outcome } from "../../model/outcome.ts";
import type { FieldDiff, Op } from "../../model/plan.ts";
import { isRenewedReference } from "../../plan/notes.ts";
import { shortened } from "./conditions.ts";
import type { HistoryItem } from "./facts.ts";

/** What was done to a server for one resource, as an event and an item of its history tell it. */
export interface Done {
  readonly reason: string;
  readonly op: string;
  readonly message: string;
}

const REASON: Readonly<Partial<Record<Op, string>>> = {
  create: "Created",
  update: "Updated",
  replace: "Replaced",
  adopt: "Adopted",
  prune: "Deleted",
};
const ENTRIES: Readonly<Partial<Record<Op, string>>> = { create: "added", update: "updated", prune: "deleted" };

/** One for what was done to the object itself, one for all of its entries; nothing for what was not done. */
export function doneIn(outcomes: readonly Outcome[], why: "wanted" | "drift"): readonly Done[] {
  const done = outcomes.filter(({ status, change }) => status === "done" && REASON[change.op] !== undefined);
  const resources = done.flatMap(({ change, uuid, warnings }): readonly Done[] => {
    if (change.subject !== "resource") return [];
    const { op, name, fields } = change;
    const words = [`"${name}"${uuid === undefined ? "" : ` (${uuid})`}`, op === "create" ? "" : differences(fields)];
    return [{ reason: reasonOf(op, why), op: wordOf(op), message: [...words, ...warnings].filter(Boolean).join(": ") }];
  });
  const entries = done.filter(({ change }) => change.subject === "entry");
  return entries.length === 0 ? resources : [...resources, entriesDone(entries, why)];
}

export function historyOf(
  done: readonly Done[],
  { at, digest, ...correction }: Pick<HistoryItem, "at" | "digest" | "places" | "times">,
): readonly HistoryItem[] {
  const sum = digest === undefined ? {} : { digest };
  return done.map(({ op, message }) => ({
    at,
    op,
    result: "done",
    ...sum,
    message: shortened(message, LONGEST_HISTORY),
    ...correction,
  }));
}

const LONGEST_HISTORY = 256;

/** What was written over what, masked as the plan has it. The digest in a mark changes with everything and says nothing. */
function differences(all: readonly FieldDiff[]): string {
  const fields = all.filter(({ pointer }) => pointer !== DIGEST);
  return listed(fields.length === 0 ? all : fields, ({ before, after }) => `${shown(before)} -> ${shown(after)}`);
}

const DIGEST = "/x-llmstack-sync/sha256";

/** What stands where, while nothing is written. */
export function standing(fields: readonly FieldDiff[]): string {
  return listed(fields, ({ before, after }) => `${shown(before)} on the server, ${shown(after)} in the manifest`);
}

function listed(fields: readonly FieldDiff[], values: (field: FieldDiff) => string): string {
  const places = fields.slice(0, MOST_FIELDS).map((field) => `${field.pointer}: ${difference(field, values)}`);
  const more = fields.length > MOST_FIELDS ? [`and ${fields.length - MOST_FIELDS} more`] : [];
  return shortened([...places, ...more].join("; "));
}

const MOST_FIELDS = 10;
const LONGEST_VALUE = 60;

function difference(field: FieldDiff, values: (field: FieldDiff) => string): string {
  if (field.secret === true) return "(secret) changed";
  return isRenewedReference(field) ? "what it refers to there is new, or runs another version" : values(field);
}

function shown(value: Json | undefined): string {
  if (value === undefined) return "(none)";
  if (Array.isArray(value) || isObject(value)) return Array.isArray(value) ? `list of ${value.length}` : "map";
  return shortened(JSON.stringify(value), LONGEST_VALUE);
}

function entriesDone(entries: readonly Outcome[], why: "wanted" | "drift"): Done {
  const counts = Object.entries(ENTRIES).flatMap(([op, word]) => {
    const names = entries.filter(({ change }) => change.op === op).map(({ change }) => change.name);
    return names.length === 0 ? [] : [`${names.length} ${word} (${names.slice(0, MOST_FIELDS).join(", ")})`];
  });
  const reason = why === "drift" ? "DriftCorrected" : "EntriesChanged";
  return { reason, op: "entries", message: shortened(`entries: ${counts.join(", ")}`) };
}

function reasonOf(op: Op, why: "wanted" | "drift"): string {
  return why === "drift" ? "DriftCorrected" : (REASON[op] ?? "Updated");
}

function wordOf(op: Op): string {
  return op === "prune" ? "delete" : op;
}
