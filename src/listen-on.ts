import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SyncError } from "./model/errors.ts";

/** Where a server is to be put; port 0 picks a free one. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** A server on its port. */
export interface Bound {
  /** `host:port`, with the port that was picked. */
  readonly address: string;
  /** Ends every connection. */
  readonly close: () => Promise<void>;
}

/** Puts an HTTP server on a port. Throws SyncError `usage` when the address cannot be had. */
export async function listenOn(server: Server, { host, port }: ListenAddress): Promise<Bound> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject).listen(port, host, resolve);
  try {
    await promise;
  } catch (cause) {
    throw new SyncError("usage", `cannot listen on ${host}:${port}`, {
      cause,
      remedy: "Choose another address, or port 0 for any free port.",
    });
  }
  const { address, family, port: bound } = server.address() as AddressInfo;
  return { address: `${family === "IPv6" ? `[${address}]` : address}:${bound}`, close: () => close(server) };
}

async function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}
