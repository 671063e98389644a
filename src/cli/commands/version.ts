import type { Invocation } from "../command-row.ts";
import { EXIT } from "../exit-codes.ts";
import { jsonDocument } from "../json-document.ts";
import { outputFlag } from "../options/output.ts";
import { packageVersion } from "../package-version.ts";

/** The version, and with -o json also what it runs on. */
export async function run({ flags, io }: Invocation): Promise<number> {
  const version = packageVersion();
  const isJson = flags.get(outputFlag(["text", "json"])) === "json";
  const { versions, platform, arch } = process;
  const facts = { schemaVersion: 1, kind: "Version", version, node: versions.node, platform: `${platform}-${arch}` };
  io.stdout.write(isJson ? jsonDocument(facts, EXIT.ok) : `llmstack-sync ${version}\n`);
  return EXIT.ok;
}
