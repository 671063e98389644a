import type { Exchange } from "./exchange.ts";
import type { RequestBody } from "./request-body.ts";

/** One request, before it is sent. */
export interface Ask {
  readonly method: "GET" | "OPTIONS" | "POST" | "PATCH" | "DELETE";
  /** From the server's base on, `/api/...`; it stands in messages as it is. */
  readonly path: string;
  readonly body?: RequestBody;
  /** Whether an answer that was lost leaves it open what the server now holds. */
  readonly effect: "none" | "write";
}

/** The way to one server. */
export interface Wire {
  /** Without a trailing slash. */
  readonly base: string;
  readonly token: string;
  readonly exchange: Exchange;
  /** Called before each HTTP request. */
  onRequest(): void;
}

/** `PATCH /api/apps/<uuid>`: how a message names a request. */
export function label({ method, path }: Ask): string {
  return `${method} ${path}`;
}
