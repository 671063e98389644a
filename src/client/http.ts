import { ApiError } from "../model/errors.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { type ContentKind, contentKind, contentType, notJson, readChunks, readJson } from "./answer.ts";
import type { Ask, Wire } from "./ask.ts";
import type { Answer } from "./exchange.ts";
import { failure, unusableAnswer } from "./failure.ts";
import { BrokenStream, jsonObjects } from "./json-stream.ts";
import type { RequestBody } from "./request-body.ts";
import { type Patience, patiently } from "./retry.ts";
import { goodAnswer, linkedSignal, send } from "./send.ts";
import type { ObjectPath } from "./uuid.ts";
import { HINTS } from "../model/hints.ts";

/** Thrown by a reader of JSON that is not what the dialect expects; the message says what, never a value. */
export class UnexpectedShape extends Error {}

/** Makes of an answer's JSON what it means; throws UnexpectedShape when it cannot. */
type Reader<T> = (answer: Json) => T;

/** What a dialect may do to a server. Reads and deletes are patient, writes are sent once (design, "Apply"). */
export interface Http {
  read<T>(path: string, reader: Reader<T>, signal: AbortSignal): Promise<T>;
  /** Undefined where the server says with JSON that there is no such object. */
  readObject<T>(
    path: ObjectPath | `${ObjectPath}?${string}`,
    reader: Reader<T>,
    signal: AbortSignal,
  ): Promise<T | undefined>;
  /** What kind of answer a GET gets, for finding out who is there; a missing route is an answer too. */
  look(path: string, signal: AbortSignal): Promise<Sight>;
  /** What a route says of itself to OPTIONS, which changes nothing anywhere; an answer of 500 is one too. */
  probe(path: string, signal: AbortSignal): Promise<Probe>;
  create<T>(path: string, body: RequestBody, reader: Reader<T>, signal: AbortSignal): Promise<T>;
  update<T>(path: ObjectPath, body: RequestBody, reader: Reader<T>, signal: AbortSignal): Promise<T>;
  delete(path: ObjectPath, signal: AbortSignal): Promise<"deleted" | "absent">;
  /** A POST that does something to an object and answers with nothing worth reading; sent once. */
  command(path: `${ObjectPath}/${string}`, body: RequestBody, signal: AbortSignal): Promise<void>;
  /** A POST that changes nothing we manage. */
  ask<T>(path: string, body: RequestBody, reader: Reader<T>, signal: AbortSignal): Promise<T>;
  /** The same, answered with one JSON object after the other. */
  askForMany(path: string, body: RequestBody, signal: AbortSignal): AsyncIterable<JsonObject>;
}

export interface Sight {
  readonly status: number;
  readonly kind: ContentKind;
  /** Null unless it was JSON. */
  readonly body: Json;
}

export interface Probe extends Sight {
  /** Verbs of the `Allow` header. */
  readonly allow: readonly string[];
}

const LARGEST_STREAM = 64 * 1024 * 1024;

export function makeHttp(wire: Wire, patience: Patience): Http {
  const json = <T>(ask: Ask, reader: Reader<T>, signal: AbortSignal): Promise<T> =>
    send(wire, ask, signal, async (response) => {
      const answer = await readJson(wire, ask, response);
      return understood(wire, ask, response, () => reader(answer));
    });
  const read = <T>(path: string, reader: Reader<T>, signal: AbortSignal): Promise<T> =>
    patiently(patience, signal, () => json({ method: "GET", path, effect: "none" }, reader, signal));
  return {
    read,
    readObject: (path, reader, signal) => read(path, reader, signal).catch(absentAs(undefined)),
    look: (path, signal) => patiently(patience, signal, () => look(wire, { method: "GET", path }, signal)),
    probe: (path, signal) => patiently(patience, signal, () => look(wire, { method: "OPTIONS", path }, signal)),
    create: (path, body, reader, signal) => json({ method: "POST", path, body, effect: "write" }, reader, signal),
    update: (path, body, reader, signal) => json({ method: "PATCH", path, body, effect: "write" }, reader, signal),
    delete: (path, signal) =>
      patiently(patience, signal, () => remove(wire, path, signal)).catch(absentAs("absent" as const)),
    command: (path, body, signal) => command(wire, { method: "POST", path, body, effect: "write" }, signal),
    ask: (path, body, reader, signal) => json({ method: "POST", path, body, effect: "none" }, reader, signal),
    askForMany: (path, body, signal) => askForMany(wire, { method: "POST", path, body, effect: "none" }, signal),
  };
}

/** Only a 404 with JSON says that an object is gone: pages and empty answers come from routes and permissions. */
function absentAs<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof ApiError && error.class === "not_found") return value;
    throw error;
  };
}

/** Statuses that say something about a route; 500 is what OPTIONS answers on some (llmstack-server.md 6.4). */
const TELLING: Readonly<Record<"GET" | "OPTIONS", readonly number[]>> = { GET: [404], OPTIONS: [404, 405, 500] };

async function look(
  wire: Wire,
  { method, path }: { readonly method: "GET" | "OPTIONS"; readonly path: string },
  signal: AbortSignal,
): Promise<Probe> {
  const ask: Ask = { method, path, effect: "none" };
  try {
    return await send(wire, ask, signal, async (response) => {
      const kind = contentKind(response);
      const body = kind === "json" ? await readJson(wire, ask, response) : null;
      return { status: response.status, kind, body, allow: verbsOf(response) };
    });
  } catch (error) {
    const status = error instanceof ApiError ? error.status : 0;
    if (TELLING[method].includes(status)) return { status, kind: "none", body: null, allow: [] };
    throw error;
  }
}

function verbsOf(response: Answer): readonly string[] {
  return (response.header("allow") ?? "").split(",").map((verb) => verb.trim().toUpperCase());
}

/** A page is what a server answers that has no such route: then nothing was done. */
function command(wire: Wire, ask: Ask, signal: AbortSignal): Promise<void> {
  return send(wire, ask, signal, async (response) => {
    const kind = contentKind(response);
    if (kind === "html") throw notJson(wire, ask, response, kind);
  });
}

/** Servers answer a DELETE that was done with nothing at all; anything else came from somebody else. */
function remove(wire: Wire, path: ObjectPath, signal: AbortSignal): Promise<"deleted"> {
  const ask: Ask = { method: "DELETE", path, effect: "write" };
  return send(wire, ask, signal, async (response) => {
    const kind = contentKind(response);
    if (kind !== "none") throw unexpected(wire, ask, response, `content (${contentType(response)}) where none belongs`);
    return "deleted" as const;
  });
}

async function* askForMany(wire: Wire, ask: Ask, signal: AbortSignal): AsyncIterable<JsonObject> {
  const link = linkedSignal(signal);
  try {
    const response = await goodAnswer(wire, ask, link.signal);
    try {
      const kind = contentKind(response);
      if (kind === "html" || kind === "none") throw notJson(wire, ask, response, kind);
      yield* wholeObjects(wire, ask, response);
    } finally {
      response.drop();
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    link.end();
  }
}

async function* wholeObjects(wire: Wire, ask: Ask, response: Answer): AsyncIterable<JsonObject> {
  try {
    yield* jsonObjects(readChunks(wire, ask, response, LARGEST_STREAM));
  } catch (error) {
    if (!(error instanceof BrokenStream)) throw error;
    throw unexpected(wire, ask, response, `a stream that cannot be read: ${error.message}`);
  }
}

function understood<T>(wire: Wire, ask: Ask, response: Answer, reader: () => T): T {
  try {
    return reader();
  } catch (error) {
    if (!(error instanceof UnexpectedShape)) throw error;
    throw unexpected(wire, ask, response, `JSON of another shape than expected: ${error.message}`);
  }
}

function unexpected(wire: Wire, ask: Ask, { status }: Answer, what: string): ApiError {
  return failure(wire, ask, {
    ...unusableAnswer(ask),
    isRetryable: false,
    status,
    says: `answered ${status} with ${what}`,
    ...HINTS.dialect,
  });
}
