import type { Invocation } from "../command-row.ts";
import { EXIT } from "../exit-codes.ts";
import { outputFlag } from "../options/output.ts";
import { packageVersion } from "../package-version.ts";

/** The version, and with -o json also what it runs on. */
export async function run({ flags, io }: Invocation): Promise<number> {
  const version = packageVersion();
  io.stdout.write(
    flags.get(outputFlag(["text", "json"])) === "json"
      ? `${JSON.stringify({ schemaVersion: 1, kind: "Version", version, node: process.versions.node, platform: `${process.platform}-${process.arch}` }, undefined, 2)}\n`
      : `llmstack-sync ${version}\n`,
  );
  return EXIT.ok;
}
