import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { SyncError } from "../model/errors.ts";
import { formatGitAddress, type GitAddress } from "../source/git/address.ts";
import { DEFAULT_LIMITS, DEFAULT_TIMEOUT_MS, type GitCredentials, type GitSetup } from "../source/git/setup.ts";
import type { Invocation } from "./command-row.ts";
import { given } from "./given.ts";
import * as options from "./options/git.ts";
import type { Settings } from "./settings.ts";
import { checkedToken, readTokenFile } from "./token.ts";

const TOKEN = "LLMSTACK_GIT_TOKEN";

/** Who named the addresses: the person who typed them, or a file in a repository. */
export type AddressOrigin = "typed" | "project file";

type GitInvocation = Pick<Invocation, "flags" | "io" | "log">;

/** How the addresses of one run are read. Throws SyncError where a credential could reach a host it is not meant for. */
export async function gitSetupOf(
  addresses: readonly GitAddress[],
  origin: AddressOrigin,
  settings: Settings,
  invocation: GitInvocation,
): Promise<GitSetup> {
  const { flags, io } = invocation;
  const credentials = await credentialsOf(addresses, settings, invocation);
  if (origin === "project file") requireTyped(addresses, credentials);
  return {
    credentials,
    ...given("caFile", settings.path(options.gitCa)),
    timeoutMs: settings.get(options.gitTimeout) ?? DEFAULT_TIMEOUT_MS,
    limits: {
      files: settings.get(options.gitMaxFiles) ?? DEFAULT_LIMITS.files,
      bytes: settings.get(options.gitMaxBytes) ?? DEFAULT_LIMITS.bytes,
    },
    cacheDirectory: gitCacheOf(settings, io),
    ...given("verify", await verifyOf(settings, invocation)),
    user: "person",
    http: flags.isOn(options.gitInsecureHttp) ? "allowed" : "refused",
    env: io.env,
  };
}

/** Where stores are kept, or that none are. */
export function gitCacheOf(settings: Settings, io: Invocation["io"]): string {
  if (settings.get(options.gitCache) === "off") return "off";
  return settings.path(options.gitCache) ?? join(io.folders.cache, "git");
}

async function credentialsOf(
  addresses: readonly GitAddress[],
  settings: Settings,
  { io, log }: GitInvocation,
): Promise<GitCredentials> {
  const file = settings.path(options.gitTokenFile);
  const text = io.env[TOKEN]?.trim();
  const fromEnvironment = text === undefined || text === "" ? undefined : checkedToken(text, TOKEN);
  const token = file === undefined ? fromEnvironment : await readTokenFile(file, log);
  const hosts = new Set(addresses.filter(({ url }) => url.startsWith("https:")).map(({ url }) => new URL(url).host));
  if (token !== undefined && hosts.size > 1) {
    throw new SyncError("usage", `one Git token, and ${hosts.size} hosts: ${[...hosts].toSorted().join(", ")}`, {
      remedy: "A token is sent to one host only: run once for each, or fetch one of them yourself and name the folder.",
    });
  }
  return {
    ...given("token", token),
    ...given("username", settings.get(options.gitUsername)),
    ...given("sshKeyFile", settings.path(options.gitSshKey)),
    ...given("knownHostsFile", settings.path(options.gitKnownHosts)),
  };
}

/** A file in a repository may decide neither where a token is sent nor what of this disk is read. */
function requireTyped(addresses: readonly GitAddress[], { token }: GitCredentials): void {
  const sent = addresses.find(
    ({ url }) => url.startsWith("file:") || (token !== undefined && url.startsWith("https:")),
  );
  if (sent === undefined) return;
  const why = sent.url.startsWith("file:")
    ? "a file:// address is only taken as typed"
    : "your Git token would be sent there";
  throw new SyncError("refused", `only the project file names ${formatGitAddress(sent)}, and ${why}`, {
    remedy: "Name it on the command line.",
  });
}

async function verifyOf(settings: Settings, { flags, io }: GitInvocation): Promise<GitSetup["verify"]> {
  const what = settings.get(options.gitVerify);
  const files = flags.list(options.gitKeys);
  if (what === undefined && files.length === 0) return undefined;
  if (what === undefined || files.length === 0) {
    throw new SyncError("usage", "--git-verify and --git-keys go together", {
      remedy: "--git-verify commit --git-keys team.asc (OpenPGP), or a file of SSH public keys.",
    });
  }
  const keys = await Promise.all(
    files.map(async (name) => ({ name, bytes: await readKeyFile(resolve(io.cwd, name)) })),
  );
  return { what, keys };
}

async function readKeyFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new SyncError(
      "usage",
      `--git-keys: cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}
