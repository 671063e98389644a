import { createHash } from "node:crypto";
import type { RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { Agent, type Dispatcher, ProxyAgent, request } from "undici";
import { SyncError } from "../model/errors.ts";
import { writeFence } from "../write-fence.ts";

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
  /** Requests beyond so many wait for one that ends; each connection costs both sides a handshake. Any number unless said. */
  readonly mostConnections?: number;
  /** Asked right before each write is sent; false: it is not. */
  readonly mayWrite?: () => boolean;
}

/** Told of every answer; code is the status, or `<error>` where none came. */
export type OnRequest = (request: {
  readonly method: string;
  readonly host: string;
  readonly code: string;
  readonly seconds: number;
}) => void;

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  /** To be read to its end, or left by its `dump`: until then nothing else can use its connection. */
  readonly body: Dispatcher.ResponseData["body"];
}

/** The way to the API server, with the credentials of a kubeconfig. */
export interface Connection {
  /** Any answer; throws what undici throws where none came. */
  ring(exchange: Exchange, signal: AbortSignal): Promise<Answer>;
  /** Reads the credentials again. */
  reload(): void;
  close(): Promise<void>;
}

/** Connections that share their credentials, and when those were read. */
interface Line {
  readonly options: RequestOptions;
  readonly key: string;
  readonly dispatcher: Dispatcher;
  readonly at: number;
}

const CREDENTIALS_FRESH_MS = 5_000;

/**
 * client-node reads kubeconfigs, tokens and certificates; the connections are kept here, since it opens new ones for
 * every request (2.0.1). The files that a kubeconfig names are read again every few seconds, and at once where the API
 * server refuses what they held.
 */
export function createConnection(setup: ConnectionSetup): Connection {
  const { loadConfig, userAgent, onRequest = () => undefined, mostConnections = null, mayWrite = () => true } = setup;
  let config = loadConfig();
  let line: Line | undefined;

  const currentLine = async (): Promise<Line> => {
    if (line !== undefined && performance.now() - line.at < CREDENTIALS_FRESH_MS) return line;
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const { proxyUrl: proxy } = clusterOf(config);
    const key = keyOf(options, proxy);
    const isKept = line?.key === key;
    // Requests under way end on the old connections.
    if (!isKept) line?.dispatcher.close().catch(() => undefined);
    const dispatcher =
      isKept && line !== undefined
        ? line.dispatcher
        : createDispatcher(options, { proxy, mostConnections }).compose(writeFence(mayWrite));
    line = { options, key, dispatcher, at: performance.now() };
    return line;
  };

  const ring = async (exchange: Exchange, signal: AbortSignal): Promise<Answer> => {
    const { server } = clusterOf(config);
    const { options, dispatcher } = await currentLine();
    const start = performance.now();
    const seen = (code: string): void => {
      const seconds = (performance.now() - start) / 1000;
      onRequest({ method: exchange.method, host: new URL(server).host, code, seconds });
    };
    try {
      const { statusCode, headers, body } = await request(`${server}${exchange.path}`, {
        method: exchange.method,
        headers: { "user-agent": userAgent, ...headersOf(exchange, options) },
        ...(exchange.body !== undefined && { body: exchange.body.text }),
        signal,
        dispatcher,
      });
      seen(String(statusCode));
      const retryAfter = headers["retry-after"];
      return { status: statusCode, retryAfter: typeof retryAfter === "string" ? retryAfter : null, body };
    } catch (error) {
      seen("<error>");
      throw error;
    }
  };

  return {
    ring,
    reload: () => {
      config = loadConfig();
      if (line !== undefined) line = { ...line, at: -CREDENTIALS_FRESH_MS };
    },
    close: async () => line?.dispatcher.destroy(),
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
  { proxy, mostConnections }: { readonly proxy: string | undefined; readonly mostConnections: number | null },
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
  const limits = { allowH2: false, bodyTimeout: 0, headersTimeout: 0, connections: mostConnections };
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
