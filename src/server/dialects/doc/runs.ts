import { isObject } from "../../../model/json.ts";
import { json } from "../../respond.ts";
import type { Call, Route } from "../../route.ts";
import { runApp } from "../../run/run-app.ts";
import { streamByKey } from "../../run/stream.ts";
import { findDefinition } from "./apps.ts";
import { JSON_OR_YAML, NOT_FOUND, WRITE_REFUSED } from "./documented.ts";
import { entryNames } from "./entries.ts";
import { asObject, readRow } from "./find.ts";
import { pickFields } from "./fields.ts";

const SESSIONS = "sessions";

const REQUEST = {
  input: { check: (value: unknown) => (isObject(value) ? undefined : "Expected an object."), presence: "optional" },
  stream: {
    check: (value: unknown) => (typeof value === "boolean" ? undefined : "Not a boolean."),
    presence: "optional",
  },
} as const;

const RUN = {
  method: "POST",
  access: "token",
  body: { schema: "RunRequest", consumes: JSON_OR_YAML },
  answers: [
    {
      status: 200,
      description: "The output: whole, or with `stream` in pieces by key.",
      content: {
        "application/json": { schema: { $ref: "#/components/schemas/RunAnswer" } },
        "application/x-ndjson": { schema: { $ref: "#/components/schemas/RunPiece" } },
      },
    },
    ...WRITE_REFUSED,
    NOT_FOUND,
  ],
} as const;

const FRAMING =
  "With `stream: true` the answer is newline-delimited JSON. Each line is an object with pieces of the values of the " +
  "whole answer's keys: strings under one key are concatenated in order, any other value comes whole in one line. " +
  "Stitched together the lines are the answer without `stream`.";

export const runRoutes: readonly Route[] = [
  {
    ...RUN,
    path: "/api/apps/{uuid}/run",
    operation: "runApp",
    summary: "Runs an app in a new session.",
    description: FRAMING,
    answer: (call) => run(call, call.uuid()),
  },
  {
    ...RUN,
    path: "/api/apps/{uuid}/run/{session_id}",
    operation: "runAppInSession",
    summary: "Runs an app in a session; the first run with an id starts it.",
    description: FRAMING,
    answer: (call) => run(call, call.parameter("session_id")),
  },
];

async function run(call: Call, session: string): Promise<Response> {
  const { uuid, definition } = findDefinition(call);
  const { input = {}, stream = false } = pickFields(call.body, REQUEST, "refused");
  const output = await runApp({
    definition,
    input: asObject(input),
    earlierRuns: earlierRuns(call, uuid, session),
    entryNames: (datasource) => entryNames(call, datasource),
  });
  remember(call, uuid, session);
  const whole = { session: { id: session }, output };
  return stream === true ? streamByKey(whole) : json(200, whole);
}

function earlierRuns({ store }: Call, app: string, session: string): number {
  const row = store.get(SESSIONS, `${app}/${session}`);
  return row === undefined ? 0 : Number(readRow(row)["runs"]);
}

/** Counted when the run is over, so that a run that failed leaves no trace; the app may be gone by then. */
function remember(call: Call, app: string, session: string): void {
  const id = `${app}/${session}`;
  const text = JSON.stringify({ runs: earlierRuns(call, app, session) + 1 });
  if (call.store.get(SESSIONS, id) !== undefined) call.store.replace(SESSIONS, id, text);
  else if (call.store.get("apps", app) !== undefined)
    call.store.insert({ collection: SESSIONS, id, parent: app, text });
}
