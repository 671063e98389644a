import { fetch } from "undici";
import type { Transport } from "./client.ts";
import { type HttpOptions, openDispatcher } from "./http-dispatcher.ts";

/** The same by `fetch`, for those who speak in web-standard requests and send few of them. Redirects are returned. */
export function httpTransport(options: HttpOptions): Transport {
  const dispatcher = openDispatcher(options);
  return ({ url, method, headers, body, signal }) => {
    const sent = { method, headers: [...headers], ...(body !== null && { body, duplex: "half" as const }) };
    return fetch(url, { ...sent, signal, redirect: "manual", dispatcher });
  };
}
