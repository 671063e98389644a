import type { ApiError } from "../model/errors.ts";
import { type Ask, type Wire } from "./ask.ts";
import { failure, unusableAnswer } from "./failure.ts";
import { isObject } from "../model/json.ts";
import { type Hint, HINTS, lostAnswer } from "../model/hints.ts";

interface Cause extends Hint {
  readonly says: string;
  readonly isRetryable: boolean;
}

const NEVER_CONNECTED: Readonly<Record<string, Cause>> = {
  ECONNREFUSED: {
    says: "the connection was refused: nothing listens there",
    remedy: "Check the address and the port, and that the server runs.",
    isRetryable: true,
  },
  ENOTFOUND: {
    says: "the host name is not known (DNS)",
    remedy: "Check the spelling of the server's address, and that this machine can resolve it.",
    isRetryable: false,
  },
  EAI_AGAIN: {
    says: "the host name could not be looked up (DNS does not answer)",
    remedy: "Check this machine's network and name servers.",
    isRetryable: true,
  },
  EHOSTUNREACH: { says: "there is no route to the host", remedy: "Check the network or VPN.", isRetryable: true },
  ENETUNREACH: { says: "there is no route to the network", remedy: "Check the network or VPN.", isRetryable: true },
  UND_ERR_CONNECT_TIMEOUT: {
    says: "no connection was made in time",
    ...HINTS.slowConnection,
    isRetryable: true,
  },
};

const TIMEOUTS = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);

/** TLS failures that come before the first byte of a request. */
const TLS =
  /^(?:ERR_TLS_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|ERR_SSL_(?:WRONG_VERSION|.*HANDSHAKE))/u;
const PROXY = /^UND_ERR_PRX_|Proxy response \(\d+\)|Proxy Authentication/u;

/**
 * Why a request got no answer. `unreachable` when no connection was made, so that nothing was sent; otherwise a write
 * is ambiguous and a read incomplete, since the connection broke or stayed silent after the request went out.
 */
export function noAnswer(wire: Wire, ask: Ask, thrown: unknown): ApiError {
  const root = rootOf(thrown);
  const cause = neverConnected(root);
  if (cause !== undefined) {
    const says = `could not reach ${wire.base}: ${cause.says}${root.syscall === "connect" ? ` (${root.message})` : ""}`;
    return failure(wire, ask, { ...cause, class: "unreachable", says, cause: thrown });
  }
  const size = ask.body?.size ?? 0;
  const hint = size > 1_000_000 ? ` ${size} bytes were on their way: a proxy's body limit may have cut them off.` : "";
  return failure(wire, ask, {
    ...lost(ask),
    says: `got no answer from ${wire.base}: ${howItBroke(thrown)}`,
    ...lostAnswer(ask.effect, hint),
    cause: thrown,
  });
}

function lost(ask: Ask): ReturnType<typeof unusableAnswer> {
  const unusable = unusableAnswer(ask);
  return ask.effect === "none" ? { ...unusable, class: "unreachable" } : unusable;
}

function neverConnected(error: RootCause): Cause | undefined {
  const known = Object.hasOwn(NEVER_CONNECTED, error.code) ? NEVER_CONNECTED[error.code] : undefined;
  if (known !== undefined) return known;
  if (error.code === "EPROTO" || TLS.test(error.code)) return tlsCause(error);
  if (PROXY.test(error.code) || PROXY.test(error.message)) {
    return {
      says: `the proxy did not let it through (${error.message})`,
      remedy: "Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY, and the credentials in them.",
      isRetryable: false,
    };
  }
  if (error.syscall === "connect" || error.message.includes("before secure TLS connection")) {
    return {
      says: `the connection failed (${error.code})`,
      remedy: "Check the address and network.",
      isRetryable: true,
    };
  }
  return undefined;
}

function tlsCause({ code, message }: RootCause): Cause {
  const isPlainHttp = /wrong.version/iu.test(`${code} ${message}`);
  return {
    says: isPlainHttp ? "what answers there does not speak TLS" : `TLS failed (${code}: ${message})`,
    ...(isPlainHttp ? { remedy: "Is it http:// rather than https://, or another port?" } : HINTS.unknownAuthority),
    isRetryable: false,
  };
}

/** Why a connection that stood did not bring the answer, in words. */
export function howItBroke(thrown: unknown): string {
  const { code, message } = rootOf(thrown);
  if (TIMEOUTS.has(code)) return "it stayed silent for longer than the time-out";
  if (code.startsWith("HPE_")) return `what came back is not HTTP (${code})`;
  return `the connection broke (${code === "" ? message : code})`;
}

interface RootCause {
  readonly code: string;
  readonly syscall: string;
  readonly message: string;
}

/** fetch wraps what happened, and trying several addresses wraps it again; the first one with a code tells most. */
function rootOf(thrown: unknown): RootCause {
  const { code, syscall, message, cause, errors } = isObject(thrown) ? thrown : {};
  const inner: unknown = Array.isArray(errors) ? errors[0] : cause;
  if (isObject(inner) && !PROXY.test(text(code))) return rootOf(inner);
  return { code: text(code), syscall: text(syscall), message: text(message) };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
