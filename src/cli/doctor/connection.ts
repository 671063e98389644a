import type { Connection } from "../../client/connect.ts";
import { type Encryption, readEncryption } from "../../client/certificate.ts";
import { httpExchange } from "../../client/http-exchange.ts";
import { given } from "../given.ts";
import { type Check, ok, skipped, warning } from "./check.ts";

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/u;

/** Marks and entries are timed by the server; certificates and tokens by this machine. More than this shows. */
const CLOCK_TOLERANCE_MS = 60_000;

const DAY_MS = 86_400_000;

/** From here on a certificate's end is near. */
const NEAR_DAYS = 21;

/** How safe the way to the server is. `connect` has succeeded before, so a certificate was accepted. */
export async function encryptionCheck(connection: Connection, signal: AbortSignal): Promise<Check> {
  if (connection.transport !== undefined) return ok("encryption", "none needed: the server is in this process");
  const { protocol, hostname } = new URL(connection.url);
  if (protocol === "https:") return certificateCheck(await readEncryption(connection, signal), new Date());
  if (LOOPBACK.test(hostname)) return ok("encryption", "none: plain HTTP on this machine");
  return warning(
    "encryption",
    `plain HTTP to ${hostname}: the token can be read on the way`,
    "Use an https:// address.",
  );
}

/** What a TLS connection told; undefined where none could be looked at. */
export function certificateCheck(encryption: Encryption | undefined, now: Date): Check {
  if (encryption === undefined) return ok("encryption", "TLS, certificate accepted");
  const { protocol, until } = encryption;
  const days = Math.floor((until.getTime() - now.getTime()) / DAY_MS);
  if (!(days < NEAR_DAYS)) return ok("encryption", `${protocol}, certificate accepted`);
  return warning(
    "encryption",
    `${protocol}, and the server's certificate ends on ${until.toISOString().slice(0, 10)}, in ${days} days`,
    "Renew it before: afterwards nothing can be reached.",
  );
}

/** What the headers of any answer tell: the clock, and a proxy with a limit. One request, without a token. */
export async function answerChecks(connection: Connection, signal: AbortSignal): Promise<readonly Check[]> {
  const { url, hostHeader, ca, timeoutMs } = connection;
  if (connection.transport !== undefined) return [ok("clock", "the same: the server is in this process")];
  const exchange = httpExchange({
    url: new URL(url),
    timeoutMs,
    ...given("hostHeader", hostHeader),
    ...given("ca", ca),
  });
  try {
    const answer = await exchange({ url, method: "GET", headers: {}, signal });
    answer.drop();
    return [limitFrom(answer.header("server") ?? null), clockFrom(answer.header("date") ?? null)];
  } catch {
    return [limitFrom(null), skipped("clock", "the server's clock could not be read")];
  }
}

/** Told by the proxy's name alone: nothing is sent to find it out (llmstack-server.md 1.2). */
function limitFrom(server: string | null): Check {
  const limit = "LLMStack takes 25 MiB in one request";
  if (server === null || !/nginx/iu.test(server)) {
    return ok("body limit", `${limit}; no proxy with a known limit names itself (nothing was sent to find out)`);
  }
  return ok(
    "body limit",
    `${limit}, but nginx answers: it takes 1 MiB unless client_max_body_size says more, and answers 413 to what is larger (nothing was sent to find out)`,
  );
}

function clockFrom(date: string | null): Check {
  const difference = date === null ? Number.NaN : Date.parse(date) - Date.now();
  if (Number.isNaN(difference)) return skipped("clock", "the server does not tell its time");
  if (Math.abs(difference) <= CLOCK_TOLERANCE_MS) return ok("clock", "agrees with the server's");
  const seconds = Math.round(Math.abs(difference) / 1000);
  return warning(
    "clock",
    `the server is ${seconds} s ${difference > 0 ? "ahead of" : "behind"} this machine`,
    "Set both by NTP: races between runs are decided by creation times.",
  );
}
