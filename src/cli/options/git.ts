import { choiceFlag, listFlag, parsedFlag, switchFlag, textFlag } from "./flag.ts";
import { parseByteSize, parseDuration, parseFileCount } from "./parsers.ts";

const group = "Git";

export const gitTokenFile = textFlag({
  syntax: "--git-token-file <file>",
  help: "file with the token for a Git host; else the environment's LLMSTACK_GIT_TOKEN",
  group,
  env: "LLMSTACK_GIT_TOKEN_FILE",
});

export const gitUsername = textFlag({
  syntax: "--git-username <name>",
  help: "user name that goes with the token",
  group,
  env: "LLMSTACK_GIT_USERNAME",
  defaultText: "x-access-token",
});

export const gitSshKey = textFlag({
  syntax: "--git-ssh-key <file>",
  help: "private key for ssh:// addresses; else your own ssh configuration and agent",
  group,
  env: "LLMSTACK_GIT_SSH_KEY",
});

export const gitKnownHosts = textFlag({
  syntax: "--git-known-hosts <file>",
  help: "host keys to accept for ssh:// addresses, and no others",
  group,
  env: "LLMSTACK_GIT_KNOWN_HOSTS",
});

export const gitCa = textFlag({
  syntax: "--git-ca <file>",
  help: "PEM file of the authorities to trust for https:// addresses, in place of the system's",
  group,
  env: "LLMSTACK_GIT_CA",
});

export const gitVerify = choiceFlag({
  syntax: "--git-verify <what>",
  help: "refuse what is not signed with one of --git-keys: the commit, the tag, or both",
  group,
  env: "LLMSTACK_GIT_VERIFY",
  choices: ["commit", "tag", "both"],
});

export const gitKeys = listFlag({
  syntax: "--git-keys <file>",
  help: "OpenPGP keys, SSH public keys or an allowed-signers file; repeatable",
  group,
  parse: (text) => text,
});

export const gitTimeout = parsedFlag({
  syntax: "--git-timeout <duration>",
  help: "longest wait for one conversation with a Git host",
  group,
  env: "LLMSTACK_GIT_TIMEOUT",
  defaultText: "60s",
  parse: parseDuration,
});

export const gitMaxFiles = parsedFlag({
  syntax: "--git-max-files <n>",
  help: "most files that a folder in Git may have",
  group,
  env: "LLMSTACK_GIT_MAX_FILES",
  defaultText: "100000",
  parse: parseFileCount,
});

export const gitMaxBytes = parsedFlag({
  syntax: "--git-max-bytes <size>",
  help: "most that is read from one repository",
  group,
  env: "LLMSTACK_GIT_MAX_BYTES",
  defaultText: "256MiB",
  parse: parseByteSize,
});

export const gitCache = textFlag({
  syntax: "--git-cache <dir|off>",
  help: "where fetched objects are kept between runs, or 'off'",
  group,
  env: "LLMSTACK_GIT_CACHE",
  defaultText: "your cache folder",
});

export const gitInsecureHttp = switchFlag({
  syntax: "--git-insecure-http",
  help: "read from http:// addresses too, without credentials",
  group,
});

export const clearGitCache = switchFlag({
  syntax: "--clear-git-cache",
  help: "remove what is kept of repositories in Git; the next run fetches it again",
  group,
});

/** What every command takes that reads manifests. */
export const gitFlags = [
  gitTokenFile,
  gitUsername,
  gitSshKey,
  gitKnownHosts,
  gitCa,
  gitVerify,
  gitKeys,
  gitTimeout,
  gitMaxFiles,
  gitMaxBytes,
  gitCache,
  gitInsecureHttp,
] as const;
