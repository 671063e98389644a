import type { ApiError, FailureClass } from "../model/errors.ts";
import type { Json } from "../model/json.ts";
import type { ContentKind } from "./answer.ts";
import { type Ask, type Wire } from "./ask.ts";
import { excerpt } from "./excerpt.ts";
import { failure } from "./failure.ts";
import { type Hint, HINTS } from "../model/hints.ts";

/** An answer that means no. */
export interface Refused {
  readonly status: number;
  readonly kind: ContentKind;
  /** Null unless it was JSON. */
  readonly body: Json;
  /** Of Retry-After, in milliseconds. */
  readonly retryAfterMs?: number;
}

interface Meaning extends Hint {
  readonly class: FailureClass;
  /** In words, where the answer itself says nothing that may be shown. */
  readonly why: string;
  readonly isRetryable?: boolean;
}

/** What a status and its kind of content mean (llmstack-server.md 1.2), as the error to throw. */
export function refusal(wire: Wire, ask: Ask, refused: Refused): ApiError {
  const { status } = refused;
  const meaning = meaningOf(ask, refused);
  const shown = excerpt(refused.body, status, [wire.token, ...(ask.body?.texts() ?? [])]);
  const why = [shown, meaning.why].filter((part) => part !== "").join("; ");
  return failure(wire, ask, {
    class: isRead(ask) && meaning.class === "rejected" ? "incomplete_read" : meaning.class,
    says: why === "" ? `answered ${status}` : `answered ${status}: ${why}`,
    ...hintOf(meaning),
    isRetryable: meaning.isRetryable ?? false,
    status,
    ...(refused.retryAfterMs !== undefined && { retryAfterMs: refused.retryAfterMs }),
  });
}

function hintOf({ remedy, inCluster, fromGit }: Hint): Hint {
  return { remedy, ...(inCluster !== undefined && { inCluster }), ...(fromGit !== undefined && { fromGit }) };
}

/** Nothing was to be changed, so nothing was rejected: something is simply not known. */
function isRead({ method }: Ask): boolean {
  return method === "GET" || method === "OPTIONS";
}

function meaningOf(ask: Ask, refused: Refused): Meaning {
  const { status } = refused;
  if (status >= 500) return serverError(ask, refused);
  switch (status) {
    case 400:
      return badRequest(ask, refused);
    case 401:
      return BAD_TOKEN;
    case 403:
      return forbidden(refused);
    case 404:
      return notFound(ask, refused);
    case 407:
      return PROXY_LOGIN;
    case 413:
      return tooLarge(ask);
    case 429:
      return tooMany(refused);
    default:
      return { class: "rejected", why: pageOf(refused), ...HINTS.correct };
  }
}

const BAD_TOKEN: Meaning = {
  class: "auth",
  why: "the token was not accepted",
  ...HINTS.badToken,
};

const PROXY_LOGIN: Meaning = {
  class: "unreachable",
  why: "a proxy wants to know who asks",
  remedy: "Put the proxy's user and password into HTTPS_PROXY or HTTP_PROXY, or name the host in NO_PROXY.",
};

function forbidden({ kind }: Refused): Meaning {
  if (kind === "json") return BAD_TOKEN;
  if (kind === "html") {
    return { class: "forbidden", why: "with a page: there is no such route, or a proxy refused it", ...HINTS.noRoute };
  }
  return {
    class: "forbidden",
    why: "the owner of the token may not do this",
    remedy: "Use the token of the object's owner, or ask them for the permission to write.",
  };
}

function badRequest(ask: Ask, { kind }: Refused): Meaning {
  if (kind === "json") return { class: "rejected", why: "", ...HINTS.correct };
  return {
    class: "rejected",
    why: `with ${pageName(kind)}: the server does not accept this host name, or the request is too large (${sizeOf(ask)})`,
    ...HINTS.allowedHosts,
  };
}

function notFound(ask: Ask, { kind }: Refused): Meaning {
  const failureClass = ask.method === "POST" ? "rejected" : undefined;
  if (kind === "json") {
    return { class: failureClass ?? "not_found", why: "", remedy: "It was deleted meanwhile, or never existed here." };
  }
  if (kind === "none") {
    return {
      class: failureClass ?? "forbidden",
      why: "the object is hidden from the owner of the token",
      remedy: "Use the token of the object's owner.",
    };
  }
  return { class: failureClass ?? "unsupported_server", why: "with a page: there is no such route", ...HINTS.noRoute };
}

function tooLarge(ask: Ask): Meaning {
  return {
    class: "rejected",
    why: `the request is too large (${sizeOf(ask)}) for the server or a proxy before it`,
    remedy:
      "Raise the limit: client_max_body_size in nginx (1 MiB unless set), proxy-body-size of an ingress. LLMStack itself takes 25 MiB.",
  };
}

function tooMany({ retryAfterMs: wait }: Refused): Meaning {
  const asked = wait === undefined ? "" : ` and asks to wait ${Math.ceil(wait / 1_000)} s`;
  return {
    class: "rate_limited",
    why: `the server has had too many requests${asked}`,
    ...HINTS.tooMany,
    isRetryable: true,
  };
}

function serverError(ask: Ask, refused: Refused): Meaning {
  const isPassing = refused.status >= 502 && refused.status <= 504;
  if (ask.effect === "write" && ask.method !== "DELETE") {
    return {
      class: "ambiguous_write",
      why: [pageOf(refused), "the server failed, and may or may not have done it"].filter((part) => part).join("; "),
      ...HINTS.seeLogOfWrite,
    };
  }
  return {
    class: "server_error",
    why: pageOf(refused) || "the server failed",
    ...HINTS.seeLog,
    isRetryable: isPassing,
  };
}

function pageOf({ kind, body }: Refused): string {
  return kind === "json" && body !== null ? "" : `with ${pageName(kind)}`;
}

function pageName(kind: ContentKind): string {
  if (kind === "html") return "a page";
  return kind === "none" ? "no content" : "something that is not JSON";
}

function sizeOf({ body }: Ask): string {
  return `we sent ${body?.size ?? 0} bytes`;
}

/** Retry-After in milliseconds: seconds or an HTTP date; undefined when it says neither. */
export function readRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+(?:\.\d+)?\s*$/u.test(header)) return Math.round(Number(header) * 1_000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
