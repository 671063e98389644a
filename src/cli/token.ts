import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { SyncError } from "../model/errors.ts";
import type { Io } from "./io.ts";
import type { Log } from "./log.ts";
import * as options from "./options/server.ts";
import type { Setting, Settings } from "./settings.ts";
import { userFilePath } from "./settings-files.ts";

const TOKEN = "LLMSTACK_TOKEN";
/** Settings that decide where a token goes. A repository may state them only where the user's own file agrees. */
const DESTINATION = [options.server, options.hostHeader, options.caFile] as const;

/**
 * The token for `server`, which is never one that the user meant for another host (design, "Safety" 7). Throws
 * SyncError: `auth` without a token, `refused` when only a project file says where the token would go.
 */
export async function findToken(server: Setting<string>, { settings, io, log }: TokenSetup): Promise<string> {
  const bound = boundContexts(server.value, settings);
  requireTrustedDestination(server.value, bound, { settings, io, log });
  const given = settings.find(options.tokenFile);
  if (given?.origin === "flag") return readTokenFile(resolve(io.cwd, given.value), log);
  const token = io.env[TOKEN]?.trim();
  if (token !== undefined && token !== "") return checkedToken(token, TOKEN);
  if (given?.origin === "environment") return readTokenFile(resolve(io.cwd, given.value), log);
  const path = boundTokenFile(server, bound, settings);
  if (path !== undefined) return readTokenFile(path, log);
  throw new SyncError("auth", `no API token for ${server.value}`, {
    remedy: `set ${TOKEN}, pass --token-file FILE, or give a context for this server a tokenFile in ${userFilePath(io)}`,
  });
}

interface TokenSetup {
  readonly settings: Settings;
  readonly io: Io;
  readonly log: Log;
}

interface BoundContext {
  readonly name: string;
  readonly path: string;
  readonly values: Readonly<Record<string, string>>;
}

/** What the user's own file says of this host. The chosen context comes first. */
function boundContexts(server: string, { user, context }: Settings): readonly BoundContext[] {
  if (user === undefined) return [];
  const all = [...user.contexts, ["", user.common] as const].map(([name, { path, values }]) => ({
    name,
    path,
    values,
  }));
  return all
    .filter(({ values }) => values["server"] !== undefined && sameHost(values["server"], server))
    .toSorted((a, b) => Number(b.name === context) - Number(a.name === context));
}

function sameHost(left: string, right: string): boolean {
  return URL.canParse(left) && URL.canParse(right) && new URL(left).origin === new URL(right).origin;
}

function requireTrustedDestination(server: string, bound: readonly BoundContext[], { settings, io }: TokenSetup): void {
  for (const flag of DESTINATION) {
    const setting = settings.find(flag);
    if (setting?.origin !== "project file") continue;
    const isAgreed = bound.some(
      ({ values }) => flag === options.server || (flag.fileKey !== undefined && values[flag.fileKey] === setting.value),
    );
    if (isAgreed) continue;
    throw new SyncError(
      "refused",
      `only the project file ${setting.place} says to use ${flag.fileKey} ${setting.value}: a file in a repository may not decide where your token is sent`,
      {
        remedy: `name it yourself (${flag.env}=${setting.value}), or bind it once in ${userFilePath(io)}:\n${contextExample(server, flag.fileKey ?? "", setting.value)}`,
      },
    );
  }
}

function contextExample(server: string, key: string, value: string): string {
  const extra = key === "server" ? "" : `\n    ${key}: ${value}`;
  return `contexts:\n  NAME:\n    server: ${new URL(server).origin}${extra}\n    tokenFile: FILE`;
}

/** A token file of the user's own settings, if it belongs to this host or to no host in particular. */
function boundTokenFile(
  server: Setting<string>,
  bound: readonly BoundContext[],
  { user, context }: Settings,
): string | undefined {
  const [first, ...others] = bound.filter(({ values }) => values["tokenFile"] !== undefined);
  if (
    first !== undefined &&
    first.name !== context &&
    others.some(({ values }) => values["tokenFile"] !== first.values["tokenFile"])
  ) {
    throw new SyncError("usage", `${first.path} has several contexts with a token for ${server.value}`, {
      remedy: `choose one: --context ${[first, ...others].map(({ name }) => name).join(" | ")}`,
    });
  }
  const chosen = context === undefined ? undefined : user?.contexts.get(context);
  const unbound = [chosen, user?.common].find(
    (layer) => layer?.values["tokenFile"] !== undefined && layer.values["server"] === undefined,
  );
  const layer = first ?? (server.origin === "project file" ? undefined : unbound);
  const path = layer?.values["tokenFile"];
  return layer === undefined || path === undefined ? undefined : resolve(dirname(layer.path), path);
}

/** The one token in a file. Throws SyncError of class auth. */
export async function readTokenFile(path: string, log: Log): Promise<string> {
  const [text, { mode }] = await Promise.all([readFile(path, "utf8"), stat(path)]).catch((error: Error) => {
    throw new SyncError("auth", `cannot read the token file ${path}: ${error.message}`, { cause: error });
  });
  if (process.platform !== "win32" && (mode & 0o004) !== 0) {
    log.warn(`every user of this machine can read the token file ${path}`, { hint: `chmod 600 ${path}` });
  }
  return checkedToken(text.trim(), path);
}

/** A token becomes a header: anything but visible ASCII would break the request, with the token in the message. */
export function checkedToken(token: string, place: string): string {
  if (/^[\x21-\x7e]+$/u.test(token)) return token;
  throw new SyncError("auth", token === "" ? `${place} is empty` : `${place} does not hold one token in one line`);
}
