import { resolve } from "node:path";
import { connect } from "../../client/connect.ts";
import { kinds } from "../../kinds/index.ts";
import { type Exported, exportFiles } from "../../manifest/write/export-files.ts";
import type { JsonObject } from "../../model/json.ts";
import { readEverything } from "../../pipeline.ts";
import type { Invocation } from "../command-row.ts";
import { DEFAULT_PARALLELISM } from "../decide.ts";
import { EXIT } from "../exit-codes.ts";
import { given } from "../given.ts";
import { jsonDocument } from "../json-document.ts";
import * as options from "../options/export.ts";
import { parallelism, set } from "../options/server.ts";
import { openServer } from "../server-connection.ts";
import { loadSettings, type Settings } from "../settings.ts";
import { writeFiles, type WrittenFile } from "../write-files.ts";

/** Writes what lives on the server as manifests. */
export async function run(invocation: Invocation): Promise<number> {
  const { args, flags, io } = invocation;
  const folder = args[0] ?? "";
  const settings = await loadSettings(invocation);
  const exported = await read(settings, invocation);
  const files = await writeFiles(resolve(io.cwd, folder), exported.files, {
    overwrite: flags.isOn(options.force) ? "allowed" : "refused",
  });
  if (flags.get(options.exportOutput) === "json") {
    io.stdout.write(jsonDocument(toJson(folder, files, exported), EXIT.ok));
    return EXIT.ok;
  }
  io.stdout.write(
    files.map(({ path, status }) => `${status.padEnd(9)}  ${folder.replace(/\/$/u, "")}/${path}\n`).join(""),
  );
  tellRest(folder, exported, invocation);
  return EXIT.ok;
}

async function read(settings: Settings, { flags, io, log, progress }: Invocation): Promise<Exported> {
  const server = await openServer({ settings, flags, io, log });
  try {
    progress.show("Reading the server…");
    const client = await connect(server.connection, io.stop);
    const live = await readEverything(client, settings.get(parallelism) ?? DEFAULT_PARALLELISM, io.stop);
    return exportFiles(live, {
      kinds,
      rules: client.rules,
      set: settings.get(set) ?? "default",
      ...given("schemaBase", flags.get(options.schemaBase)),
      ...given("entries", flags.get(options.entries)),
    });
  } finally {
    progress.clear();
    server.close();
  }
}

function tellRest(folder: string, { files, variables, notes }: Exported, { log }: Invocation): void {
  for (const { message } of notes) log.warn(message);
  if (files.length === 0) {
    log.info("Nothing to export: the server has no apps and no datasources of yours.");
    return;
  }
  if (variables.length > 0) {
    log.info(`Secrets were not written. Set ${variables.map(({ name }) => name).join(", ")} before you plan or apply.`);
  }
  log.info(`Check it with: llmstack-sync plan ${folder}`);
}

function toJson(directory: string, files: readonly WrittenFile[], { variables, notes }: Exported): JsonObject {
  return {
    schemaVersion: 1,
    kind: "Export",
    directory,
    files: files.map(({ path, status }) => ({ path, status })),
    variables: variables.map(({ name, key, pointer }) => ({ name, key, pointer })),
    notes: notes.map(({ code, message, key }) => ({ code, message, ...given("key", key) })),
  };
}
