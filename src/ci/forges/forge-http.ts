import { patiently } from "../../client/retry.ts";
import { httpTransport } from "../../client/http-transport.ts";
import { SyncError } from "../../model/errors.ts";
import { isArray } from "../../model/json.ts";
import { Payload } from "../events/payload.ts";
import { failureOf } from "./forge-failure.ts";

interface HttpSetup {
  readonly apiUrl: string;
  readonly timeoutMs: number;
  /** Sent to the origin of `apiUrl` and to nobody else. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface ForgeRequest {
  readonly method: "GET" | "POST" | "PATCH" | "PUT";
  /** Below the root of the API, or a whole address of the same origin. */
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  /** A POST that only reads, or that leads to the same however often it is sent. */
  readonly isRepeatable?: true;
}

/** HTTP as forges want it: JSON, pages by `Link`, pauses that they ask for. */
export interface ForgeHttp {
  ask(request: ForgeRequest, signal: AbortSignal): Promise<Payload>;
  /** Every page of a list. */
  all(path: string, signal: AbortSignal): Promise<readonly Payload[]>;
}

const PATIENCE = { attempts: 5, firstDelayMs: 500, budgetMs: 120_000 };

/** More pages than any repository has comments or issues for; a list without an end must not run for ever. */
const MOST_PAGES = 1_000;

/** Undici with our rules. A request that may have changed something is repeated only where the forge refused it. */
export function forgeHttp({ apiUrl, timeoutMs, headers }: HttpSetup): ForgeHttp {
  const root = new URL(apiUrl.endsWith("/") ? apiUrl : `${apiUrl}/`);
  const transport = httpTransport({ url: root, timeoutMs });
  const once = async ({ method, path, body, isRepeatable }: ForgeRequest, signal: AbortSignal): Promise<Answer> => {
    const url = sameOrigin(root, path);
    const text = body === undefined ? null : JSON.stringify(body);
    const mayRepeat = method !== "POST" || isRepeatable === true;
    const place = `${method} ${url.origin}${url.pathname}`;
    const request = new Request(url, {
      method,
      headers: { accept: "application/json", "user-agent": "llmstack-sync", ...headers, ...contentType(text) },
      body: text,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    const response = await transport(request).catch((cause: unknown) => {
      signal.throwIfAborted();
      throw new SyncError("unreachable", `${place}: no answer from the forge`, { cause, isRetryable: mayRepeat });
    });
    const answer = await response.text();
    if (response.status >= 300) {
      throw failureOf({ place, status: response.status, headers: response.headers, text: answer, mayRepeat });
    }
    return { value: parsed(answer, place), next: nextPage(response.headers.get("link")) };
  };
  const ask = async (request: ForgeRequest, signal: AbortSignal): Promise<Answer> =>
    patiently(PATIENCE, signal, () => once(request, signal));
  return {
    ask: async (request, signal) => new Payload((await ask(request, signal)).value),
    all: async (path, signal) => {
      const found: Payload[] = [];
      let next: string | undefined = path;
      for (let page = 0; next !== undefined && page < MOST_PAGES; page += 1) {
        const answer: Answer = await ask({ method: "GET", path: next }, signal);
        if (!isArray<unknown>(answer.value))
          throw new SyncError("incomplete_read", `GET ${path}: the forge answered no list`);
        found.push(...answer.value.map((item) => new Payload(item)));
        next = answer.next;
      }
      return found;
    },
  };
}

interface Answer {
  readonly value: unknown;
  readonly next: string | undefined;
}

/** A `Link` to another host must not get the token. */
function sameOrigin(root: URL, path: string): URL {
  const url = new URL(path.startsWith("/") ? path.slice(1) : path, root);
  if (url.origin === root.origin) return url;
  throw new SyncError("refused", `the forge at ${root.origin} leads to ${url.origin}, which gets no token`);
}

function nextPage(link: string | null): string | undefined {
  return link
    ?.split(",")
    .map((part) => /^\s*<([^>]+)>\s*;.*\brel="?next"?/u.exec(part)?.[1])
    .find((url) => url !== undefined);
}

function parsed(text: string, place: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyncError("incomplete_read", `${place}: the forge answered no JSON`, { cause, isRetryable: false });
  }
}

function contentType(text: string | null): Readonly<Record<string, string>> {
  return text === null ? {} : { "content-type": "application/json" };
}
