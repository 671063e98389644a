import type { Connection } from "../../client/connect.ts";
import { httpTransport } from "../../client/http-transport.ts";
import { given } from "../given.ts";
import { type Check, ok, warning } from "./check.ts";

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/u;

/** Marks and entries are timed by the server; certificates and tokens by this machine. More than this shows. */
const CLOCK_TOLERANCE_MS = 60_000;

/** How safe the way to the server is. `connect` has succeeded before, so a certificate was accepted. */
export function encryptionCheck({ url, transport }: Connection): Check {
  if (transport !== undefined) return ok("encryption", "none needed: the server is in this process");
  const { protocol, hostname } = new URL(url);
  if (protocol === "https:") return ok("encryption", "TLS, certificate accepted");
  if (LOOPBACK.test(hostname)) return ok("encryption", "none: plain HTTP on this machine");
  return warning(
    "encryption",
    `plain HTTP to ${hostname}: the token can be read on the way`,
    "Use an https:// address.",
  );
}

/** Compares the clocks by the Date header of any answer; asks without a token. */
export async function clockCheck(connection: Connection, signal: AbortSignal): Promise<Check> {
  const { url, hostHeader, ca, timeoutMs } = connection;
  if (connection.transport !== undefined) return ok("clock", "the same: the server is in this process");
  const transport = httpTransport({
    url: new URL(url),
    timeoutMs,
    ...given("hostHeader", hostHeader),
    ...given("ca", ca),
  });
  try {
    const response = await transport(new Request(url, { method: "GET", signal }));
    await response.body?.cancel();
    return clockFrom(response.headers.get("date"));
  } catch {
    return { name: "clock", status: "skipped", message: "the server's clock could not be read" };
  }
}

function clockFrom(date: string | null): Check {
  const difference = date === null ? Number.NaN : Date.parse(date) - Date.now();
  if (Number.isNaN(difference))
    return { name: "clock", status: "skipped", message: "the server does not tell its time" };
  if (Math.abs(difference) <= CLOCK_TOLERANCE_MS) return ok("clock", "agrees with the server's");
  const seconds = Math.round(Math.abs(difference) / 1000);
  return warning(
    "clock",
    `the server is ${seconds} s ${difference > 0 ? "ahead of" : "behind"} this machine`,
    "Set both by NTP: races between runs are decided by creation times.",
  );
}
