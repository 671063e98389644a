import type { GitSetup } from "./setup.ts";

type Variables = Readonly<Record<string, string>>;

/** What every git is told, whoever runs it (git-config(1) says what each means). */
const CONFIG = [
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "protocol.version=2",
  // Git would send a token along to wherever it is sent.
  "http.followRedirects=false",
  "http.lowSpeedLimit=1000",
  "http.lowSpeedTime=30",
  "transfer.fsckObjects=true",
  "transfer.bundleURI=false",
  "gc.auto=0",
  "maintenance.auto=false",
  "fetch.recurseSubmodules=false",
  "fetch.writeCommitGraph=false",
  "submodule.recurse=false",
  "advice.detachedHead=false",
] as const;

const ENVIRONMENT: Variables = {
  LC_ALL: "C.UTF-8",
  GIT_TERMINAL_PROMPT: "0",
  GIT_ASKPASS: "/bin/false",
  SSH_ASKPASS: "/bin/false",
  GCM_INTERACTIVE: "never",
  GIT_NO_LAZY_FETCH: "1",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_LITERAL_PATHSPECS: "1",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_PROTOCOL_FROM_USER: "0",
  GIT_SSH_VARIANT: "ssh",
};

/** What programs need of any environment, and how they reach the network. */
const INHERITED = [
  "PATH",
  "TMPDIR",
  "TEMP",
  "TMP",
  "SystemRoot",
  "http_proxy",
  "https_proxy",
  "HTTPS_PROXY",
  "all_proxy",
  "ALL_PROXY",
  "no_proxy",
  "NO_PROXY",
] as const;

/** Where a person keeps git's configuration, credential helpers and ssh's agent. */
const OF_A_PERSON = [
  "HOME",
  "USER",
  "LOGNAME",
  "XDG_CONFIG_HOME",
  "XDG_RUNTIME_DIR",
  "SSH_AUTH_SOCK",
  "DBUS_SESSION_BUS_ADDRESS",
  "USERPROFILE",
  "HOMEDRIVE",
  "HOMEPATH",
  "APPDATA",
  "LOCALAPPDATA",
  "GIT_SSH_COMMAND",
] as const;

const OF_A_DAEMON: Variables = {
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_ATTR_NOSYSTEM: "1",
};

/** The environment of git for one remote, made from nothing. */
export function environmentOf(url: string, setup: GitSetup): Variables {
  const isPerson = setup.user === "person";
  const ssh = sshCommand(setup);
  return {
    ...pick(setup.env, isPerson ? [...INHERITED, ...OF_A_PERSON] : INHERITED),
    ...(isPerson ? {} : OF_A_DAEMON),
    ...ENVIRONMENT,
    GIT_ALLOW_PROTOCOL: allowedProtocols(url, setup),
    ...(ssh !== undefined && { GIT_SSH_COMMAND: ssh }),
    ...(tokenFor(url, setup) !== undefined && {
      LLMSTACK_GIT_USERNAME: setup.credentials.username ?? "x-access-token",
      LLMSTACK_GIT_PASSWORD: setup.credentials.token ?? "",
    }),
  };
}

/** The settings of git for one remote. No value of a credential is among them: arguments can be read by everybody. */
export function configOf(url: string, setup: GitSetup): readonly string[] {
  const hasToken = tokenFor(url, setup) !== undefined;
  const keepsHelpers = setup.user === "person" && !hasToken && !url.startsWith("http:");
  return [
    ...CONFIG,
    ...(keepsHelpers ? [] : ["credential.helper="]),
    ...(hasToken ? [`credential.${new URL(url).origin}.helper=${HELPER}`] : []),
    ...(setup.caFile === undefined ? [] : [`http.sslCAInfo=${setup.caFile}`]),
  ];
}

/** Whatever must never be printed. */
export function secretsOf({ credentials }: GitSetup): readonly string[] {
  const { token } = credentials;
  if (token === undefined || token === "") return [];
  const encoded = [
    encodeURIComponent(token),
    Buffer.from(`${credentials.username ?? "x-access-token"}:${token}`).toString("base64"),
  ];
  return [token, ...encoded];
}

/** Answers git's question for this host alone, with what only the child's environment holds. */
const HELPER =
  '!f() { test "$1" = get && printf "username=%s\\npassword=%s\\n" "$LLMSTACK_GIT_USERNAME" "$LLMSTACK_GIT_PASSWORD"; }; f';

/** Nothing secret goes over a connection that anybody can read. */
function tokenFor(url: string, { credentials }: GitSetup): string | undefined {
  return url.startsWith("https:") ? credentials.token : undefined;
}

function allowedProtocols(url: string, { user }: GitSetup): string {
  const own = url.slice(0, url.indexOf(":"));
  // A person's url.*.insteadOf may lead from one to the other.
  return user === "person" && own !== "file" ? [...new Set([own, "https", "ssh"])].join(":") : own;
}

/** A person's own ssh, with agent and configuration, unless a key is named; a daemon's knows only what is given. */
function sshCommand({ credentials: { sshKeyFile, knownHostsFile }, user }: GitSetup): string | undefined {
  const known =
    knownHostsFile === undefined
      ? []
      : ["-o", `UserKnownHostsFile=${sshQuoted(knownHostsFile)}`, "-o", "GlobalKnownHostsFile=/dev/null"];
  if (user === "person" && sshKeyFile === undefined) {
    return knownHostsFile === undefined ? undefined : shellWords(["ssh", ...COMMON_SSH, ...known]);
  }
  const hosts =
    user === "daemon" && knownHostsFile === undefined
      ? ["-o", "UserKnownHostsFile=/dev/null", "-o", "GlobalKnownHostsFile=/dev/null"]
      : known;
  const key = sshKeyFile === undefined ? ["-o", "IdentityFile=none"] : ["-i", sshKeyFile.replaceAll("%", "%%")];
  return shellWords(["ssh", "-F", "/dev/null", ...COMMON_SSH, ...STRICT_SSH, ...hosts, ...key]);
}

const COMMON_SSH = ["-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o", "ConnectTimeout=15"];

const STRICT_SSH = [
  "IdentitiesOnly=yes",
  "IdentityAgent=none",
  "ServerAliveInterval=15",
  "ServerAliveCountMax=2",
  "ForwardAgent=no",
  "ForwardX11=no",
  "ClearAllForwardings=yes",
  "PermitLocalCommand=no",
  "ProxyCommand=none",
  "ControlPath=none",
].flatMap((option) => ["-o", option]);

/** ssh splits some values at spaces and replaces what follows a %. */
function sshQuoted(path: string): string {
  return `"${path.replaceAll("%", "%%")}"`;
}

function shellWords(words: readonly string[]): string {
  return words
    .map((word) => (/^[A-Za-z0-9_./=:-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(" ");
}

function pick(env: GitSetup["env"], names: readonly string[]): Variables {
  const found = names.flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}
