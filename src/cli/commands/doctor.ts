import { connect } from "../../client/connect.ts";
import type { Client } from "../../client/client.ts";
import { printableLines } from "../../report/printable.ts";
import type { Invocation } from "../command-row.ts";
import { capabilityChecks } from "../doctor/capabilities.ts";
import { type Check, ok, problem } from "../doctor/check.ts";
import { answerChecks, encryptionCheck } from "../doctor/connection.ts";
import { doctorToJson } from "../doctor/doctor-json.ts";
import { gitStoreCheck } from "../doctor/git-store.ts";
import { objectChecks } from "../doctor/objects.ts";
import { unconnectedChecks } from "../doctor/unconnected.ts";
import { EXIT, EXIT_OF_CLASS } from "../exit-codes.ts";
import type { Io, Output } from "../io.ts";
import { jsonDocument } from "../json-document.ts";
import { lockCheck } from "../lock.ts";
import { outputFlag } from "../options/output.ts";
import * as options from "../options/server.ts";
import { paint } from "../paint.ts";
import { type OpenServer, openServer } from "../server-connection.ts";
import { loadSettings, type Settings } from "../settings.ts";

/** Looks at everything a run needs and says what is wrong with it. Writes nothing; removes what it is told to. */
export async function run(invocation: Invocation): Promise<number> {
  const { flags, io } = invocation;
  const { checks, client } = await examine(invocation);
  const exitCode = exitOf(checks);
  io.stdout.write(
    flags.get(outputFlag(["text", "json"])) === "json"
      ? jsonDocument(doctorToJson(checks, client), exitCode)
      : render(checks, io.stdout),
  );
  return exitCode;
}

interface Findings {
  readonly checks: readonly Check[];
  /** Absent where none could be made. */
  readonly client?: Client;
}

async function examine(invocation: Invocation): Promise<Findings> {
  const { flags, io, log } = invocation;
  const settings = await loadSettings(invocation);
  const known = [...settingsChecks(settings), await gitStoreCheck(settings, invocation)];
  let server: OpenServer;
  try {
    server = await openServer({ settings, flags, io, log });
  } catch (error) {
    return { checks: [...known, problem("server", error)] };
  }
  try {
    const client = await connect(server.connection, io.stop);
    return { checks: [...known, ...(await serverChecks(client, server, { settings, io }))], client };
  } catch (error) {
    io.stop.throwIfAborted();
    return { checks: [...known, ...unconnectedChecks(error, server)] };
  } finally {
    server.close();
  }
}

function settingsChecks(settings: Settings): readonly Check[] {
  const server = settings.find(options.server);
  const set = settings.find(options.set);
  return [
    ...(settings.context === undefined ? [] : [ok("context", settings.context)]),
    ...(server === undefined ? [] : [ok("server", `${server.value} (said by ${server.place})`)]),
    ok(
      "set",
      set === undefined ? "default (nobody named one: --prune needs a name)" : `${set.value} (said by ${set.place})`,
    ),
  ];
}

async function serverChecks(
  client: Client,
  server: OpenServer,
  { settings, io }: { readonly settings: Settings; readonly io: Io },
): Promise<readonly Check[]> {
  const { connection, label } = server;
  const set = settings.get(options.set) ?? "default";
  const [objects, encryption, answer] = await Promise.all([
    objectChecks(client, set, io.stop),
    encryptionCheck(connection, io.stop),
    answerChecks(connection, io.stop),
  ]);
  // With a dialect that is named nothing may have been asked before.
  const isReached = !objects.some((check) => check.class === "unreachable");
  const isKnown = !objects.some((check) => check.class === "auth");
  return [
    ...(isReached ? [ok("reachable", label), encryption] : []),
    ...(connection.hostHeader === undefined ? [] : [ok("host header", connection.hostHeader)]),
    ...(isReached && isKnown ? [ok("token", "accepted")] : []),
    ...identityChecks(client),
    ...objects,
    ...capabilityChecks(client.rules.capabilities),
    ...answer,
    lockCheck(client, server, set, io),
  ];
}

function identityChecks({ server }: Client): readonly Check[] {
  const { dialect, releases, recognisedBy, account } = server;
  return [
    ok("account", account ?? "the server does not tell whose token it is"),
    ok("dialect", releases === undefined ? dialect : `${dialect}: ${releases}`),
    ok("recognised by", recognisedBy),
  ];
}

function exitOf(checks: readonly Check[]): number {
  const first = checks.find((check) => check.class !== undefined);
  return first?.class === undefined ? EXIT.ok : EXIT_OF_CLASS[first.class];
}

function render(checks: readonly Check[], output: Output): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ status, name, message, hint }) => [
    `${badge(status, output)} ${name.padEnd(width)}  ${message}`,
    ...(hint === undefined
      ? []
      : [`${" ".repeat(width + 10)}hint: ${hint.replaceAll("\n", `\n${" ".repeat(width + 16)}`)}`]),
  ]);
  return `${printableLines(lines.join("\n")).join("\n")}\n`;
}

function badge(status: Check["status"], output: Output): string {
  const colors = { ok: "green", warning: "yellow", problem: "red", skipped: "gray" } as const;
  return paint(output, colors[status], status.padEnd(7));
}
