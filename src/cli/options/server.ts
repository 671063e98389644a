import { parsedFlag, textFlag } from "./flag.ts";
import { parseDuration, parsePositiveInteger, parseServer, parseSetName } from "./parsers.ts";

const group = "Server";

export const server = parsedFlag({
  syntax: "--server <url>",
  help: "address of the LLMStack server, or 'embedded' for the one inside this tool",
  group,
  env: "LLMSTACK_SERVER",
  fileKey: "server",
  parse: parseServer,
});

export const context = textFlag({
  syntax: "--context <name>",
  help: "which context of the project and user files to use",
  group,
  env: "LLMSTACK_CONTEXT",
  fileKey: "context",
});

export const set = parsedFlag({
  syntax: "--set <name>",
  help: "what is synced together; marks carry it",
  group,
  env: "LLMSTACK_SET",
  fileKey: "set",
  defaultText: "default",
  parse: parseSetName,
});

export const tokenFile = textFlag({
  syntax: "--token-file <file>",
  help: "file that holds the API token; else the environment's LLMSTACK_TOKEN",
  group,
  env: "LLMSTACK_TOKEN_FILE",
  fileKey: "tokenFile",
});

export const dialect = textFlag({
  syntax: "--dialect <name>",
  help: "do not recognise the server's dialect, take this one",
  group,
  env: "LLMSTACK_DIALECT",
  fileKey: "dialect",
});

export const hostHeader = textFlag({
  syntax: "--host-header <name>",
  help: "Host header to send, for servers that know themselves by another name",
  group,
  env: "LLMSTACK_HOST_HEADER",
  fileKey: "hostHeader",
});

export const caFile = textFlag({
  syntax: "--ca-file <file>",
  help: "PEM file of certificate authorities to trust instead of the built-in ones",
  group,
  env: "LLMSTACK_CA_FILE",
  fileKey: "caFile",
});

export const account = textFlag({
  syntax: "--account <name>",
  help: "whose token it must be; another account is refused",
  group,
  env: "LLMSTACK_ACCOUNT",
  fileKey: "account",
});

export const data = textFlag({
  syntax: "--data <file>",
  help: "with --server embedded: SQLite file that keeps its state",
  group,
});

export const project = textFlag({
  syntax: "--project <file>",
  help: "project file to read instead of the nearest llmstack-sync.yaml",
  group,
  env: "LLMSTACK_PROJECT",
});

export const timeout = parsedFlag({
  syntax: "--timeout <duration>",
  help: "longest wait for one answer of the server",
  group: "Speed",
  env: "LLMSTACK_TIMEOUT",
  fileKey: "timeout",
  defaultText: "30s",
  parse: parseDuration,
});

export const parallelism = parsedFlag({
  syntax: "--parallelism <n>",
  help: "how many requests at a time",
  group: "Speed",
  env: "LLMSTACK_PARALLELISM",
  fileKey: "parallelism",
  defaultText: "10",
  parse: parsePositiveInteger,
});

/** What every command that speaks to a server takes. */
export const serverFlags = [
  server,
  context,
  set,
  tokenFile,
  dialect,
  hostHeader,
  caFile,
  account,
  data,
  project,
  timeout,
  parallelism,
] as const;
