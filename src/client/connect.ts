import { X509Certificate } from "node:crypto";
import { SyncError } from "../model/errors.ts";
import type { Client, Transport } from "./client.ts";
import { dialects } from "./dialects/index.ts";
import { pinned, recognise } from "./dialects/recognise.ts";
import { type Exchange, webExchange } from "./exchange.ts";
import { makeHttp } from "./http.ts";
import { httpExchange } from "./http-exchange.ts";
import { type Answered, observed } from "./observed.ts";
import type { Patience } from "./retry.ts";
import { baseOf, parseServerUrl } from "./server-url.ts";
import { HINTS } from "../model/hints.ts";

export interface Connection {
  /** The server's root, without /api. */
  readonly url: string;
  readonly token: string;
  /** Absent: found out from the server. */
  readonly dialect?: string;
  /** Sent as `Host`. */
  readonly hostHeader?: string;
  /** PEM text of the authorities to trust instead of the usual ones. */
  readonly ca?: string;
  /** The longest silence of the server, in milliseconds. */
  readonly timeoutMs: number;
  /** How long a read or delete may go on being repeated, in milliseconds; 30 s unless said. */
  readonly retryBudgetMs?: number;
  /** Absent: HTTP over sockets. */
  readonly transport?: Transport;
  /** Asked right before each write is sent over a socket; false: it is not. */
  readonly mayWrite?: () => boolean;
  /** Told of every HTTP request, retries and redirects included. */
  readonly onAnswer?: (answered: Answered) => void;
}

/**
 * Finds out how the server speaks (reads only; one request, none with `dialect`) and gives the client for it. Throws
 * SyncError: usage, auth, unreachable, unsupported_server.
 */
export async function connect(connection: Connection, signal: AbortSignal): Promise<Client> {
  const url = parseServerUrl(connection.url);
  const base = baseOf(url);
  let requests = 0;
  const wire = {
    base,
    token: checkedToken(connection.token),
    exchange: exchangeOf(url, connection),
    onRequest: () => {
      requests += 1;
    },
  };
  const budgetMs = connection.retryBudgetMs ?? DEFAULT_BUDGET_MS;
  const { dialect, by } =
    connection.dialect === undefined
      ? await recognise(makeHttp(wire, firstContact(budgetMs)), dialects, signal)
      : pinned(connection.dialect, dialects);
  const server = { url: base, dialect: dialect.name, recognisedBy: by };
  const client = await dialect.open(makeHttp(wire, patience(budgetMs)), server, signal);
  return { ...client, requestCount: () => requests };
}

const DEFAULT_BUDGET_MS = 30_000;

function patience(budgetMs: number): Patience {
  return { budgetMs, attempts: 6, firstDelayMs: Math.min(250, budgetMs / 40) };
}

/** A server that never answered yet is more likely misspelt than restarting: say so soon. */
function firstContact(budgetMs: number): Patience {
  return { ...patience(budgetMs), attempts: 3 };
}

function exchangeOf(url: URL, connection: Connection): Exchange {
  const { transport, onAnswer } = connection;
  const exchange = transport === undefined ? exchangeWith(url, connection) : webExchange(transport);
  return onAnswer === undefined ? exchange : observed(exchange, onAnswer);
}

function exchangeWith(url: URL, { hostHeader, ca, timeoutMs, mayWrite }: Connection): Exchange {
  return httpExchange({
    url,
    timeoutMs,
    ...(hostHeader !== undefined && { hostHeader: checkedHost(hostHeader) }),
    ...(ca !== undefined && { ca: checkedAuthorities(ca) }),
    ...(mayWrite !== undefined && { mayWrite }),
  });
}

/** A character that no header takes would make the library repeat the token in its own error. */
function checkedToken(text: string): string {
  const token = text.trim();
  if (token === "") {
    throw new SyncError("auth", "there is no token for the server", HINTS.noToken);
  }
  if (/^[!-~]+$/u.test(token)) return token;
  throw new SyncError(
    "auth",
    "the token holds spaces, line breaks or other characters that no token has",
    HINTS.oddToken,
  );
}

function checkedHost(host: string): string {
  if (/^[\w.-]+(?::\d+)?$|^\[[\da-f:]+\](?::\d+)?$/iu.test(host)) return host;
  throw new SyncError("usage", `${JSON.stringify(host)} is no host name`, HINTS.hostName);
}

/** Node ignores what it cannot read in a CA file, and then trusts nothing: better to hear of it here. */
function checkedAuthorities(pem: string): string {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/gu) ?? [];
  if (certificates.length > 0 && certificates.every(isCertificate)) return pem;
  throw new SyncError("usage", "the file of certificate authorities holds no readable certificate", HINTS.authorities);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
