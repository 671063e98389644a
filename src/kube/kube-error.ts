import { type FailureClass, SyncError } from "../model/errors.ts";
import { isObject } from "../model/json.ts";

/** What a caller decides by. */
export type KubeErrorKind =
  "conflict" | "gone" | "notFound" | "forbidden" | "throttled" | "timeout" | "network" | "invalid" | "other";

interface KubeErrorFacts {
  readonly kind: KubeErrorKind;
  /** 0 where nothing answered. */
  readonly status: number;
  /** The API server's own word, `AlreadyExists` say. */
  readonly reason?: string;
  readonly retryAfterMs?: number;
  readonly remedy?: string;
  readonly cause?: unknown;
}

/** A request to the API server that did not succeed. Its message names the request, never a header or a token. */
export class KubeError extends SyncError {
  readonly kind: KubeErrorKind;
  readonly status: number;
  readonly reason: string;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, { kind, status, reason = "", retryAfterMs, ...options }: KubeErrorFacts) {
    super(CLASS_OF[kind], message, { ...options, isRetryable: RETRYABLE.has(kind) || status >= 500 || status === 401 });
    this.name = "KubeError";
    this.kind = kind;
    this.status = status;
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Permissions are granted and conflicts pass without anybody touching the object: worth another try, later. */
const RETRYABLE: ReadonlySet<KubeErrorKind> = new Set(["conflict", "throttled", "timeout", "network", "forbidden"]);

const CLASS_OF: Readonly<Record<KubeErrorKind, FailureClass>> = {
  conflict: "stale_plan",
  gone: "incomplete_read",
  notFound: "not_found",
  forbidden: "forbidden",
  throttled: "rate_limited",
  timeout: "unreachable",
  network: "unreachable",
  invalid: "rejected",
  other: "server_error",
};

const KIND_OF_STATUS: Readonly<Record<number, KubeErrorKind>> = {
  400: "invalid",
  401: "forbidden",
  403: "forbidden",
  404: "notFound",
  408: "timeout",
  409: "conflict",
  410: "gone",
  413: "invalid",
  415: "invalid",
  422: "invalid",
  429: "throttled",
  504: "timeout",
};

const LONGEST_MESSAGE = 500;

/** The reason of what cannot be created because its namespace is on its way out. */
export const NAMESPACE_ENDING = "NamespaceTerminating";

/** What an answer that is no success means; `what` is the request in words: `GET apps.llmstack.ai shop/bot`. */
export function refused(
  what: string,
  answer: { readonly status: number; readonly body: string; readonly retryAfter: string | null },
): KubeError {
  const { reason, message } = statusObject(answer.body);
  const isEnding = reason === NAMESPACE_ENDING;
  const said = message === "" ? "" : `: ${message.slice(0, LONGEST_MESSAGE)}`;
  return new KubeError(`${what} answered ${answer.status}${said}`, {
    kind: KIND_OF_STATUS[answer.status] ?? "other",
    status: answer.status,
    reason,
    ...retryAfter(answer.retryAfter),
    ...(isEnding ? {} : remedyOf(answer.status, reason)),
  });
}

/** No answer, or none that could be read to its end. */
export function noAnswer(what: string, thrown: unknown): KubeError {
  const { code, message } = rootOf(thrown);
  const isTimeout = code.includes("TIMEOUT") || code === "TimeoutError";
  return new KubeError(`${what} got no answer from the API server: ${code === "" ? message : code}`, {
    kind: isTimeout ? "timeout" : "network",
    status: 0,
    cause: thrown,
    remedy: "Check that the API server runs and can be reached from here.",
  });
}

/** Whether the API server's certificate is signed by nobody who is trusted, or is no good otherwise. */
export function isUntrusted({ cause }: KubeError): boolean {
  return cause !== undefined && /CERT|UNABLE_TO_|INVALID_CA/u.test(rootOf(cause).code);
}

/** An `ERROR` event of a watch carries the Status an answer would have had. */
export function watchError(what: string, status: unknown): KubeError {
  const code = isObject(status) && typeof status["code"] === "number" ? status["code"] : 500;
  return refused(what, { status: code, body: JSON.stringify(status), retryAfter: null });
}

function statusObject(body: string): { readonly reason: string; readonly message: string } {
  try {
    const status: unknown = JSON.parse(body);
    if (isObject(status)) return { reason: reasonOf(status), message: text(status["message"]) };
  } catch {
    // A page of a proxy in between says nothing that belongs into a log.
  }
  return { reason: "", message: "" };
}

/** Creating in a namespace that is going is forbidden as well; only a cause tells it from a missing permission. */
function reasonOf(status: Readonly<Record<string, unknown>>): string {
  const causes = isObject(status["details"]) ? status["details"]["causes"] : undefined;
  const all: readonly unknown[] = Array.isArray(causes) ? causes : [];
  const isEnding = all.some((cause) => isObject(cause) && cause["reason"] === NAMESPACE_ENDING);
  return isEnding ? NAMESPACE_ENDING : text(status["reason"]);
}

function retryAfter(header: string | null): { readonly retryAfterMs?: number } {
  const seconds = Number(header ?? "");
  return header === null || !Number.isFinite(seconds) || seconds < 0 ? {} : { retryAfterMs: seconds * 1000 };
}

function remedyOf(status: number, reason: string): { readonly remedy?: string } {
  if (status === 401)
    return { remedy: "The credentials were not accepted: check the kubeconfig or the service account." };
  if (status === 403) return { remedy: "Grant the missing permission to the account it runs as (RBAC)." };
  // An object that is missing is told of in a Status; a route that is not there is not.
  if (status === 404 && reason === "") {
    return { remedy: "The API server does not serve this kind: install its custom resource definition." };
  }
  return {};
}

function rootOf(thrown: unknown): { readonly code: string; readonly message: string } {
  if (!isObject(thrown)) return { code: "", message: String(thrown) };
  if (isObject(thrown["cause"])) return rootOf(thrown["cause"]);
  const name = text(thrown["name"]);
  const code = text(thrown["code"]);
  return { code: code === "" && name === "TimeoutError" ? name : code, message: text(thrown["message"]) };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
