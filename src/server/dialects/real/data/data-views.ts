import { jsonList, jsonText } from "../../../respond.ts";
import { bare, crash, ok } from "../wire/answers.ts";
import { given } from "../wire/python.ts";
import { parseTree } from "../wire/tree.ts";
import type { RealCall } from "../wire/view.ts";
import { canProcess } from "./blocks.ts";
import {
  datasourcesOf,
  datasourceText,
  dropDatasource,
  findReadable,
  findWritable,
  listDatasources,
  mayRead,
  organizationDatasources,
  saveDatasource,
  type DatasourceRow,
} from "./datasource-row.ts";
import { addEntry, dropEntry, entriesOf, entryText, findEntry, saveEntry } from "./entry-row.ts";

/** GET /api/datasources and GET /api/datasources/<uid>. */
export function getDatasources(call: RealCall): Response {
  if (call.parameter("uid") !== undefined) return jsonText(200, datasourceText(call, findReadable(call)));
  const rows = listDatasources(call, call.user());
  return jsonText(200, jsonList(rows.map((row) => datasourceText(call, row))));
}

export function getOrganizationDatasources(call: RealCall): Response {
  const rows = organizationDatasources(call, call.user());
  return jsonText(200, jsonList(rows.map((row) => datasourceText(call, row))));
}

/** PATCH, v0.2.4+: 204 whatever was in the body; only the refresh interval counts (llmstack-server.md 5.4). */
export async function refreshDatasource(call: RealCall): Promise<Response> {
  const row = findWritable(call);
  const body = await call.body();
  if (Object.hasOwn(body, "refresh_interval")) {
    const wanted = given(body, "refresh_interval");
    saveDatasource(call, { ...row, refresh_interval: wanted === "Daily" || wanted === "Weekly" ? wanted : null });
  }
  return bare(204);
}

/** PUT of v0.0.29 to v0.1.5: changes nothing. */
export function putDatasource(call: RealCall): Response {
  return jsonText(201, datasourceText(call, findWritable(call)));
}

/** DELETE: one entry after the other, so that a block that cannot be built stops it with 500 (5.2, 5.4). */
export function removeDatasource(call: RealCall): Response {
  const row = findWritable(call);
  if (entriesOf(call, row).length > 0) refuseBroken(call, row);
  dropDatasource(call, row);
  return bare(204);
}

export function getEntries(call: RealCall): Response {
  const row = findReadable(call);
  return jsonText(200, jsonList(entriesOf(call, row).map((entry) => entryText(call, entry, row))));
}

/** GET /api/datasource_entries and GET /api/datasource_entries/<uid>; somebody else's is 404 without a body. */
export function getEntry(call: RealCall): Response {
  if (call.parameter("uid") === undefined) {
    const texts = datasourcesOf(call, call.user()).flatMap((row) =>
      entriesOf(call, row).map((entry) => entryText(call, entry, row)),
    );
    return jsonText(200, jsonList(texts));
  }
  const { datasource } = findEntry(call);
  if (!mayRead(call, datasource, call.user())) return bare(404);
  entriesOf(call, datasource);
  return jsonText(200, entryText(call, findEntry(call).entry, datasource));
}

/** DELETE /api/datasource_entries/<uid>: 202 (5.5). */
export function removeEntry(call: RealCall): Response {
  const { entry, datasource } = findEntry(call);
  if (datasource.owner !== call.user().username) return bare(call.era.data.access === "owner" ? 404 : 403);
  refuseBroken(call, datasource);
  dropEntry(call, entry, datasource);
  return bare(202);
}

export function getTextContent(call: RealCall): Response {
  const { entry, datasource } = findEntry(call);
  if (!mayRead(call, datasource, call.user())) return bare(404);
  return ok({ content: entry.text, metadata: { source: entry.name } });
}

/** POST …/resync in the era's way; at v0.2.6 the vectors go and nothing comes back (5.6). */
export function resyncEntry(call: RealCall): Response {
  const { entry, datasource } = findEntry(call);
  if (call.era.data.resync === "not-implemented") throw crash();
  if (datasource.owner !== call.user().username) return bare(404);
  if (call.era.data.resync === "accepted") return bare(202);
  const isBroken = call.era.data.resync === "breaks";
  const saved = saveEntry(call, isBroken ? { ...entry, text: "" } : entry);
  if (isBroken) throw crash();
  return jsonText(200, entryText(call, saved, datasource));
}

/** POST …/resync_async of an entry or a datasource: accepted unseen. */
export function resyncLater(call: RealCall): Response {
  return ok({ job_id: call.uuid() }, 202);
}

/** POST /api/datasource_entries/upsert, up to v0.1.5 (5.1). */
export async function upsertEntry(call: RealCall): Promise<Response> {
  const body = await call.body();
  const { datasource_id: uuid, input_data: input } = body;
  if (typeof uuid !== "string") return ok({ errors: ["No datasource_id provided"] }, 400);
  const { name, data } = (input ?? {}) as { readonly name?: unknown; readonly data?: unknown };
  if (typeof name !== "string" || name === "" || !data) return ok({ errors: ["No name or data provided"] }, 400);
  const datasource = findWritable({ ...call, parameter: () => uuid });
  const entry = addEntry(call, datasource, { name, text: name, config: { input: input ?? null } }, { status: "READY" });
  return jsonText(200, entryText(call, entry, datasource));
}

/** POST /api/datasources/url/extract_urls: nothing is fetched here. */
export async function extractUrls(call: RealCall): Promise<Response> {
  const { url } = await call.body();
  if (typeof url !== "string" || url === "") return ok({ urls: [] });
  return ok({ urls: [/^https?:\/\//u.test(url) ? url : `https://${url}`] });
}

function refuseBroken({ era }: RealCall, { pipeline }: DatasourceRow): void {
  if (era.data.entries === "source_data" && !canProcess(parseTree(pipeline))) throw crash();
}
