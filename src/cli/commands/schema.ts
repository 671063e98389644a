import { schemas } from "../../kinds/schemas/index.ts";
import { kustomizeOpenapi } from "../../kinds/schemas/kustomize.ts";
import { SyncError } from "../../model/errors.ts";
import type { JsonObject } from "../../model/json.ts";
import { jsonText } from "../../report/json.ts";
import type { Invocation } from "../command-row.ts";
import { EXIT } from "../exit-codes.ts";

/** What people write by hand; the others describe what this program writes. */
const WRITTEN_BY_HAND = ["App", "Datasource", "Server", "ClusterServer", "GitSync", "Project"];

const byName = new Map<string, JsonObject>([
  ...Object.entries(schemas).map(([kind, schema]) => [kind.toLowerCase(), schema] as const),
  ["kustomize", kustomizeOpenapi],
]);

/** Prints the JSON Schema of a kind; without one, how an editor gets to use them. */
export async function run({ args, io }: Invocation): Promise<number> {
  const [kind] = args;
  if (kind === undefined) {
    io.stdout.write(editorHelp());
    return EXIT.ok;
  }
  const schema = byName.get(kind.toLowerCase());
  if (schema === undefined) {
    throw new SyncError("usage", `no schema of ${JSON.stringify(kind)}`, {
      remedy: `there are ${Object.keys(schemas).join(", ")} and kustomize`,
    });
  }
  io.stdout.write(jsonText(schema));
  return EXIT.ok;
}

function editorHelp(): string {
  const lines = WRITTEN_BY_HAND.map(
    (kind) => `  ${kind.padEnd(14)}# yaml-language-server: $schema=schemas/${kind.toLowerCase()}.json`,
  );
  return `Editors with a YAML language server check and complete a manifest whose first line names its schema.
Write the schemas into your repository once:

${WRITTEN_BY_HAND.map((kind) => `  llmstack-sync schema ${kind} > schemas/${kind.toLowerCase()}.json`).join("\n")}

Then begin each file with the line for its kind, the path relative to the file:

${lines.join("\n")}
`;
}
