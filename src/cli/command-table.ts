import type { CommandRow } from "./command-row.ts";
import {
  base,
  entryTimeout,
  file,
  kustomize,
  manifestFlags,
  policyFlags,
  secretsDir,
  takeOver,
  verifyLive,
  yes,
} from "./options/changes.ts";
import { ciFlags } from "./options/ci.ts";
import { exportFlags, force } from "./options/export.ts";
import { followFlags } from "./options/follow.ts";
import { clearGitCache, gitCache, gitFlags } from "./options/git.ts";
import { operatorFlags } from "./options/operator.ts";
import {
  changeOutput,
  detailedExitcode,
  driftOutput,
  explain,
  out,
  outputFlag,
  planOutput,
  report,
  watchOutput,
} from "./options/output.ts";
import { renderFlags } from "./options/render.ts";
import { runFlags } from "./options/run.ts";
import { FAULTS, serveFlags } from "./options/serve.ts";
import { context, project, serverFlags } from "./options/server.ts";
import { requireSecrets, target, validateOutput } from "./options/validate.ts";

const manifestPaths = {
  syntax: "[path...]",
  help: "files, folders or globs of manifests, or addresses in Git; - is stdin",
};

/** Every command, in the order help lists them. Adding one is adding a row here and a file in commands/. */
export const commandRows: readonly CommandRow[] = [
  {
    name: "validate",
    summary: "check manifests without a server",
    argument: manifestPaths,
    details: "Every problem of every file, with its place and what to write instead. Exits 3 where one is an error.",
    flags: [file, kustomize, secretsDir, ...gitFlags, requireSecrets, target, project, context, validateOutput],
    examples: ["validate manifests", "validate manifests -o sarif > problems.sarif"],
    load: () => import("./commands/validate.ts"),
  },
  {
    name: "plan",
    summary: "say exactly what apply would do",
    argument: manifestPaths,
    flags: [...manifestFlags, base, ...policyFlags, ...serverFlags, planOutput, explain, out, detailedExitcode],
    examples: [
      "plan https://github.com/acme/apps.git//envs/prod?ref=main",
      "plan manifests --set shop --prune",
      "plan manifests --out shop.plan && llmstack-sync apply shop.plan",
      "plan manifests --base ../main/manifests",
    ],
    load: () => import("./commands/plan.ts"),
  },
  {
    name: "apply",
    summary: "make the server match the manifests",
    argument: {
      syntax: "[path...]",
      help: "manifests (files, folders, globs, Git, -), or one plan saved with plan --out",
    },
    details:
      "It plans first, asks on a terminal before it deletes or replaces, and reports what became of every change.\nWithout a terminal it never asks: the flags decide.",
    flags: [...manifestFlags, ...policyFlags, yes, ...serverFlags, entryTimeout, changeOutput, report],
    examples: ["apply manifests", "apply manifests --set shop --prune --report report.json", "apply shop.plan"],
    load: () => import("./commands/apply.ts"),
  },
  {
    name: "drift",
    summary: "say what differs between live and manifests, and who moved",
    argument: manifestPaths,
    flags: [...manifestFlags, verifyLive, takeOver, ...serverFlags, driftOutput, detailedExitcode],
    examples: ["drift manifests --detailed-exitcode"],
    load: () => import("./commands/drift.ts"),
  },
  {
    name: "delete",
    summary: "delete from the server what the manifests name",
    argument: manifestPaths,
    details: "Only what carries the mark of the set goes; protected objects and those with deletionPolicy Orphan stay.",
    flags: [...manifestFlags, yes, ...serverFlags, entryTimeout, changeOutput, report],
    examples: ["delete manifests/old-bot.yaml --set shop"],
    load: () => import("./commands/delete.ts"),
  },
  {
    name: "export",
    summary: "write what lives on the server as manifests",
    argument: { syntax: "<dir>", help: "folder to write into; files that differ are not overwritten without --force" },
    details:
      "One file an object, long texts beside them, references by key, secrets as { $env: NAME }.\nUnmarked objects get their uuid, so that apply --adopt takes over exactly these.",
    flags: [...exportFlags, ...serverFlags],
    examples: ["export manifests", "export manifests --set shop --force"],
    load: () => import("./commands/export.ts"),
  },
  {
    name: "render",
    summary: "write manifests in the self-contained form that a cluster takes",
    argument: manifestPaths,
    details:
      "Files become ConfigMaps, environment variables keys of a Secret, globs the entries they match. Secrets are never written.",
    flags: [file, kustomize, secretsDir, ...gitFlags, project, context, ...renderFlags, force],
    examples: ["render manifests | kubectl apply --server-side -f -", "render manifests --out-dir cluster"],
    load: () => import("./commands/render.ts"),
  },
  {
    name: "watch",
    summary: "apply again whenever a manifest changes, on disk or in Git",
    argument: manifestPaths,
    details:
      "What does not validate is never applied. It goes on until Ctrl-C or SIGTERM.\nAn address in Git is looked at every --interval, and at once when a webhook comes.",
    flags: [...manifestFlags, ...followFlags, ...policyFlags, yes, ...serverFlags, entryTimeout, watchOutput, report],
    examples: [
      "watch manifests --server embedded",
      "watch 'https://git.example.com/shop/bots.git//envs/prod?ref=main' --set shop --prune",
    ],
    load: () => import("./commands/watch.ts"),
  },
  {
    name: "ci",
    summary: "do what a pull request, a merge or a schedule means",
    details:
      "Needs no checkout: manifests are read from Git by id. Policy is the base branch's, never the pull request's.",
    flags: [
      ...ciFlags,
      ...gitFlags,
      secretsDir,
      ...policyFlags,
      ...serverFlags.filter((flag) => flag !== project),
      entryTimeout,
      report,
    ],
    examples: ["ci --path manifests", "ci --forge gitea --event event.json --path manifests"],
    load: () => import("../ci/ci.ts"),
  },
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
    name: "operator",
    summary: "reconcile custom resources of a Kubernetes cluster for ever",
    details:
      "Stop it with SIGTERM: it ends what is under way and gives up its lease. It logs JSON unless told otherwise.",
    flags: operatorFlags,
    examples: ["operator --kubeconfig ~/.kube/config --namespaces shop", "operator --health-listen 0.0.0.0:8081"],
    load: () => import("./commands/operator.ts"),
  },
  {
    name: "doctor",
    summary: "check settings, token and server, and say what is wrong",
    flags: [...serverFlags, gitCache, clearGitCache, outputFlag(["text", "json"])],
    examples: ["doctor --server https://llmstack.example.com"],
    load: () => import("./commands/doctor.ts"),
  },
  {
    name: "schema",
    summary: "print the JSON Schema of a kind, or how editors use them",
    argument: { syntax: "[kind]", help: "App, Datasource, Project or kustomize" },
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
