import { choiceFlag, parsedFlag, textFlag } from "./flag.ts";
import { parseCommit, parseDuration, parseListen, parseResync } from "./parsers.ts";

const group = "Following";

export const pollInterval = parsedFlag({
  syntax: "--interval <duration>",
  help: "between two looks at a repository, give or take a tenth",
  group,
  env: "LLMSTACK_INTERVAL",
  defaultText: "5m",
  parse: parseDuration,
});

export const resync = parsedFlag({
  syntax: "--resync <duration>",
  help: "between two comparisons with the server while the repository stands still; 0 for none",
  group,
  env: "LLMSTACK_RESYNC",
  defaultText: "10m",
  parse: parseResync,
});

export const rewind = choiceFlag({
  syntax: "--rewind <policy>",
  help: "what to do when the history of a branch was rewritten",
  group,
  env: "LLMSTACK_REWIND",
  defaultText: "refuse",
  choices: ["refuse", "follow"],
});

export const acceptCommit = parsedFlag({
  syntax: "--accept-commit <id>",
  help: "this commit may come next although it rewrites history",
  group,
  parse: parseCommit,
});

export const webhookListen = parsedFlag({
  syntax: "--webhook-listen <host:port>",
  help: "take webhooks of the forge there, and look at once when one comes",
  group,
  env: "LLMSTACK_WEBHOOK_LISTEN",
  parse: parseListen,
});

export const webhookSecretFile = textFlag({
  syntax: "--webhook-secret-file <file>",
  help: "the webhook's secret; two lines while a new one takes over",
  group,
  env: "LLMSTACK_WEBHOOK_SECRET_FILE",
});

/** What following a repository takes. */
export const followFlags = [pollInterval, resync, rewind, acceptCommit, webhookListen, webhookSecretFile] as const;
