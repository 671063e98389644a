import type { JsonObject } from "../../../../model/json.ts";
import { Refusal } from "../../../refusal.ts";
import { runApp } from "../../../run/run-app.ts";
import type { Exchange } from "../../../mount.ts";
import { Answered, bare, crash, ok, serverError } from "../wire/answers.ts";
import { pythonUuid } from "../wire/python-uuid.ts";
import { isTreeObject, parseTree, type Tree, type TreeObject, writeTree } from "../wire/tree.ts";
import type { RealCall } from "../wire/view.ts";
import { appByUuid, type AppRow, findApp, mayRead } from "./app-row.ts";
import { newestLiveOf, versionsOf } from "./version-row.ts";
import { entryNamesOf } from "../data/entry-row.ts";

const SESSIONS = "sessions";

/**
 * Looks the app of a run up before anybody is asked who he is: an unknown one is 500, to strangers too
 * (llmstack-server.md 2.9).
 */
export function checkRunTarget(request: Request, pathname: string, exchange: Exchange): Response | undefined {
  const uid = /^\/api\/apps\/([^/]+)(?:\/.*)?\/run/u.exec(pathname)?.[1];
  if (request.method !== "POST" || uid === undefined) return undefined;
  try {
    return appByUuid(exchange, pythonUuid(decodeURIComponent(uid))) === undefined ? serverError() : undefined;
  } catch {
    return serverError();
  }
}

/** POST …/run[/<session>]: the newest live version, with stand-ins for processors (2.9). */
export async function runRealApp(call: RealCall): Promise<Response> {
  const row = findApp(call);
  const refused = MAY_RUN[call.era.apps.run](call, row);
  if (refused !== undefined) return refused;
  const body = await call.body();
  const versions = versionsOf(call, row.uuid);
  if (versions.length === 0 && call.era.apps.run === "strict") return bare(404);
  const live = newestLiveOf(versions);
  if (live === undefined) return failed(call, "App data not found");
  const session = call.parameter("session_id") ?? sessionIn(body) ?? call.uuid();
  const earlierRuns = count(call, row.uuid, session);
  try {
    const definition = plain(parseTree(live.dataText));
    const input = plain(body["input"] ?? {});
    const output = await runApp({ definition, input, earlierRuns, entryNames: entryNamesOf(call) });
    remember(call, row.uuid, session, earlierRuns + 1);
    return ok(answerOf(call, session, output));
  } catch (error) {
    if (error instanceof Refusal && error.reason.kind === "unreadable") return failed(call, error.reason.detail);
    throw error;
  }
}

/** Undefined where the caller may run it. */
const MAY_RUN: Readonly<Record<RealCall["era"]["apps"]["run"], (call: RealCall, row: AppRow) => Response | undefined>> =
  {
    strict: (call, row) => (call.caller !== undefined && mayRead(call, row, call.caller) ? undefined : bare(403)),
    lenient: (call, row) => {
      const isPublic = row.is_published && row.visibility >= 2;
      return isPublic || mayRead(call, row, call.user())
        ? undefined
        : failed(call, "You do not have access to this app");
    },
  };

/** Up to v0.2.5. */
export function runProcessor(call: RealCall): Response {
  return failed(call, "This stand-in runs whole apps only");
}

function answerOf(call: RealCall, session: string, output: Tree): Tree {
  if (call.era.apps.run === "lenient") return { output, session: { id: session }, _id: call.uuid() };
  return { output: { output }, chunks: {}, session: { id: session } };
}

function failed(call: RealCall, says: string): Response {
  if (call.era.apps.run === "strict") throw crash();
  throw new Answered(ok({ errors: [says] }, 400));
}

function sessionIn(body: TreeObject): string | undefined {
  const id = body["session_id"];
  return typeof id === "string" && id !== "" ? id : undefined;
}

function plain(tree: Tree): JsonObject {
  return isTreeObject(tree) ? (JSON.parse(writeTree(tree)) as JsonObject) : {};
}

function count({ store }: RealCall, app: string, session: string): number {
  return Number(store.get(SESSIONS, `${app}/${session}`)?.text ?? 0);
}

function remember({ store }: RealCall, app: string, session: string, runs: number): void {
  const id = `${app}/${session}`;
  if (runs > 1) store.replace(SESSIONS, id, String(runs));
  else store.insert({ collection: SESSIONS, id, parent: app, text: String(runs) });
}
