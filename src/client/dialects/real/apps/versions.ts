import { isArray, type Json, type JsonObject, own } from "../../../../model/json.ts";
import type { AppVersion, AppVersions, LiveResource } from "../../../../model/live.ts";
import { parseVersionComment } from "../../../../model/version-comment.ts";
import { ApiError, SyncError } from "../../../../model/errors.ts";
import { type Http, UnexpectedShape } from "../../../http.ts";
import { objectPath } from "../../../uuid.ts";
import { objectOf, withoutMark } from "../../../wire-values.ts";
import { INTEGRATIONS } from "../server-values.ts";
import { definitionOf } from "./parse-app.ts";
import { APPS, readApp } from "./read-app.ts";

/** A stored version of an app, without what it holds. */
interface Row {
  readonly version: number;
  readonly isDraft: boolean;
  readonly comment: string;
}

/**
 * What runs, and what somebody left unfinished: a read of an app shows the newest of them and does not say which
 * (llmstack-server.md 2.8, 2.10). Four requests at most. Throws `not_found` where the app is gone.
 */
export async function readVersions(http: Http, uuid: string, signal: AbortSignal): Promise<AppVersions> {
  const rows = await readRows(http, uuid, signal);
  const comments = rows.map(({ comment }) => comment);
  const [newest] = rows;
  if (newest === undefined) return { newestComment: "", comments };
  const app = await readApp(http, uuid, signal);
  if (app === undefined) throw gone(uuid);
  assertSame(app, newest);
  const shown = versionOf(newest, app);
  const live = rows.find(({ isDraft }) => !isDraft);
  const about = { newestComment: newest.comment, comments };
  if (live === undefined) return { draft: shown, ...about };
  const overwritten = lastOfOurs(rows, live);
  const base = overwritten && (await readStored(http, app, overwritten, signal));
  const history = { ...about, ...(base !== undefined && { base }) };
  if (!newest.isDraft) return { live: shown, ...history };
  return { live: await readStored(http, app, live, signal), draft: shown, ...history };
}

/** What we wrote last, where somebody else wrote what runs: it tells who moved since. */
function lastOfOurs(rows: readonly Row[], live: Row): Row | undefined {
  const isOurs = ({ comment }: Row): boolean => parseVersionComment(comment) !== undefined;
  if (isOurs(live)) return undefined;
  return rows.find((row) => !row.isDraft && row.version < live.version && isOurs(row));
}

/** Every version, newest first. */
async function readRows(http: Http, uuid: string, signal: AbortSignal): Promise<readonly Row[]> {
  const rows = await http.read(`${objectPath(APPS, uuid)}/versions`, parseRows, signal);
  return rows.toSorted((left, right) => right.version - left.version || Number(right.isDraft) - Number(left.isDraft));
}

/** True for the row of a create that failed half-way: it holds no version (llmstack-server.md 2.0). */
export async function isWithoutVersions(http: Http, uuid: string, signal: AbortSignal): Promise<boolean> {
  return (await rowsOrGone(http, uuid, signal))?.length === 0;
}

/** Comments of all versions of an app where one of them is a draft; undefined where none is. One request. */
export async function commentsAroundDraft(
  http: Http,
  uuid: string,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const rows = (await rowsOrGone(http, uuid, signal)) ?? [];
  return rows.some(({ isDraft }) => isDraft) ? rows.map(({ comment }) => comment) : undefined;
}

async function rowsOrGone(http: Http, uuid: string, signal: AbortSignal): Promise<readonly Row[] | undefined> {
  try {
    return await readRows(http, uuid, signal);
  } catch (error) {
    if (error instanceof ApiError && error.class === "not_found") return undefined;
    throw error;
  }
}

function parseRows(answer: Json): readonly Row[] {
  if (!isArray<Json>(answer)) throw new UnexpectedShape("it is no list");
  return answer.map((item) => {
    const { version, is_draft: isDraft, comment } = objectOf(item);
    if (typeof version !== "number" || typeof isDraft !== "boolean") {
      throw new UnexpectedShape("a version has no `version` or no `is_draft`");
    }
    return { version, isDraft, comment: typeof comment === "string" ? comment : "" };
  });
}

function versionOf({ version, comment }: Row, { document, mark }: LiveResource): AppVersion {
  return { version, comment, document, ...(mark !== undefined && { mark }) };
}

async function readStored(http: Http, app: LiveResource, row: Row, signal: AbortSignal): Promise<AppVersion> {
  const path = `${objectPath(APPS, app.uuid)}/versions/${row.version}`;
  const { document, mark } = withoutMark(await http.read(path, (answer) => documentOf(answer, app), signal));
  return { version: row.version, comment: row.comment, document, ...(mark !== undefined && { mark }) };
}

/** The type and the integrations are the app's, whatever the version says. */
function documentOf(answer: Json, app: LiveResource): JsonObject {
  const data = objectOf(own(objectOf(answer), "data") ?? null);
  const name = own(data, "name");
  const settings = Object.entries(app.document).filter(([key]) => INTEGRATIONS.has(key));
  return {
    name: typeof name === "string" ? name : app.name,
    type_slug: app.type,
    ...definitionOf(data),
    ...Object.fromEntries(settings),
  };
}

function assertSame({ uuid, version }: LiveResource, newest: Row): void {
  if (version === undefined || version === newest.version) return;
  throw new SyncError("incomplete_read", `app ${uuid} got a new version while its versions were read`, {
    isRetryable: true,
    remedy: "Somebody is editing it: run again.",
  });
}

function gone(uuid: string): SyncError {
  return new SyncError("not_found", `app ${uuid} is gone`, { remedy: "It was deleted meanwhile: run again." });
}
