import { readFile } from "node:fs/promises";
import { Agent, EnvHttpProxyAgent, request } from "undici";
import { SyncError } from "../../model/errors.ts";
import type { GitSetup } from "./setup.ts";

const QUERY = "/info/refs?service=git-upload-pack";

/**
 * Where a repository has moved to inside its own host, asked without credentials. Throws SyncError where it is
 * elsewhere: a token must not follow.
 */
export async function placeAfterRedirect(url: string, setup: GitSetup, signal: AbortSignal): Promise<string> {
  const target = await locationOf(url, setup, signal);
  const place = target?.href.split("/info/refs")[0];
  if (target === undefined || place === undefined || place === target.href) {
    throw new SyncError("unreachable", `${url} answered with a redirect that leads to no repository`, {
      remedy: "Open the address in a browser and use the one that it ends at.",
    });
  }
  if (target.origin === new URL(url).origin && target.username === "" && target.password === "") return place;
  throw new SyncError(
    "refused",
    `${url} sends on to ${target.origin}${target.pathname.split("/info/refs")[0] ?? ""}, another host`,
    {
      remedy: "Credentials do not follow redirects. If it has moved there, name the new address.",
    },
  );
}

async function locationOf(url: string, setup: GitSetup, signal: AbortSignal): Promise<URL | undefined> {
  const ca = setup.caFile === undefined ? undefined : await readFile(setup.caFile, "utf8");
  const connect = ca === undefined ? {} : { connect: { ca } };
  const dispatcher = hasProxy(setup) ? new EnvHttpProxyAgent({ ...connect, ...proxiesOf(setup) }) : new Agent(connect);
  try {
    const { headers, body } = await request(`${url}${QUERY}`, {
      dispatcher,
      signal: AbortSignal.any([signal, AbortSignal.timeout(setup.timeoutMs)]),
      headers: { "user-agent": "git/2 (llmstack-sync)" },
    });
    await body.dump();
    const { location } = headers;
    return typeof location === "string" && URL.canParse(location, url) ? new URL(location, url) : undefined;
  } catch (cause) {
    signal.throwIfAborted();
    throw new SyncError("unreachable", `${url} answered with a redirect, and then not at all`, {
      cause,
      isRetryable: true,
    });
  } finally {
    await dispatcher.close();
  }
}

function hasProxy(setup: GitSetup): boolean {
  return Object.values(proxiesOf(setup)).some((value) => value !== "");
}

function proxiesOf({ env }: GitSetup): {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
} {
  return {
    httpProxy: env["http_proxy"] ?? "",
    httpsProxy: env["https_proxy"] ?? env["HTTPS_PROXY"] ?? "",
    noProxy: env["no_proxy"] ?? env["NO_PROXY"] ?? "",
  };
}
