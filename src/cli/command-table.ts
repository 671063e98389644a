import type { CommandRow } from "./command-row.ts";
import { outputFlag } from "./options/output.ts";

/** Every command, in the order help lists them. Adding one is adding a row here and a file in commands/. */
export const commandRows: readonly CommandRow[] = [
  {
    name: "completion",
    summary: "print a completion script for your shell",
    argument: { syntax: "<shell>", help: "your shell", choices: ["bash", "zsh", "fish", "powershell"] },
    details: `bash needs the bash-completion package. Load it with, for example:
  bash        source <(llmstack-sync completion bash)
  zsh         source <(llmstack-sync completion zsh)
  fish        llmstack-sync completion fish | source
  powershell  llmstack-sync completion powershell | Out-String | Invoke-Expression`,
    flags: [],
    examples: [],
    load: () => import("./commands/completion.ts"),
  },
  {
    name: "complete",
    summary: "answer a shell's question",
    argument: { syntax: "[words...]", help: "the words typed so far" },
    isHidden: true,
    flags: [],
    examples: [],
    load: () => import("./commands/complete.ts"),
  },
  {
    name: "version",
    summary: "print the version",
    flags: [outputFlag(["text", "json"])],
    examples: [],
    load: () => import("./commands/version.ts"),
  },
];
