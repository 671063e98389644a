import { SyncError } from "../../../model/errors.ts";
import { isArray, isObject, type Json, own } from "../../../model/json.ts";
import type { RunOutput, RunRequest } from "../../client.ts";
import { type Http, UnexpectedShape } from "../../http.ts";
import { jsonBody } from "../../request-body.ts";
import { checkedSession } from "../../session.ts";
import { objectPath } from "../../uuid.ts";
import type { Era } from "./era.ts";

/**
 * Runs an app (llmstack-server.md 2.9). The answer comes in one piece, since later servers ignore a wish to stream.
 * Throws SyncError `server_error` where the run itself went wrong.
 */
export async function* runApp(
  http: Http,
  era: Era,
  { uuid, request }: { readonly uuid: string; readonly request: RunRequest },
  signal: AbortSignal,
): AsyncIterable<RunOutput> {
  const { input, session } = request;
  const path = `${objectPath("/api/apps", uuid)}/run`;
  const isInPath = session !== undefined && era.session === "path";
  const body = { input, stream: false, ...(session !== undefined && !isInPath && { session_id: session }) };
  yield await http.ask(isInPath ? `${path}/${checkedSession(session)}` : path, jsonBody(body), parseRun, signal);
}

function parseRun(answer: Json): RunOutput {
  if (!isObject(answer)) throw new UnexpectedShape("it is no object");
  const { output = null, session, errors } = answer;
  if (isArray<Json>(errors) && errors.length > 0) throw failed(errors);
  const id = isObject(session) ? session["id"] : undefined;
  const isWrapped = isObject(output) && Object.hasOwn(output, "output");
  return {
    session: typeof id === "string" ? id : undefined,
    output: isWrapped ? (own(output, "output") ?? null) : output,
  };
}

/** What went wrong is not repeated: it may hold what a processor was given. */
function failed(errors: readonly Json[]): SyncError {
  return new SyncError("server_error", `the app ran and ended with ${errors.length} errors`, {
    remedy: "Look at the run in LLMStack's history, or at the server's log.",
  });
}
