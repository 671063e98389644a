import { createHash } from "node:crypto";
import { isObject, type Json, type JsonObject } from "../../model/json.ts";
import { Refusal, unreadable } from "../refusal.ts";
import type { MediaType } from "../route.ts";
import { readJson } from "./read-json.ts";
import type * as YamlReader from "./read-yaml.ts";

/** LLMStack's own limit (llmstack-server.md 2.2). */
const LIMIT = 25 * 1024 * 1024;

/** A body as it came and as it was understood. `sha256` is over its bytes. */
export interface Body {
  readonly value: JsonObject;
  readonly bytes: number;
  readonly sha256: string;
}

/** The client went away in the middle of its request: nobody is left to answer. */
export class BrokenRequest extends Error {}

/** Reads a body whose top level is an object; an empty body is an empty object. Throws Refusal or BrokenRequest. */
export async function readBody(request: Request, consumes: readonly MediaType[]): Promise<Body> {
  const bytes = await readBytes(request);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (bytes.length === 0) return { value: {}, bytes: 0, sha256 };
  const value = await parse(decode(bytes), mediaType(request, consumes));
  if (!isJsonMapping(value)) throw unreadable(`Expected an object at the top level, got ${nameOf(value)}.`);
  return { value, bytes: bytes.length, sha256 };
}

/** Loaded with the first YAML body, and once: an import costs the loader's time each time it is asked for. */
let yamlReader: Promise<typeof YamlReader> | undefined;

async function parse(text: string, type: MediaType): Promise<Json> {
  if (type === "application/json") return readJson(text);
  yamlReader ??= import("./read-yaml.ts");
  return (await yamlReader).readYaml(text);
}

/** In any case and with parameters, as LLMStack takes it; other YAML types are none (llmstack-server.md 2.2). */
function mediaType(request: Request, consumes: readonly MediaType[]): MediaType {
  const given = request.headers.get("content-type") ?? "";
  const essence = given.split(";")[0]?.trim().toLowerCase();
  const found = consumes.find((type) => type === essence);
  if (found === undefined) throw new Refusal({ kind: "media-type", given });
  return found;
}

/** The whole body. Throws Refusal `too-large` over LLMStack's limit, BrokenRequest when it breaks off. */
export async function readBytes(request: Request): Promise<Uint8Array> {
  const stated = request.headers.get("content-length");
  if (Number(stated ?? 0) > LIMIT) throw tooLarge();
  // A listener knows where such a body ends, and has it at hand without a stream in between.
  if (stated !== null) return wholeBody(request);
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of piecesOf(request)) {
    length += piece.length;
    if (length > LIMIT) throw tooLarge();
    pieces.push(piece);
  }
  return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
}

async function wholeBody(request: Request): Promise<Uint8Array> {
  try {
    return await request.bytes();
  } catch (cause) {
    throw brokenOff(cause);
  }
}

async function* piecesOf({ body }: Request): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  try {
    yield* body as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw brokenOff(cause);
  }
}

function brokenOff(cause: unknown): BrokenRequest {
  return new BrokenRequest("the request's body broke off", { cause });
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw unreadable("The body is not UTF-8.");
  }
}

function isJsonMapping(value: Json): value is JsonObject {
  return isObject(value);
}

function nameOf(value: Json): string {
  if (value === null) return "nothing";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}

function tooLarge(): Refusal {
  return new Refusal({ kind: "too-large", limit: LIMIT });
}
