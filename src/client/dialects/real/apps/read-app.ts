import { ApiError, SyncError } from "../../../../model/errors.ts";
import type { Json } from "../../../../model/json.ts";
import type { CompleteList, LiveResource } from "../../../../model/live.ts";
import type { Http } from "../../../http.ts";
import { objectPath, type Uuid } from "../../../uuid.ts";
import { asked, objectOf, parseList, textOf, uuidOf } from "../../../wire-values.ts";
import { APP_FIELDS, parseApp, SAFE_FIELDS } from "./parse-app.ts";

export const APPS = "/api/apps";

/** One app; undefined where it is gone. */
export function readApp(http: Http, uuid: string, signal: AbortSignal): Promise<LiveResource | undefined> {
  return http.readObject(`${objectPath(APPS, uuid)}?${APP_FIELDS}`, asked(uuid, parseApp), signal);
}

/**
 * Every app of the token's owner, in one request. Throws SyncError `incomplete_read` that names the apps which break
 * the list, where there are such (llmstack-server.md 2.3).
 */
export async function listApps(http: Http, signal: AbortSignal): Promise<CompleteList<LiveResource>> {
  try {
    return await http.read(`${APPS}?${APP_FIELDS}`, parseList(parseApp), signal);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 500) throw error;
    throw (await unreadable(http, error, signal)) ?? error;
  }
}

/** An app in the columns that no row can break. */
export interface AppRow {
  readonly uuid: Uuid;
  readonly name: string;
  readonly isPublished: boolean;
}

/** Every app of the token's owner, broken ones too. */
export async function listAppRows(http: Http, signal: AbortSignal): Promise<readonly AppRow[]> {
  return (await http.read(`${APPS}?${SAFE_FIELDS}`, parseList(parseRow), signal)).items;
}

/** One such app; undefined where it is gone. */
export function readAppRow(http: Http, uuid: string, signal: AbortSignal): Promise<AppRow | undefined> {
  return http.readObject(`${objectPath(APPS, uuid)}?${SAFE_FIELDS}`, parseRow, signal);
}

function parseRow(answer: Json): AppRow {
  const item = objectOf(answer);
  return { uuid: uuidOf(item), name: textOf(item, "name"), isPublished: item["is_published"] === true };
}

async function unreadable(http: Http, cause: ApiError, signal: AbortSignal): Promise<SyncError | undefined> {
  const broken: AppRow[] = [];
  for (const row of await listAppRows(http, signal)) {
    if (!(await isReadable(http, row.uuid, signal))) broken.push(row);
  }
  if (broken.length === 0) return undefined;
  const names = broken.map(({ uuid, name }) => `${uuid} (${JSON.stringify(name)})`).join(", ");
  return new SyncError("incomplete_read", `the server cannot read some of its own apps: ${names}`, {
    cause,
    remedy: "They hold what it cannot give back, such as a number beyond 64 bits. Delete them, or repair them by hand.",
  });
}

async function isReadable(http: Http, uuid: string, signal: AbortSignal): Promise<boolean> {
  try {
    await readApp(http, uuid, signal);
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 500) return false;
    throw error;
  }
}
