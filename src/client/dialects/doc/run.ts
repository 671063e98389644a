import { isObject, type Json, type JsonObject, own } from "../../../model/json.ts";
import type { RunOutput, RunRequest } from "../../client.ts";
import { type Http, UnexpectedShape } from "../../http.ts";
import { jsonBody } from "../../request-body.ts";
import { checkedSession } from "../../session.ts";
import { stitch } from "../../stitch.ts";
import { objectPath } from "../../uuid.ts";

/** Runs an app (documented-api.md, Run an app); yields what there is of the output each time it grows. */
export async function* runApp(
  http: Http,
  uuid: string,
  { input, session, stream }: RunRequest,
  signal: AbortSignal,
): AsyncIterable<RunOutput> {
  const app = objectPath("/api/apps", uuid);
  const path = session === undefined ? `${app}/run` : `${app}/run/${checkedSession(session)}`;
  const body = jsonBody({ input, stream: stream === "chunks" });
  if (stream === "whole") {
    yield await http.ask(path, body, parseRun, signal);
    return;
  }
  let run: RunOutput = { session, output: null };
  for await (const chunk of http.askForMany(path, body, signal)) {
    run = grown(run, chunk);
    yield run;
  }
}

function parseRun(answer: Json): RunOutput {
  if (!isObject(answer) || !Object.hasOwn(answer, "output")) throw new UnexpectedShape("it has no `output`");
  return { session: sessionOf(answer), output: own(answer, "output") ?? null };
}

/** A chunk holds values for keys of the output; some servers wrap it, with the session, as they do a whole answer. */
function grown(run: RunOutput, chunk: JsonObject): RunOutput {
  const id = sessionOf(chunk);
  const isWrapped = Object.keys(chunk).every((key) => key === "output" || key === "session");
  const part = isWrapped ? (own(chunk, "output") ?? null) : chunk;
  return { session: id ?? run.session, output: stitch(run.output, part) };
}

function sessionOf(answer: JsonObject): string | undefined {
  const session = own(answer, "session");
  const id = isObject(session) ? session["id"] : undefined;
  return typeof id === "string" ? id : undefined;
}
