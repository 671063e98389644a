import { gitFlags } from "./git.ts";
import { listFlag, parsedFlag, switchFlag, textFlag } from "./flag.ts";
import { parseDuration, parseKeyGlob, parseMaxDeletes } from "./parsers.ts";

const group = "What may change";

export const prune = switchFlag({
  syntax: "--prune",
  help: "delete what the set manages and no manifest names",
  group,
  env: "LLMSTACK_PRUNE",
  fileKey: "prune",
});

export const adopt = switchFlag({
  syntax: "--adopt",
  help: "take over unmarked objects that match a manifest by kind, name and type",
  group,
  env: "LLMSTACK_ADOPT",
  fileKey: "adopt",
});

export const allowReplace = switchFlag({
  syntax: "--allow-replace",
  help: "delete and create anew where a field cannot be changed in place",
  group,
  env: "LLMSTACK_ALLOW_REPLACE",
  fileKey: "allowReplace",
});

export const allowEmpty = switchFlag({
  syntax: "--allow-empty",
  help: "go on when the manifests ask for nothing at all",
  group,
});

export const discardDrafts = switchFlag({
  syntax: "--discard-drafts",
  help: "overwrite drafts that somebody left in the editor",
  group,
  env: "LLMSTACK_DISCARD_DRAFTS",
  fileKey: "discardDrafts",
});

export const maxDeletes = parsedFlag({
  syntax: "--max-deletes <n|p%>",
  help: "how many objects one run may delete",
  group,
  env: "LLMSTACK_MAX_DELETES",
  fileKey: "maxDeletes",
  defaultText: "30% of more than 10 managed objects; of fewer 3, and never all",
  parse: parseMaxDeletes,
});

export const takeOver = textFlag({
  syntax: "--take-over <set>",
  help: "accept what this other set manages and mark it as ours",
  group,
});

export const only = listFlag({
  syntax: "--only <kind/name>",
  help: "look at these resources alone; globs work, repeatable; prune is off with it",
  group: "Manifests",
  parse: parseKeyGlob,
});

export const verifyLive = switchFlag({
  syntax: "--verify-live",
  help: "also look for live edits that hide behind an equal draft",
  group,
});

export const yes = switchFlag({ syntax: "-y, --yes", help: "do not ask before deleting or replacing", group });

export const file = listFlag({
  syntax: "-f, --file <path>",
  help: "file, folder or glob of manifests, like a positional PATH; '-' is stdin; repeatable",
  group: "Manifests",
  parse: (text) => text,
});

export const kustomize = textFlag({
  syntax: "-k, --kustomize <dir>",
  help: "build this kustomization with kustomize or kubectl and read what comes out; nothing is fetched",
  group: "Manifests",
});

export const base = textFlag({
  syntax: "--base <path>",
  help: "compare with these manifests instead of a server",
  group: "Manifests",
});

export const secretsDir = textFlag({
  syntax: "--secrets-dir <dir>",
  help: "folder of <name>/<key> files for $secret and $configMap",
  group: "Manifests",
  env: "LLMSTACK_SECRETS_DIR",
  fileKey: "secretsDir",
});

export const entryTimeout = parsedFlag({
  syntax: "--entry-timeout <duration>",
  help: "longest wait for one datasource entry to become ready",
  group: "Speed",
  env: "LLMSTACK_ENTRY_TIMEOUT",
  fileKey: "entryTimeout",
  defaultText: "5m",
  parse: parseDuration,
});

/** What every command that reads manifests takes. */
export const manifestFlags = [file, kustomize, only, secretsDir, ...gitFlags] as const;

/** What every command that decides changes takes. */
export const policyFlags = [
  prune,
  adopt,
  allowReplace,
  allowEmpty,
  discardDrafts,
  maxDeletes,
  takeOver,
  verifyLive,
] as const;
