import type { OpenBody } from "./request-body.ts";
import type { Transport } from "./client.ts";

/** One HTTP request as it goes out. */
export interface Sent {
  readonly url: string;
  readonly method: "GET" | "OPTIONS" | "POST" | "PATCH" | "DELETE";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: OpenBody["bytes"];
  readonly signal: AbortSignal;
}

/** An answer whose body is not read yet. */
export interface Answer {
  readonly status: number;
  /** The value of a header, by its name in lower case; undefined where it is not there. */
  header(name: string): string | undefined;
  /** The bytes as they come, unpacked; to be gone through once. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Lets go of what was not read of it, so that the connection is free. Never throws. */
  drop(): void;
}

/**
 * Sends a request and gives its answer, redirects included. Less than `fetch` gives, because a run sends thousands: the
 * objects that fetch makes of each request and answer cost more than all the rest of it.
 */
export type Exchange = (sent: Sent) => Promise<Answer>;

/** Exchanges with what takes web-standard requests, as the embedded server does. */
export function webExchange(transport: Transport): Exchange {
  return async ({ url, body, ...sent }) => {
    const request = {
      ...sent,
      redirect: "manual" as const,
      ...(body !== undefined && { body, duplex: "half" as const }),
    };
    const response = await transport(new Request(url, request));
    return {
      status: response.status,
      header: (name) => response.headers.get(name) ?? undefined,
      body: response.body ?? ReadableStream.from([]),
      drop: () => void response.body?.cancel().catch(() => undefined),
    };
  };
}
