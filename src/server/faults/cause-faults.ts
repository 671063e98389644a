import { setTimeout as delay } from "node:timers/promises";
import { empty, html, json } from "../respond.ts";
import type { EntryFate, FaultEffect, FaultMoment } from "./faults.ts";

const SLOW_PIECES = 8;

const brokenOff = new WeakSet<Response>();

/** True for an answer whose body will end in an error. */
export function breaksOff(response: Response): boolean {
  return brokenOff.has(response);
}

/**
 * Answers a request with the effects in force. Rejects with the error that `fetch` gives where the connection breaks,
 * and with the signal's reason when the caller gives up while it waits.
 */
export async function causeFaults(
  effects: readonly FaultEffect[],
  answer: () => Promise<Response>,
  request: Pick<Request, "signal">,
): Promise<Response> {
  for (const effect of effects) {
    if (effect.kind === "latency") await wait(effect.ms, request);
  }
  const before = effects.find((effect) => happens(effect, "before-commit"));
  if (before !== undefined) return replaceAnswer(before);
  const response = await answer();
  const after = effects.find((effect) => happens(effect, "after-commit"));
  return after === undefined ? response : spoilAnswer(after, response);
}

/** What the effects want of new entries. */
export function fateOf(effects: readonly FaultEffect[]): EntryFate | undefined {
  return effects.find((effect) => effect.kind === "entry")?.fate;
}

/** The error of a connection that broke, as `fetch` rejects with it; thrown by the server it means "no answer". */
export function connectionLost(cause: unknown = connectionClosed()): TypeError {
  return new TypeError("fetch failed", { cause });
}

/** Waits, unless the caller gives up first. */
export async function wait(ms: number, request: Pick<Request, "signal">): Promise<void> {
  // A listener makes the signal when it is first asked for, so it is not asked for without need.
  if (ms === 0) return;
  const { signal } = request;
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : error;
  });
}

function happens(effect: FaultEffect, moment: FaultMoment): boolean {
  if (effect.kind === "lost" || effect.kind === "answer") return effect.when === moment;
  return moment === "after-commit" && (effect.kind === "truncated" || effect.kind === "slow-body");
}

function replaceAnswer(effect: FaultEffect): Response {
  if (effect.kind !== "answer") throw connectionLost();
  const { status, body, retryAfterSeconds } = effect;
  const headers = retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) };
  if (body === "empty" || status === 204 || status === 304) return empty(status, headers);
  const says = `${status} by fault injection`;
  return body === "html" ? html(status, says, headers) : json(status, { detail: says }, headers);
}

async function spoilAnswer(effect: FaultEffect, response: Response): Promise<Response> {
  if (effect.kind !== "truncated" && effect.kind !== "slow-body") return replaceAnswer(effect);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (effect.kind === "slow-body") return withBody(response, trickle(bytes, effect.ms), bytes.length);
  // Nothing to cut in half: the whole of it is missing.
  if (bytes.length === 0) throw connectionLost();
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  if (effect.end === "clean") return withBody(response, half, half.length);
  const broken = withBody(response, breakAfter(half), bytes.length);
  brokenOff.add(broken);
  return broken;
}

function withBody(
  response: Response,
  body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
  length: number,
): Response {
  const headers = new Headers(response.headers);
  headers.set("content-length", String(length));
  return new Response(length === 0 ? null : body, { status: response.status, headers });
}

function breakAfter(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return ReadableStream.from(piecesThenBreak(bytes));
}

async function* piecesThenBreak(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  // A listener that finds nothing ready at once sends the head, so that what follows breaks the connection and not the
  // answer; after the second wait the half is on its way.
  await delay(0);
  yield bytes;
  await delay(0);
  throw new TypeError("terminated", { cause: connectionClosed() });
}

function trickle(bytes: Uint8Array, ms: number): ReadableStream<Uint8Array> {
  return ReadableStream.from(slowly(bytes, ms));
}

async function* slowly(bytes: Uint8Array, ms: number): AsyncGenerator<Uint8Array> {
  const size = Math.max(1, Math.ceil(bytes.length / SLOW_PIECES));
  for (let start = 0; start < bytes.length; start += size) {
    await delay(ms / SLOW_PIECES);
    yield bytes.slice(start, start + size);
  }
}

function connectionClosed(): Error {
  return Object.assign(new Error("the server closed the connection"), { code: "ECONNRESET" });
}
