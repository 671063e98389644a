import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { SyncError } from "../../model/errors.ts";
import type { createReceiver } from "./receiver.ts";

export interface ListeningReceiver {
  /** `host:port`, with the port that was picked where the one asked for was 0. */
  readonly address: string;
  close(): Promise<void>;
}

/** A forge sends a delivery in one go; who takes longer is none. */
const LONGEST_REQUEST_MS = 10_000;

/** Puts a receiver on a port. Throws SyncError `usage` when the address cannot be had. */
export async function listenForWebhooks(
  receiver: ReturnType<typeof createReceiver>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<ListeningReceiver> {
  const answer = getRequestListener((request) => receiver.fetch(request), { overrideGlobalObjects: false });
  const http = createServer(
    { requestTimeout: LONGEST_REQUEST_MS, headersTimeout: LONGEST_REQUEST_MS },
    (incoming, outgoing) => void answer(incoming, outgoing),
  );
  try {
    await once(http.listen(port, host), "listening");
  } catch (cause) {
    throw new SyncError("usage", `cannot listen for webhooks on ${host}:${port}`, {
      cause,
      remedy: "Choose another address, or port 0 for any free port.",
    });
  }
  const { address, family, port: bound } = http.address() as AddressInfo;
  return {
    address: `${family === "IPv6" ? `[${address}]` : address}:${bound}`,
    close: async () => {
      const closed = once(http, "close");
      http.close();
      http.closeAllConnections();
      await closed;
    },
  };
}
