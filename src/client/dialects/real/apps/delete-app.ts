import type { Http } from "../../../http.ts";
import { objectPath } from "../../../uuid.ts";
import { unpublishApp } from "./publish.ts";
import { APPS, listAppRows, readAppRow } from "./read-app.ts";
import { isWithoutVersions } from "./versions.ts";
import type { WantedOrphan } from "../../../client.ts";

/** Deletes an app, unpublished first where that is needed: servers fail on a published one (llmstack-server.md 2.6). */
export async function deleteApp(http: Http, uuid: string, signal: AbortSignal): Promise<"deleted" | "absent"> {
  const row = await readAppRow(http, uuid, signal);
  if (row === undefined) return "absent";
  if (row.isPublished) await unpublishApp(http, uuid, signal);
  return http.delete(objectPath(APPS, uuid), signal);
}

/** Rows that a create which failed half-way left behind, by columns that they cannot break (llmstack-server.md 2.3). */
export async function findOrphanedApps(
  http: Http,
  { name, known }: WantedOrphan,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const rows = await listAppRows(http, signal);
  const orphans: string[] = [];
  for (const { uuid } of rows.filter((row) => row.name === name && !known.has(row.uuid))) {
    if (await isWithoutVersions(http, uuid, signal)) orphans.push(uuid);
  }
  return orphans;
}
