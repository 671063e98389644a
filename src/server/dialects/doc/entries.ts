import { isObject, type Json, type JsonObject, own } from "../../../model/json.ts";
import { invalid, Refusal } from "../../refusal.ts";
import { empty, jsonList, jsonText } from "../../respond.ts";
import type { Call, Route } from "../../route.ts";
import { DATASOURCES, ENTRY_BODY_OF_TYPE } from "./datasources.ts";
import { answer, JSON_ONLY, NO_CONTENT, NOT_FOUND, REFUSED, WRITE_REFUSED } from "./documented.ts";
import { anyObject, pickFields, text } from "./fields.ts";
import { asObject, findRow, readRow, textAt } from "./find.ts";

const ENTRIES = "entries";

/** Longer than a datasource's: names of entries may be paths (llmstack-server.md 5.5). */
const NAME = { check: text(1, 2048), presence: "required" } as const;

const required = (check: (value: Json) => string | undefined) => ({ check, presence: "required" }) as const;

const BODY_CHECKS = {
  content: required(text(0, Number.POSITIVE_INFINITY)),
  url: required(text(1, 1600)),
  file: required(base64),
};

export const entryRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/datasources/{uuid}/entries",
    operation: "listEntries",
    summary: "Lists the entries of a datasource, the oldest first.",
    access: "token",
    answers: [
      answer(200, "Every entry, without the bytes of files.", {
        type: "array",
        items: { $ref: "#/components/schemas/Entry" },
      }),
      REFUSED,
      NOT_FOUND,
    ],
    answer: listEntries,
  },
  {
    method: "POST",
    path: "/api/datasources/{uuid}/entries",
    operation: "createEntry",
    summary: "Adds an entry. Names may repeat.",
    access: "token",
    body: { schema: "NewEntry", consumes: JSON_ONLY },
    answers: [answer(201, "The entry.", "Entry"), ...WRITE_REFUSED, NOT_FOUND],
    answer: createEntry,
  },
  {
    method: "DELETE",
    path: "/api/datasources/{uuid}/entries/{entry_uuid}",
    operation: "deleteEntry",
    summary: "Deletes an entry.",
    access: "token",
    answers: [NO_CONTENT, REFUSED, NOT_FOUND],
    answer: deleteEntry,
  },
];

/** Names of the entries that a search in that datasource would go through; none for a datasource that is gone. */
export function entryNames({ store }: Pick<Call, "store">, datasource: string): readonly string[] {
  return store.list(ENTRIES, datasource.toLowerCase()).map((entry) => textAt(readRow({ text: entry }), "name"));
}

function listEntries(call: Call): Response {
  const { id } = findRow(call, DATASOURCES);
  for (const entry of call.processing.read(id)) {
    const row = call.store.get(ENTRIES, entry);
    if (row !== undefined) call.store.replace(ENTRIES, entry, JSON.stringify({ ...readRow(row), status: "READY" }));
  }
  return jsonText(200, jsonList(call.store.list(ENTRIES, id)));
}

function createEntry(call: Call): Response {
  const datasource = findRow(call, DATASOURCES);
  const { name, shown, metadata } = readNewEntry(call.body, textAt(readRow(datasource), "type"));
  const uuid = call.uuid();
  const now = call.stamp();
  const entry = JSON.stringify({
    uuid,
    name,
    status: call.fate?.status ?? "READY",
    entry_data: shown,
    entry_metadata: metadata,
    created_at: now,
    updated_at: now,
  });
  call.store.insert({ collection: ENTRIES, id: uuid, parent: datasource.id, text: entry });
  if (call.fate?.status === "PROCESSING" && call.fate.reads !== "always") {
    call.processing.start(datasource.id, uuid, call.fate.reads);
  }
  return jsonText(201, entry);
}

function deleteEntry(call: Call): Response {
  const datasource = findRow(call, DATASOURCES);
  const entry = findRow(call, ENTRIES, "entry_uuid");
  if (entry.parent !== datasource.id) throw new Refusal({ kind: "not-found" });
  call.store.delete(ENTRIES, entry.id);
  return empty(204);
}

interface NewEntry {
  readonly name: Json;
  /** What is answered of entry_data: all but the bytes of a file. */
  readonly shown: JsonObject;
  readonly metadata: Json;
}

function readNewEntry(body: JsonObject, type: string): NewEntry {
  const rules = {
    entry_data: required(givenObject),
    entry_metadata: { check: anyObject, presence: "optional" },
  } as const;
  const { entry_data: data = null, entry_metadata: metadata = null } = pickFields(body, rules, "refused");
  const kind = ENTRY_BODY_OF_TYPE[type] ?? "content";
  const given = asObject(data);
  const stray = Object.keys(BODY_CHECKS).find((key) => key !== kind && own(given, key) !== undefined);
  if (stray !== undefined) throw invalid({ [stray]: [`An entry of a ${type} datasource takes ${kind}.`] });
  const { name = null, ...rest } = pickFields(given, { name: NAME, [kind]: BODY_CHECKS[kind] }, "refused");
  const { file: _file, ...shown } = rest;
  return { name, shown: { name, ...shown }, metadata: metadata ?? {} };
}

function givenObject(value: Json): string | undefined {
  return isObject(value) ? undefined : "Expected an object.";
}

function base64(value: Json): string | undefined {
  const isBase64 = typeof value === "string" && value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/u.test(value);
  return isBase64 ? undefined : "Not base64 (plain, no data: URI, padded).";
}
