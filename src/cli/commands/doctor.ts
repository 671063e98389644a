import { connect } from "../../client/connect.ts";
import type { Client } from "../../client/client.ts";
import type { Invocation } from "../command-row.ts";
import { capabilityChecks } from "../doctor/capabilities.ts";
import { type Check, failed, ok } from "../doctor/check.ts";
import { clockCheck, encryptionCheck } from "../doctor/connection.ts";
import { objectChecks } from "../doctor/objects.ts";
import { EXIT, EXIT_OF_CLASS } from "../exit-codes.ts";
import type { Io, Output } from "../io.ts";
import { lockCheck } from "../lock.ts";
import { outputFlag } from "../options/output.ts";
import * as options from "../options/server.ts";
import { paint } from "../paint.ts";
import { type OpenServer, openServer } from "../server-connection.ts";
import { loadSettings, type Settings } from "../settings.ts";

/** Looks at everything a run needs and says what is wrong with it. Writes nothing anywhere. */
export async function run(invocation: Invocation): Promise<number> {
  const { flags, io } = invocation;
  const checks = await examine(invocation);
  const exitCode = exitOf(checks);
  io.stdout.write(
    flags.get(outputFlag(["text", "json"])) === "json"
      ? `${JSON.stringify({ schemaVersion: 1, kind: "Doctor", exitCode, checks }, undefined, 2)}\n`
      : render(checks, io.stdout),
  );
  return exitCode;
}

async function examine(invocation: Invocation): Promise<readonly Check[]> {
  const { flags, io, log } = invocation;
  const settings = await loadSettings(invocation);
  const known = settingsChecks(settings);
  let server: OpenServer;
  try {
    server = await openServer({ settings, flags, io, log });
  } catch (error) {
    return [...known, failed("server", error)];
  }
  try {
    const client = await connect(server.connection, io.stop);
    return [...known, ...(await serverChecks(client, server, { settings, io }))];
  } catch (error) {
    return [...known, failed("reachable", error)];
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
  const { dialect, recognisedBy, account } = client.server;
  const set = settings.get(options.set) ?? "default";
  const [objects, clock] = await Promise.all([
    objectChecks(client, set, io.stop),
    clockCheck(server.connection, io.stop),
  ]);
  return [
    ok("reachable", server.label),
    encryptionCheck(server.connection),
    ok("dialect", `${dialect} (${recognisedBy})`),
    ok("account", account ?? "the server does not tell whose token it is"),
    ...objects,
    ...capabilityChecks(client.rules.capabilities),
    clock,
    lockCheck(client, server, set, io),
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
  return `${lines.join("\n")}\n`;
}

function badge(status: Check["status"], output: Output): string {
  const colors = { ok: "green", warning: "yellow", failed: "red", skipped: "gray" } as const;
  return paint(output, colors[status], status.padEnd(7));
}
