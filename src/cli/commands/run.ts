import { connect } from "../../client/connect.ts";
import type { Client, RunOutput } from "../../client/client.ts";
import { app } from "../../kinds/app.ts";
import { SyncError } from "../../model/errors.ts";
import type { JsonObject } from "../../model/json.ts";
import { jsonLine, jsonText, SCHEMA_VERSION } from "../../report/json.ts";
import type { Invocation } from "../command-row.ts";
import { EXIT } from "../exit-codes.ts";
import { given } from "../given.ts";
import { jsonDocument } from "../json-document.ts";
import * as options from "../options/run.ts";
import { set } from "../options/server.ts";
import { openServer } from "../server-connection.ts";
import { loadSettings } from "../settings.ts";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;

/** Runs an app and prints what it answers. */
export async function run(invocation: Invocation): Promise<number> {
  const { args, flags, io, log } = invocation;
  const settings = await loadSettings(invocation);
  const input = readInput(invocation);
  const server = await openServer({ settings, flags, io, log });
  try {
    const client = await connect(server.connection, io.stop);
    const uuid = await findApp(client, args[0] ?? "", { set: settings.get(set) ?? "default", signal: io.stop });
    const request = {
      input,
      stream: flags.isOn(options.stream) ? ("chunks" as const) : ("whole" as const),
      ...given("session", flags.get(options.session)),
    };
    const last = await show(client.run(uuid, request, io.stop), invocation);
    if (last?.session !== undefined) log.info(`Session ${last.session}; go on with --session ${last.session}`);
    return EXIT.ok;
  } finally {
    server.close();
  }
}

function readInput({ flags }: Invocation): JsonObject {
  const pairs = flags.list(options.input).map(([name, value]) => [name, value] as const);
  return { ...flags.get(options.inputJson), ...Object.fromEntries(pairs) };
}

/** A uuid is itself; anything else is the key of a manifest of this set, with or without its kind. */
async function findApp(
  client: Client,
  name: string,
  { set: owner, signal }: { readonly set: string; readonly signal: AbortSignal },
): Promise<string> {
  if (UUID.test(name)) return name.toLowerCase();
  const key = name.includes("/") ? name : `${app.kind}/${name}`;
  const { items } = await client.list(app, signal);
  const found = items.filter(({ mark }) => mark?.set === owner && mark.key === key);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.uuid;
  if (found.length > 1) {
    throw new SyncError("usage", `${found.length} apps carry the mark ${key} of set ${owner}`, {
      remedy: `choose one by its uuid: ${found.map(({ uuid }) => uuid).join(", ")}`,
    });
  }
  const keys = items.flatMap(({ mark }) => (mark?.set === owner ? [mark.key] : [])).toSorted();
  throw new SyncError("usage", `no app ${key} of set ${owner} on ${client.server.url}`, {
    remedy:
      keys.length === 0
        ? "this set has no apps there; apply it first, or name another --set"
        : `there are ${keys.join(", ")}`,
  });
}

/** Prints the answer as it grows where that makes sense, and gives the last state of it. */
async function show(outputs: AsyncIterable<RunOutput>, { flags, io }: Invocation): Promise<RunOutput | undefined> {
  const format = flags.get(options.runOutput) ?? "text";
  let last: RunOutput | undefined;
  let printed = "";
  for await (const output of outputs) {
    last = output;
    if (format === "ndjson") io.stdout.write(outputLine(output));
    if (format !== "text" || typeof output.output !== "string" || !output.output.startsWith(printed)) continue;
    io.stdout.write(output.output.slice(printed.length));
    printed = output.output;
  }
  if (format === "json") {
    const { session = null, output = null } = last ?? {};
    io.stdout.write(jsonDocument({ schemaVersion: 1, kind: "Run", session, output }, EXIT.ok));
  }
  if (format === "text") io.stdout.write(ending(last, printed));
  return last;
}

function outputLine({ session, output }: RunOutput): string {
  return `${jsonLine({ type: "output", schemaVersion: SCHEMA_VERSION, ...given("session", session), output })}\n`;
}

/** What text format still owes: the line's end, or the whole of an output that is no text. */
function ending(last: RunOutput | undefined, printed: string): string {
  if (typeof last?.output === "string") return printed.endsWith("\n") ? "" : "\n";
  return jsonText(last?.output ?? null);
}
