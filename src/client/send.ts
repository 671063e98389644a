import { type ApiError, SyncError } from "../model/errors.ts";
import { contentKind, readRefusal } from "./answer.ts";
import { type Ask, type Wire } from "./ask.ts";
import type { Answer } from "./exchange.ts";
import { failure } from "./failure.ts";
import { noAnswer } from "./no-answer.ts";
import { refusal, readRetryAfter } from "./refusal.ts";
import type { OpenBody } from "./request-body.ts";
import { movedServer } from "../model/hints.ts";

const MOST_REDIRECTS = 3;

/**
 * Sends one request and gives its answer, once it is a good one, to `use`. Throws ApiError for every other answer and
 * for none, and the signal's reason when that fired. The token goes to the origin of `wire.base` and nowhere else.
 */
export async function send<T>(
  wire: Wire,
  ask: Ask,
  signal: AbortSignal,
  use: (response: Answer) => Promise<T>,
): Promise<T> {
  const link = linkedSignal(signal);
  try {
    const answer = await goodAnswer(wire, ask, link.signal);
    try {
      return await use(answer);
    } finally {
      answer.drop();
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    link.end();
  }
}

/**
 * A signal for one request that fires with the given one, until `end`: a run's signal outlives thousands of requests,
 * and would collect a listener of each. Throws the reason of one that has fired already.
 */
export function linkedSignal(signal: AbortSignal): { readonly signal: AbortSignal; end(): void } {
  signal.throwIfAborted();
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  return { signal: controller.signal, end: () => signal.removeEventListener("abort", abort) };
}

/** The answer, with a status from 200 to 299; its body is unread. */
export async function goodAnswer(wire: Wire, ask: Ask, signal: AbortSignal): Promise<Answer> {
  let url = `${wire.base}${ask.path}`;
  for (let redirects = 0; ; redirects += 1) {
    const response = await ring(wire, ask, url, signal);
    const target = redirectTarget(response, url);
    if (target === undefined) {
      if (response.status < 200 || response.status > 299) throw await refused(wire, ask, response);
      return response;
    }
    response.drop();
    const isFollowed =
      ask.method === "GET" && target.origin === new URL(wire.base).origin && redirects < MOST_REDIRECTS;
    if (!isFollowed) throw redirected(wire, ask, response.status, target);
    url = target.href;
  }
}

async function ring(wire: Wire, ask: Ask, url: string, signal: AbortSignal): Promise<Answer> {
  const open = ask.body?.open();
  const sent = { url, method: ask.method, headers: headersOf(wire, ask), signal };
  wire.onRequest();
  try {
    return await wire.exchange(open === undefined ? sent : { ...sent, body: open.bytes });
  } catch (error) {
    throw bodyFailure(open) ?? noAnswer(wire, ask, error);
  }
}

function headersOf(wire: Wire, { body }: Ask): Record<string, string> {
  return {
    accept: "application/json",
    authorization: `Token ${wire.token}`,
    "user-agent": "llmstack-sync",
    ...(body !== undefined && { "content-type": body.contentType, "content-length": String(body.size) }),
  };
}

/** A body that ended early was never a whole request, so nothing is ambiguous: what ended it is the error. */
function bodyFailure(open: OpenBody | undefined): SyncError | undefined {
  const cause = open?.failure();
  if (cause === undefined || cause instanceof SyncError) return cause;
  return new SyncError(
    "stale_plan",
    `could not read what was to be sent: ${cause instanceof Error ? cause.message : ""}`,
    {
      cause,
      remedy: "Nothing was stored. Check the file, then run again.",
    },
  );
}

async function refused(wire: Wire, ask: Ask, response: Answer): Promise<ApiError> {
  const wait = readRetryAfter(response.header("retry-after") ?? null, Date.now());
  return refusal(wire, ask, {
    status: response.status,
    kind: contentKind(response),
    body: await readRefusal(response),
    ...(wait !== undefined && { retryAfterMs: wait }),
  });
}

function redirectTarget(response: Answer, from: string): URL | undefined {
  const location = response.header("location");
  if (![301, 302, 303, 307, 308].includes(response.status) || location === undefined) return undefined;
  return URL.parse(location, from) ?? undefined;
}

function redirected(wire: Wire, ask: Ask, status: number, { origin, pathname }: URL): ApiError {
  const base = new URL(wire.base);
  const isMoved = origin !== base.origin;
  return failure(wire, ask, {
    class: "unsupported_server",
    status,
    isRetryable: false,
    says: `answered ${status}: it points to ${origin}${pathname}`,
    ...(isMoved
      ? movedServer(origin)
      : { remedy: "Only reads follow a redirect, and at most 3. Check the server's address." }),
  });
}
