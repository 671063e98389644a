import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Dispatcher } from "undici";
import type { Answer, Exchange } from "./exchange.ts";
import { type HttpOptions, KEEP_ALIVE_MS, openDispatcher } from "./http-dispatcher.ts";

/**
 * The exchange over sockets, without cookies; redirects are returned and never followed. Throws SyncError `usage` for a
 * proxy address that is none.
 */
export function httpExchange(options: HttpOptions): Exchange {
  let dispatcher = openDispatcher(options);
  let lastSent = performance.now();
  return async ({ url, method, headers, body, signal }) => {
    // The library's own clock stands still while a plan is made of thousands of apps, and its connections look young.
    if (performance.now() - lastSent > KEEP_ALIVE_MS) {
      void dispatcher.close();
      dispatcher = openDispatcher(options);
    }
    lastSent = performance.now();
    const { origin, pathname, search } = new URL(url);
    const response = await dispatcher.request({
      origin,
      path: pathname + search,
      method,
      headers: { ...headers, "accept-encoding": "gzip" },
      body: body === undefined || body instanceof Uint8Array ? (body ?? null) : Readable.from(body),
      signal,
    });
    return answerOf(response);
  };
}

function answerOf({ statusCode, headers, body }: Dispatcher.ResponseData): Answer {
  const header = (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === "object" ? value.join(", ") : value;
  };
  return {
    status: statusCode,
    header,
    body: header("content-encoding") === "gzip" ? unpacked(body) : body,
    drop: () => {
      if (!body.readableEnded) void body.dump();
    },
  };
}

/** What breaks the packed bytes off breaks the unpacked ones too. */
function unpacked(body: Readable): Readable {
  const gunzip = createGunzip();
  pipeline(body, gunzip, () => undefined);
  return gunzip;
}
