import type { CommandRow } from "./command-row.ts";
import { runFlags } from "./options/run.ts";
import { FAULTS, serveFlags } from "./options/serve.ts";
import { serverFlags } from "./options/server.ts";
import { outputFlag } from "./options/output.ts";

/** Every command, in the order help lists them. Adding one is adding a row here and a file in commands/. */
export const commandRows: readonly CommandRow[] = [
  {
    name: "run",
    summary: "run an app and print its answer",
    argument: { syntax: "<app>", help: "key (App/support-bot or support-bot) or uuid" },
    flags: [...runFlags, ...serverFlags],
    examples: ['run support-bot --input question="Where is my parcel?" --stream'],
    load: () => import("./commands/run.ts"),
  },
  {
    name: "serve",
    summary: "run the reference server, an LLMStack look-alike",
    details: FAULTS,
    flags: serveFlags,
    examples: [
      "serve --listen 127.0.0.1:0 --data state.sqlite",
      "serve --token T --fault lost=after,method=POST,nth=2",
    ],
    load: () => import("./commands/serve.ts"),
  },
  {
    name: "doctor",
    summary: "check settings, token and server, and say what is wrong",
    flags: [...serverFlags, outputFlag(["text", "json"])],
    examples: ["doctor --server https://llmstack.example.com"],
    load: () => import("./commands/doctor.ts"),
  },
  {
    name: "schema",
    summary: "print the JSON Schema of a kind, or how editors use them",
    argument: { syntax: "[kind]", help: "App, Datasource or Project" },
    flags: [],
    examples: ["schema App"],
    load: () => import("./commands/schema.ts"),
  },
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
