import type { ApiError } from "../model/errors.ts";
import type { Json } from "../model/json.ts";
import { type Ask, type Wire } from "./ask.ts";
import type { Answer } from "./exchange.ts";
import { failure, unusableAnswer } from "./failure.ts";
import { howItBroke } from "./no-answer.ts";
import { HINTS } from "../model/hints.ts";

/** Bytes of one JSON answer, unpacked: far above any real list, and below what a string can hold. */
const LARGEST_ANSWER = 256 * 1024 * 1024;
const LARGEST_ERROR = 64 * 1024;

export type ContentKind = "json" | "html" | "none" | "other";

/** What an answer says it holds. Content type is what tells a route from a page (llmstack-server.md 0.5). */
export function contentKind(response: Answer): ContentKind {
  const type = contentType(response);
  if (type === "" || response.header("content-length") === "0") return "none";
  if (/^application\/(?:[\w.-]+\+)?json$/u.test(type)) return "json";
  return /^(?:text\/html|application\/xhtml\+xml)$/u.test(type) ? "html" : "other";
}

export function contentType(response: Answer): string {
  return (response.header("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

/** The JSON of a good answer; throws ApiError when it is anything else or does not arrive whole. */
export async function readJson(wire: Wire, ask: Ask, response: Answer): Promise<Json> {
  const kind = contentKind(response);
  if (kind !== "json") throw notJson(wire, ask, response, kind);
  try {
    return JSON.parse(await textWithin(response, LARGEST_ANSWER)) as Json;
  } catch (error) {
    if (!(error instanceof NoText) && !(error instanceof SyntaxError)) {
      throw unread(wire, ask, response, LARGEST_ANSWER, error);
    }
    throw failure(wire, ask, {
      ...unusableAnswer(ask),
      status: response.status,
      says: `answered ${response.status} with JSON that ends early or is broken`,
      remedy: "A proxy may have cut it off. Try again; if it stays, look at the server's log.",
    });
  }
}

/** At most 64 KiB of an answer that means no, as JSON where it is that; never throws for what the server sent. */
export async function readRefusal(response: Answer): Promise<Json> {
  try {
    const text = await textWithin(response, LARGEST_ERROR);
    return contentKind(response) === "json" ? (JSON.parse(text) as Json) : null;
  } catch {
    return null;
  }
}

/** The bytes of an answer as they come; throws ApiError when they break off or exceed `limit`. */
export async function* readChunks(wire: Wire, ask: Ask, response: Answer, limit: number): AsyncIterable<Uint8Array> {
  let size = 0;
  try {
    for await (const chunk of response.body) {
      size = sizeWithin(limit, size, chunk);
      yield chunk;
    }
  } catch (error) {
    throw unread(wire, ask, response, limit, error);
  }
}

/**
 * Decodes piece by piece, so that a list of many megabytes is not held twice. Throws NoText for bytes that are no UTF-8:
 * a replacement character would pass for what the server holds.
 */
async function textWithin({ body }: Answer, limit: number): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const texts: string[] = [];
  let size = 0;
  for await (const chunk of body) {
    size = sizeWithin(limit, size, chunk);
    texts.push(decode(decoder, chunk));
  }
  texts.push(decode(decoder));
  return texts.join("");
}

/** Without a piece: what is left of the last one. */
function decode(decoder: InstanceType<typeof TextDecoder>, piece?: Uint8Array): string {
  try {
    return decoder.decode(piece, { stream: piece !== undefined });
  } catch (cause) {
    throw new NoText("the answer is not UTF-8", { cause });
  }
}

class NoText extends Error {}

class TooLarge extends Error {}

function sizeWithin(limit: number, size: number, { length }: Uint8Array): number {
  if (size + length > limit) throw new TooLarge();
  return size + length;
}

/** Why an answer was not read to its end. */
function unread(wire: Wire, ask: Ask, response: Answer, limit: number, error: unknown): ApiError {
  if (!(error instanceof TooLarge)) return incomplete(wire, ask, response, error);
  return failure(wire, ask, {
    ...unusableAnswer(ask),
    isRetryable: false,
    status: response.status,
    says: `answered with more than ${limit} bytes`,
    remedy: "Is this the right server? Nothing of the answer was used.",
  });
}

function incomplete(wire: Wire, ask: Ask, response: Answer, error: unknown): ApiError {
  return failure(wire, ask, {
    ...unusableAnswer(ask),
    status: response.status,
    says: `answered ${response.status}, and the answer broke off: ${howItBroke(error)}`,
    ...HINTS.brokenAnswer,
    cause: error,
  });
}

/** The error for a good status with the wrong content. */
export function notJson(wire: Wire, ask: Ask, response: Answer, kind: ContentKind): ApiError {
  const isPage = kind === "html";
  return failure(wire, ask, {
    ...unusableAnswer(ask),
    isRetryable: false,
    status: response.status,
    says: `answered ${response.status} with ${kind === "none" ? "no content" : contentType(response) || "an unnamed type"} instead of JSON${isPage ? ": there is no such route" : ""}`,
    ...(isPage
      ? HINTS.noRoute
      : { remedy: "Check that the address is an LLMStack server's, and what proxies do to its answers." }),
  });
}
