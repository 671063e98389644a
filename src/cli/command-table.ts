import type { CommandRow } from "./command-row.ts";
import { outputFlag } from "./options/output.ts";

/** Every command, in the order help lists them. Adding one is adding a row here and a file in commands/. */
export const commandRows: readonly CommandRow[] = [
  {
    name: "version",
    summary: "print the version",
    flags: [outputFlag(["text", "json"])],
    examples: [],
    load: () => import("./commands/version.ts"),
  },
];
