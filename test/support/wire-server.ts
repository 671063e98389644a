import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { connect, type Connection } from "../../src/client/connect.ts";
import type { Client } from "../../src/client/client.ts";

export const TOKEN = "0123456789abcdef0123456789abcdef01234567";
export const NEVER = new AbortController().signal;

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export type Behaviour = (request: Seen, response: ServerResponse) => void;

export interface WireServer {
  readonly url: string;
  readonly port: number;
  readonly seen: readonly Seen[];
}

/** A real HTTP server on this machine that answers as told, until the test ends. */
export async function wireServer(behaviour: Behaviour, tls?: { key: string; cert: string }): Promise<WireServer> {
  const seen: Seen[] = [];
  const listener: RequestListener = (incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const { method = "", url = "", headers } = incoming;
      const request = { method, path: url, headers, body: Buffer.concat(chunks).toString("utf8") };
      seen.push(request);
      behaviour(request, response);
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  return { url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`, port, seen };
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

export function page(response: ServerResponse, status: number): void {
  response.writeHead(status, { "content-type": "text/html; charset=utf-8" }).end("<html>SECRET_KEY = 'page'</html>");
}

/** The client for a server that is said to speak the documented API: nothing is asked before the test does. */
export function clientOf(url: string, more: Partial<Connection> = {}): Promise<Client> {
  return connect({ url, token: TOKEN, dialect: "doc", timeoutMs: 5_000, retryBudgetMs: 2_000, ...more }, NEVER);
}

/** What a promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("it was not rejected with an Error");
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
