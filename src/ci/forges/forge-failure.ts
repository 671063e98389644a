import { ApiError, type FailureClass } from "../../model/errors.ts";
import { isObject } from "../../model/json.ts";
import { printable } from "../../report/printable.ts";

interface Refused {
  /** Method and address, without its query. */
  readonly place: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Sending it again does no harm even where the first one was carried out. */
  readonly mayRepeat: boolean;
}

/** A minute: what GitHub asks for after a secondary limit that names no time. */
const SECONDARY_PAUSE_MS = 60_000;

/** What a forge's refusal means for this run. */
export function failureOf(refused: Refused): ApiError {
  const { place, status, text, mayRepeat } = refused;
  const message = `${place} answered ${status}: ${reasonOf(text)}`;
  const pause = limitPause(refused);
  if (pause !== undefined) {
    // A limit refuses before anything is done, so whatever it was may be sent again.
    return new ApiError("rate_limited", message, status, {
      isRetryable: true,
      retryAfterMs: pause,
      remedy: "The forge limits how much is asked of it. Run it again later.",
    });
  }
  if (status >= 500) return new ApiError("server_error", message, status, { isRetryable: mayRepeat });
  return new ApiError(CLASSES[status] ?? "rejected", message, status, remedyOf(status));
}

/** Forges answer 404 for what a token may not see. */
const CLASSES: Readonly<Record<number, FailureClass>> = { 401: "auth", 403: "forbidden", 404: "forbidden" };

function remedyOf(status: number): { readonly remedy?: string } {
  if (status === 401) return { remedy: "The forge does not know the token: check LLMSTACK_FORGE_TOKEN." };
  if (status === 403 || status === 404) {
    return { remedy: "The token may not do that: docs/ci.md says which permission each forge asks for." };
  }
  return {};
}

/** Undefined where no limit was hit; else how long to wait, in milliseconds. */
function limitPause({ status, headers, text }: Refused): number | undefined {
  if (status !== 429 && status !== 403) return undefined;
  const asked = headers.get("retry-after");
  const seconds = asked === null ? Number.NaN : Number(asked);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  if (headers.get("x-ratelimit-remaining") === "0") {
    const reset = Number(headers.get("x-ratelimit-reset")) * 1000 - Date.now();
    return Number.isFinite(reset) ? Math.max(0, reset) : SECONDARY_PAUSE_MS;
  }
  return status === 429 || /secondary rate limit/iu.test(text) ? SECONDARY_PAUSE_MS : undefined;
}

/** What the forge says, in one printable line of reasonable length. */
function reasonOf(text: string): string {
  const value = messageIn(text) ?? text;
  return printable(value.slice(0, 300)) || "nothing more";
}

function messageIn(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return undefined;
    const message = value["message"] ?? value["error"];
    return typeof message === "string" ? message : JSON.stringify(message ?? value);
  } catch {
    return undefined;
  }
}
