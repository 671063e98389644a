import { jsonText } from "../../../respond.ts";
import { Answered, crash, ok } from "../wire/answers.ts";
import { given, needed } from "../wire/python.ts";
import { isTreeObject, isTruthy, parseTree, type Tree, type TreeObject } from "../wire/tree.ts";
import type { RealCall } from "../wire/view.ts";
import { canProcess, sourceOf } from "./blocks.ts";
import {
  datasourceByUuid,
  type DatasourceRow,
  datasourceText,
  findWritable,
  saveDatasource,
} from "./datasource-row.ts";
import { addEntry, type Document, type Fate } from "./entry-row.ts";
import { readEntryData } from "./old-sources.ts";
import { readSourceData } from "./sources.ts";

/**
 * POST …/add_entry: processed before it is answered, and 200 whatever became of the entries (llmstack-server.md 5.5).
 */
export async function addEntries(call: RealCall): Promise<Response> {
  const datasource = findWritable(call);
  const body = await call.body();
  const key = keyOf(call);
  if (key === "entry_data" && isExternal(call, datasource)) {
    return ok({ errors: ["Cannot add entry to external data source"] }, 400);
  }
  const data = sentIn(call, body);
  if (!isTruthy(data)) return ok({ errors: [`No ${key} provided`] }, 400);
  if (!isTreeObject(data)) throw crash();
  const documents = read(call, datasource, data);
  if (call.era.data.entries === "entry_data async") {
    store(call, datasource, documents, call.fate ?? { status: "PROCESSING", reads: 0 });
    return ok({ success: true }, 202);
  }
  const grown = store(call, datasource, documents, call.fate ?? { status: "READY" });
  return key === "entry_data" ? ok({ status: "success" }) : jsonText(200, datasourceText(call, grown));
}

/**
 * POST …/add_entry_async: accepted unseen. Who looks later finds what came of it, and nothing where it could not be read
 * (5.5).
 */
export async function addEntriesLater(call: RealCall): Promise<Response> {
  const datasource = isHandled(call) ? findWritable(call) : datasourceByUuid(call, call.parameter("uid") ?? "");
  const data = sentIn(call, await call.body());
  if (datasource?.owner === call.user().username && isTreeObject(data) && isTruthy(data)) {
    try {
      const documents = read(call, datasource, data);
      store(call, datasource, documents, call.fate ?? { status: "PROCESSING", reads: 0 });
    } catch (error) {
      if (!(error instanceof Answered)) throw error;
    }
  }
  return ok({ job_id: call.uuid() }, 202);
}

function keyOf({ era }: RealCall): "source_data" | "entry_data" {
  return era.data.entries === "source_data" ? "source_data" : "entry_data";
}

/** Up to v0.1.4 a handler looks at what comes, and asks for it with brackets. */
function isHandled({ era }: RealCall): boolean {
  return era.data.entries === "entry_data" || era.data.entries === "entry_data async";
}

function sentIn(call: RealCall, body: TreeObject): Tree | undefined {
  return isHandled(call) ? needed(body, keyOf(call)) : given(body, keyOf(call));
}

function read(call: RealCall, datasource: DatasourceRow, data: TreeObject): readonly Document[] {
  const { entries } = call.era.data;
  if (entries !== "source_data") return readEntryData(entries, datasource.type_slug ?? "", data);
  const source = sourceOf(parseTree(datasource.pipeline));
  if (source === undefined) throw crash();
  return readSourceData(call, source, data, datasource.uuid);
}

/** A block that cannot be resolved leaves the first entry behind, PROCESSING for ever, and answers 500 (5.2). */
function store(call: RealCall, datasource: DatasourceRow, documents: readonly Document[], fate: Fate): DatasourceRow {
  const isBroken = call.era.data.entries === "source_data" && !canProcess(parseTree(datasource.pipeline));
  let size = datasource.size;
  for (const document of documents) {
    const entry = addEntry(call, datasource, document, isBroken ? { status: "STUCK" } : fate);
    if (isBroken) throw crash();
    size += entry.size;
  }
  return saveDatasource(call, { ...datasource, size });
}

function isExternal({ era }: RealCall, { type_slug: type }: DatasourceRow): boolean {
  return era.data.templates.find(({ slug }) => slug === type)?.source === null;
}
