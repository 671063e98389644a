import { SyncError } from "../../../model/errors.ts";
import { isArray, isObject, type Json, own } from "../../../model/json.ts";
import type { RunOutput, RunRequest } from "../../client.ts";
import { type Http, UnexpectedShape } from "../../http.ts";
import { jsonBody } from "../../request-body.ts";
import { checkedSession } from "../../session.ts";
import { objectPath } from "../../uuid.ts";

/**
 * Runs an app (llmstack-server.md 2.9). The answer comes in one piece, since later servers ignore a wish to stream.
 * Throws SyncError `server_error` where the run itself went wrong.
 */
export async function* runApp(
  http: Http,
  uuid: string,
  { input, session }: RunRequest,
  signal: AbortSignal,
): AsyncIterable<RunOutput> {
  const app = objectPath("/api/apps", uuid);
  const path = session === undefined ? `${app}/run` : `${app}/run/${checkedSession(session)}`;
  yield await http.ask(path, jsonBody({ input, stream: false }), parseRun, signal);
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
