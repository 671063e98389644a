import { createHash } from "node:crypto";
import type { RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { Agent, type Dispatcher, fetch, ProxyAgent, type Response } from "undici";
import { SyncError } from "../model/errors.ts";

export interface Exchange {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With its query. */
  readonly path: string;
  /** The request in words, for messages: `list secrets`. */
  readonly what: string;
  readonly accept?: string;
  readonly body?: { readonly type: string; readonly text: string };
  /** The longest time for the answer and the reading of it. */
  readonly timeoutMs: number;
}

export interface ConnectionSetup {
  /** Called at the start, and again where the API server no longer accepts the credentials. */
  readonly loadConfig: () => KubeConfig;
  /** How it introduces itself. */
  readonly userAgent: string;
  readonly onRequest?: OnRequest;
}

/** Told of every answer; code is the status, or `<error>` where none came. */
export type OnRequest = (request: {
  readonly method: string;
  readonly host: string;
  readonly code: string;
  readonly seconds: number;
}) => void;

/** The way to the API server, with the credentials of a kubeconfig. */
export interface Connection {
  /** Any answer; throws what undici throws where none came. */
  ring(exchange: Exchange, signal: AbortSignal): Promise<Response>;
  /** Reads the credentials again. */
  reload(): void;
  close(): Promise<void>;
}

/**
 * client-node reads kubeconfigs, tokens and certificates; the connections are kept here, since it opens new ones for
 * every request (2.0.1). Files that were rotated are noticed with the next request.
 */
export function createConnection({ loadConfig, userAgent, onRequest = () => undefined }: ConnectionSetup): Connection {
  let config = loadConfig();
  let pool: { readonly key: string; readonly dispatcher: Dispatcher } | undefined;

  const dispatcherFor = (options: RequestOptions, proxy: string | undefined): Dispatcher => {
    const key = keyOf(options, proxy);
    if (pool?.key !== key) {
      // Requests under way end on the old connections.
      pool?.dispatcher.close().catch(() => undefined);
      pool = { key, dispatcher: createDispatcher(options, proxy) };
    }
    return pool.dispatcher;
  };

  const ring = async (exchange: Exchange, signal: AbortSignal): Promise<Response> => {
    const { server, proxyUrl } = clusterOf(config);
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const start = performance.now();
    const seen = (code: string): void => {
      const seconds = (performance.now() - start) / 1000;
      onRequest({ method: exchange.method, host: new URL(server).host, code, seconds });
    };
    try {
      const answer = await fetch(`${server}${exchange.path}`, {
        method: exchange.method,
        headers: { "user-agent": userAgent, ...headersOf(exchange, options) },
        ...(exchange.body !== undefined && { body: exchange.body.text }),
        redirect: "error",
        signal,
        dispatcher: dispatcherFor(options, proxyUrl),
      });
      seen(String(answer.status));
      return answer;
    } catch (error) {
      seen("<error>");
      throw error;
    }
  };

  return {
    ring,
    reload: () => {
      config = loadConfig();
    },
    close: async () => pool?.dispatcher.destroy(),
  };
}

function clusterOf(config: KubeConfig): { readonly server: string; readonly proxyUrl?: string } {
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new SyncError("usage", "the kubeconfig's current context names no cluster");
  return {
    server: cluster.server.replace(/\/+$/u, ""),
    ...(cluster.proxyUrl !== undefined && { proxyUrl: cluster.proxyUrl }),
  };
}

function headersOf({ accept = "application/json", body }: Exchange, options: RequestOptions): Record<string, string> {
  const headers: Record<string, string> = { accept };
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name.toLowerCase()] = String(value).trim();
  if (typeof options.auth === "string") headers["authorization"] = `Basic ${btoa(options.auth)}`;
  if (body !== undefined) headers["content-type"] = body.type;
  return headers;
}

function keyOf({ ca, cert, key, servername, rejectUnauthorized }: RequestOptions, proxy: string | undefined): string {
  const parts = [pem(ca), pem(cert), pem(key), servername, rejectUnauthorized, proxy];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

function createDispatcher(
  { ca, cert, key, servername, rejectUnauthorized }: RequestOptions,
  proxy: string | undefined,
): Dispatcher {
  const tls = {
    ...(ca !== undefined && { ca: pem(ca) }),
    ...(cert !== undefined && { cert: pem(cert) }),
    ...(key !== undefined && { key: pem(key) }),
    ...(servername !== undefined && { servername }),
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
  };
  // Load balancers forget connections that are idle for a minute; a watch is ended by its own silence, not by undici's.
  const connect = { ...tls, keepAlive: true, keepAliveInitialDelay: 30_000, timeout: 10_000 };
  const limits = { allowH2: false, bodyTimeout: 0, headersTimeout: 0 };
  if (proxy === undefined) return new Agent({ ...limits, connect });
  if (!/^https?:/u.test(proxy)) {
    throw new SyncError("usage", "the kubeconfig's proxy-url is of a kind that is not supported", {
      remedy: "Use a proxy with an http:// or https:// address.",
    });
  }
  return new ProxyAgent({ ...limits, uri: proxy, requestTls: tls, connect });
}

/** client-node hands over what stands in the kubeconfig or in the file it names. */
function pem(value: RequestOptions["ca"] | RequestOptions["key"]): string {
  return Buffer.isBuffer(value) || typeof value === "string" ? value.toString() : "";
}
