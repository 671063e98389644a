import { isIP } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Connection } from "./connect.ts";

/** How a server's connections are encrypted. */
export interface Encryption {
  /** `TLSv1.3`, say. */
  readonly protocol: string;
  /** When its certificate ends. */
  readonly until: Date;
}

const LONGEST_WAIT_MS = 5_000;

/**
 * Makes a TLS connection to the server, sends nothing over it, and says what was agreed. Undefined where none is made,
 * as where a proxy is the only way.
 */
export async function readEncryption(connection: Connection, signal: AbortSignal): Promise<Encryption | undefined> {
  const { hostname, port } = new URL(connection.url);
  const host = hostname.replaceAll(/[[\]]/gu, "");
  const { promise, resolve } = Promise.withResolvers<Encryption | undefined>();
  const socket = connectTls({
    host,
    port: port === "" ? 443 : Number(port),
    ...(isIP(host) === 0 && { servername: host }),
    ...(connection.ca !== undefined && { ca: connection.ca }),
  });
  const giveUp = (): void => resolve(undefined);
  signal.addEventListener("abort", giveUp, { once: true });
  socket.setTimeout(Math.min(connection.timeoutMs, LONGEST_WAIT_MS), giveUp);
  socket.once("error", giveUp);
  socket.once("secureConnect", () => {
    const until = new Date(socket.getPeerCertificate().valid_to);
    resolve({ protocol: socket.getProtocol() ?? "TLS", until });
  });
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", giveUp);
    socket.destroy();
  }
}
