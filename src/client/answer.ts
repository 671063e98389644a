import { ApiError } from "../model/errors.ts";
import type { Json } from "../model/json.ts";
import { type Ask, type Wire } from "./ask.ts";
import type { Answer } from "./exchange.ts";
import { failure, unusableAnswer } from "./failure.ts";
import { howItBroke } from "./no-answer.ts";

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
  const chunks = readChunks(wire, ask, response, LARGEST_ANSWER);
  try {
    return JSON.parse(await decode(chunks)) as Json;
  } catch (error) {
    if (error instanceof ApiError) throw error;
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
    const text = await decode(chunksWithin(response, LARGEST_ERROR));
    return contentKind(response) === "json" ? (JSON.parse(text) as Json) : null;
  } catch {
    return null;
  }
}

/** The bytes of an answer as they come; throws ApiError when they break off or exceed `limit`. */
export async function* readChunks(wire: Wire, ask: Ask, response: Answer, limit: number): AsyncIterable<Uint8Array> {
  try {
    yield* chunksWithin(response, limit);
  } catch (error) {
    if (!(error instanceof TooLarge)) throw incomplete(wire, ask, response, error);
    throw failure(wire, ask, {
      ...unusableAnswer(ask),
      isRetryable: false,
      status: response.status,
      says: `answered with more than ${limit} bytes`,
      remedy: "Is this the right server? Nothing of the answer was used.",
    });
  }
}

/**
 * Decodes piece by piece, so that a list of many megabytes is not held twice. Throws for bytes that are no UTF-8: a
 * replacement character would pass for what the server holds.
 */
async function decode(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const texts: string[] = [];
  for await (const chunk of chunks) texts.push(decoder.decode(chunk, { stream: true }));
  return texts.join("") + decoder.decode();
}

class TooLarge extends Error {}

async function* chunksWithin(response: Answer, limit: number): AsyncIterable<Uint8Array> {
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > limit) throw new TooLarge();
    yield chunk;
  }
}

function incomplete(wire: Wire, ask: Ask, response: Answer, error: unknown): ApiError {
  return failure(wire, ask, {
    ...unusableAnswer(ask),
    status: response.status,
    says: `answered ${response.status}, and the answer broke off: ${howItBroke(error)}`,
    remedy: "Try again; if it stays, look at the server's log, proxies, and --timeout.",
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
    remedy: isPage
      ? "Check that the address is the server's root (without /api), and the dialect (--dialect)."
      : "Check that the address is an LLMStack server's, and what proxies do to its answers.",
  });
}
