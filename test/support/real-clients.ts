import { onTestFinished } from "vitest";
import type { Client } from "../../src/client/client.ts";
import { connect, type Connection } from "../../src/client/connect.ts";
import { createServer, type ReferenceServer, type ServerOptions } from "../../src/server/create-server.ts";
import { NEVER, TOKEN } from "./wire-server.ts";

/** Every release that the reference server plays, with the dialect it is of. */
export const RELEASES: readonly Release[] = [
  ["versioned", "HEAD"],
  ["versioned", "v0.2.6"],
  ["pipeline", "v0.2.5"],
  ["pipeline", "v0.2.3"],
  ["pipeline", "v0.2.1"],
  ["slug", "v0.2.0"],
  ["classic", "v0.1.4"],
  ["classic", "v0.0.28"],
  ["classic", "v0.0.25"],
];

/** A dialect and one of its releases. */
export type Release = readonly [ServerOptions["dialect"], string];

export interface RealServer {
  readonly server: ReferenceServer;
  readonly client: Client;
  /** A request beside the client's, as a person or another program makes it; answers its text. */
  readonly ask: (method: string, path: string, body?: unknown) => Promise<string>;
  /** `METHOD path` of every request since the client was connected, query left out. */
  readonly requests: () => readonly string[];
}

/** A server of that release with a client connected to it, until the test ends. */
export async function realServer(
  [dialect, release]: Release,
  options: Partial<ServerOptions> = {},
  connection: Partial<Connection> = {},
): Promise<RealServer> {
  const server = createServer({
    dialect,
    release,
    token: TOKEN,
    journal: { bodies: "parsed" },
    accounts: [{ username: "ada", email: "ada@example.com", token: TOKEN, connections: [], datasources: [] }],
    ...options,
  });
  onTestFinished(() => server.close());
  const client = await connectTo(server, connection);
  const before = server.journal().length;
  return {
    server,
    client,
    ask: (method, path, body) => askServer(server, method, path, body),
    requests: () =>
      server
        .journal()
        .slice(before)
        .map(({ method, path }) => `${method} ${path.split("?", 1)[0] ?? ""}`),
  };
}

/** Finds the dialect out by itself, unless it is told. */
export function connectTo(server: ReferenceServer, connection: Partial<Connection> = {}): Promise<Client> {
  const transport = (request: Request): Promise<Response> => server.handle(request);
  const patience = { timeoutMs: 5_000, retryBudgetMs: 200 };
  return connect({ url: "http://llmstack.test", token: TOKEN, transport, ...patience, ...connection }, NEVER);
}

async function askServer(server: ReferenceServer, method: string, path: string, body?: unknown): Promise<string> {
  const request = new Request(`http://llmstack.test${path}`, {
    method,
    headers: { authorization: `Token ${TOKEN}`, ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const response = await server.handle(request);
  return response.text();
}
