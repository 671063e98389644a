import { script } from "@bomb.sh/tab";
import type { Invocation } from "../command-row.ts";
import { EXIT } from "../exit-codes.ts";

/** Prints the script that a shell loads. */
export async function run({ args }: Invocation): Promise<number> {
  script(args[0] ?? "", "llmstack-sync", "llmstack-sync");
  return EXIT.ok;
}
