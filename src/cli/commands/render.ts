import { resolve } from "node:path";
import type { Rendered } from "../../manifest/write/render-files.ts";
import type { JsonObject } from "../../model/json.ts";
import { renderManifests } from "../../pipeline.ts";
import type { Invocation } from "../command-row.ts";
import { EXIT } from "../exit-codes.ts";
import { given } from "../given.ts";
import { jsonDocument } from "../json-document.ts";
import { namedPaths, openManifests, readValues } from "../manifest-input.ts";
import { force } from "../options/export.ts";
import * as options from "../options/render.ts";
import { loadSettings } from "../settings.ts";
import { problemsText } from "../show-problems.ts";
import { writeFiles, type WrittenFile } from "../write-files.ts";

/** Prints or writes the manifests with nothing left in them that only a command line can follow. */
export async function run(invocation: Invocation): Promise<number> {
  const { flags, io, level } = invocation;
  const settings = await loadSettings(invocation);
  const { source } = await openManifests(namedPaths(invocation, settings), {
    settings,
    invocation,
    wrongPath: "usage",
  });
  const values = await readValues(settings, io, "warning");
  const secret = flags.get(options.secretName) ?? "llmstack-sync-env";
  const rendered = await renderManifests(source, values, secret);
  const isJson = flags.get(options.renderOutput) === "json";
  const folder = flags.get(options.outDir);
  const written = folder === undefined ? undefined : await write(folder, rendered, invocation);
  io.stdout.write(isJson ? jsonDocument(toJson(rendered, written), EXIT.ok) : toText(rendered, written, folder));
  if (rendered.problems.length > 0 && level !== "quiet") {
    io.stderr.write(problemsText({ problems: rendered.problems, files: source.files }, io.stderr));
  }
  tellRest(rendered, secret, invocation);
  return EXIT.ok;
}

async function write(folder: string, { files }: Rendered, { flags, io }: Invocation): Promise<readonly WrittenFile[]> {
  return writeFiles(resolve(io.cwd, folder), files, { overwrite: flags.isOn(force) ? "allowed" : "refused" });
}

/** What was written where, or else the manifests themselves. */
function toText({ files }: Rendered, written: readonly WrittenFile[] | undefined, folder = ""): string {
  if (written === undefined) return files.map(({ text }) => text).join("---\n");
  return written.map(({ path, status }) => `${status.padEnd(9)}  ${folder}/${path}\n`).join("");
}

function toJson({ files, variables, notes }: Rendered, written: readonly WrittenFile[] | undefined): JsonObject {
  return {
    schemaVersion: 1,
    kind: "Render",
    files:
      written === undefined
        ? files.map(({ path, text }) => ({ path, text }))
        : written.map(({ path, status }) => ({ path, status })),
    variables,
    notes: notes.map(({ code, message, key }) => ({ code, message, ...given("key", key) })),
  };
}

function tellRest({ variables, notes }: Rendered, secret: string, { log }: Invocation): void {
  for (const { message } of notes) log.info(`note: ${message}`);
  if (variables.length === 0) return;
  const literals = variables.map((name) => ` \\\n  --from-literal=${name}="$${name}"`);
  log.info(
    `The manifests expect a Secret with these keys:\nkubectl create secret generic ${secret}${literals.join("")}`,
  );
}
