import { createHash } from "node:crypto";
import { pythonUuid } from "../wire/python-uuid.ts";
import { crash, members, noSuch } from "../wire/answers.ts";
import { Exact, isStorable, isTreeObject, parseTree, type Tree, type TreeObject, writeJsonb } from "../wire/tree.ts";
import { toText } from "../wire/python.ts";
import type { RealCall } from "../wire/view.ts";
import { type DatasourceRow, datasourceByUuid, datasourceText, saveDatasource } from "./datasource-row.ts";

const ENTRIES = "entries";

/** Characters of one chunk, and what one costs (llmstack-server.md 5.3, 5.5). */
const CHUNK = 1000;
const CHUNK_SIZE = 1536;
const SHOWN_CHUNKS = 20;
const NAME_LIMIT = 2048;

/** What a source makes of a request, before it is processed. */
export interface Document {
  readonly name: string;
  /** The columns of `config` that the source knows. */
  readonly config: TreeObject;
  /** What would be embedded. */
  readonly text: string;
}

export interface EntryRow {
  readonly uuid: string;
  readonly datasource: string;
  readonly name: string;
  readonly status: "PROCESSING" | "READY" | "FAILED";
  readonly size: number;
  /** JSON text in jsonb order. */
  readonly config: string;
  readonly created_at: string;
  readonly updated_at: string;
  /** What the vectors still hold: the first chunks, one a line (5.5). */
  readonly text: string;
}

/** What becomes of an entry right away: as a fault wants it, else `otherwise`. */
export type Fate = NonNullable<RealCall["fate"]> | { readonly status: "READY" } | { readonly status: "STUCK" };

/** Stores an entry and processes it. Its datasource grows. */
export function addEntry(call: RealCall, datasource: DatasourceRow, document: Document, fate: Fate): EntryRow {
  const uuid = call.uuid();
  const now = call.stamp();
  const chunks = Math.max(1, Math.ceil(document.text.length / CHUNK));
  const isReady = fate.status === "READY";
  const nodes = Array.from({ length: isReady || fate.status === "PROCESSING" ? chunks : 0 }, (_, index) =>
    nodeId(uuid, index),
  );
  const config =
    call.era.data.entries === "source_data"
      ? { ...document.config, node_ids: nodes }
      : oldConfig(call, document, fate, nodes);
  if (!isStorable(config)) throw crash();
  const row: EntryRow = {
    uuid,
    datasource: datasource.uuid,
    name: toText(document.name, NAME_LIMIT),
    status: fate.status === "STUCK" ? "PROCESSING" : fate.status,
    size: isReady ? chunks * CHUNK_SIZE : 0,
    config: writeJsonb(config),
    created_at: now,
    updated_at: now,
    text: fate.status === "FAILED" ? "" : shownText(document.text),
  };
  call.store.insert({ collection: ENTRIES, id: uuid, parent: datasource.uuid, text: JSON.stringify(row) });
  if (fate.status === "PROCESSING" && fate.reads !== "always") {
    call.processing.start(datasource.uuid, uuid, fate.reads);
  }
  return row;
}

/** Up to v0.2.0 the config is what went in and what came out; up to v0.1.4 only the error is left of a failure (5.5). */
function oldConfig({ era }: RealCall, { config }: Document, { status }: Fate, nodes: readonly string[]): TreeObject {
  if (era.data.entries === "entry_data piped") return { ...config, document_ids: nodes, document_data: {} };
  if (status === "FAILED") return { errors: { message: "The entry could not be processed." } };
  return { ...config, document_ids: nodes };
}

/** The oldest first. Reading counts for what is still being processed. */
export function entriesOf(call: RealCall, { uuid }: Pick<DatasourceRow, "uuid">): readonly EntryRow[] {
  for (const done of call.processing.read(uuid)) {
    const row = call.store.get(ENTRIES, done);
    if (row !== undefined) finish(call, parseRow(row.text));
  }
  return call.store.list(ENTRIES, uuid).map(parseRow);
}

function finish(call: RealCall, row: EntryRow): void {
  const config = parseTree(row.config);
  const nodes = isTreeObject(config) ? (config["node_ids"] ?? config["document_ids"]) : undefined;
  const chunks = Array.isArray(nodes) ? nodes.length : 0;
  saveEntry(call, { ...row, status: "READY", size: chunks * CHUNK_SIZE });
}

export function saveEntry(call: RealCall, row: EntryRow): EntryRow {
  const saved = { ...row, updated_at: call.stamp() };
  call.store.replace(ENTRIES, row.uuid, JSON.stringify(saved));
  return saved;
}

/** The entry that the path names, with its datasource; throws Answered 404 JSON. */
export function findEntry(call: RealCall): { readonly entry: EntryRow; readonly datasource: DatasourceRow } {
  const found = call.store.get(ENTRIES, pythonUuid(call.parameter("uid") ?? ""));
  const entry = found && parseRow(found.text);
  const datasource = entry && datasourceByUuid(call, entry.datasource);
  if (entry === undefined || datasource === undefined) throw noSuch("DataSourceEntry");
  return { entry, datasource };
}

/** Takes an entry away; its datasource shrinks. */
export function dropEntry(call: RealCall, entry: EntryRow, datasource: DatasourceRow): void {
  call.store.delete(ENTRIES, entry.uuid);
  saveDatasource(call, { ...datasource, size: Math.max(0, datasource.size - entry.size) });
}

/** An entry as answered, its whole datasource inside (5.5). */
export function entryText(call: RealCall, entry: EntryRow, datasource: DatasourceRow): string {
  const pairs: [string, Tree][] = [
    ["uuid", entry.uuid],
    ["datasource", new Exact(datasourceText(call, datasource))],
    ["config", new Exact(entry.config)],
    ["name", entry.name],
    ["size", entry.size],
    ["status", entry.status],
    ["created_at", entry.created_at],
    ["updated_at", entry.updated_at],
  ];
  return members(call.era.data.entries === "source_data" ? pairs : [...pairs, ["sync_config", null]]);
}

/** Names of what a run would search through. */
export function entryNamesOf({ store }: Pick<RealCall, "store">): (datasource: string) => readonly string[] {
  return (datasource) => store.list(ENTRIES, datasource.toLowerCase()).map((text) => parseRow(text).name);
}

function shownText(text: string): string {
  const chunks = text.match(new RegExp(`[\\s\\S]{1,${CHUNK}}`, "gu")) ?? [];
  return chunks.slice(0, SHOWN_CHUNKS).join("\n");
}

function nodeId(uuid: string, index: number): string {
  const digest = createHash("sha256").update(`${uuid}/${index}`).digest("hex");
  return digest.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, "$1-$2-$3-$4-$5");
}

function parseRow(text: string): EntryRow {
  return JSON.parse(text) as EntryRow;
}
