import { isIP } from "node:net";
import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici";
import { SyncError } from "../model/errors.ts";
import { writeFence } from "../write-fence.ts";

export interface HttpOptions {
  readonly url: URL;
  /** Sent as `Host` instead of the address's own (ALLOWED_HOSTS rejects in-cluster names). */
  readonly hostHeader?: string;
  /** PEM; replaces the authorities trusted otherwise. */
  readonly ca?: string;
  /** The longest silence: while connecting (10 s at most), before the answer, and within it. */
  readonly timeoutMs: number;
  /** Asked right before each write. */
  readonly mayWrite?: () => boolean;
}

/** A connection that waited longer may be closed by the other end just as we write: gunicorn closes after 2 s. */
export const KEEP_ALIVE_MS = 1_000;
const LONGEST_CONNECT_MS = 10_000;

/**
 * Connections to one server: HTTP/1.1, proxies from the environment except for this machine itself. Throws SyncError
 * `usage` for a proxy address that is none.
 */
export function openDispatcher(options: HttpOptions): Dispatcher {
  const { url, hostHeader: host, mayWrite } = options;
  const agent = url.hostname.match(LOOPBACK) === null ? proxiedAgent(options) : directAgent(options);
  return agent.compose([
    ...(host === undefined ? [] : [hostHeader(url, host)]),
    ...(mayWrite === undefined ? [] : [writeFence(mayWrite)]),
  ]);
}

const LOOPBACK = /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/u;

function directAgent({ ca, timeoutMs }: HttpOptions): Dispatcher {
  return new Agent({ ...limits(timeoutMs), connect: tls(ca) });
}

function proxiedAgent({ ca, timeoutMs }: HttpOptions): Dispatcher {
  const requestTls = ca === undefined ? {} : { requestTls: tls(ca) };
  try {
    return new EnvHttpProxyAgent({ ...limits(timeoutMs), connect: tls(ca), ...requestTls });
  } catch {
    // Without its cause: that repeats the address, which may hold the proxy's password.
    throw new SyncError("usage", "the proxy's address in HTTPS_PROXY or HTTP_PROXY cannot be used", {
      remedy: "It should look like http://proxy.example.com:3128; name hosts that need none in NO_PROXY.",
    });
  }
}

function limits(timeoutMs: number): Agent.Options {
  return {
    allowH2: false,
    connectTimeout: Math.min(timeoutMs, LONGEST_CONNECT_MS),
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
  };
}

function tls(ca: string | undefined): { readonly ca?: string } {
  return ca === undefined ? {} : { ca };
}

/** The certificate is still checked against the address's name. */
function hostHeader(url: URL, host: string): Dispatcher.DispatcherComposeInterceptor {
  const servername = isIP(url.hostname.replaceAll(/[[\]]/gu, "")) === 0 ? { servername: url.hostname } : {};
  return (dispatch) => (options, handler) =>
    dispatch({ ...options, ...servername, headers: { ...headersOf(options.headers), host } }, handler);
}

function headersOf(headers: Dispatcher.DispatchOptions["headers"]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]));
}
