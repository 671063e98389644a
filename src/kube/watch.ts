import { isObject } from "../model/json.ts";
import { KubeError, watchError } from "./kube-error.ts";
import { collectionPath, type ResourceType, typeLabel } from "./resource-type.ts";
import type { Transport } from "./transport.ts";

export interface WatchAsk {
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly labelSelector?: string;
  readonly accept: string;
  /** Whatever happened after this version. */
  readonly resourceVersion: string;
  /** The API server ends it after so many seconds, and old tokens with it. */
  readonly seconds: number;
  /** Nothing at all for so long, bookmarks included, means that the other end is gone. */
  readonly silenceMs: number;
}

export interface WatchEvent {
  readonly type: string;
  readonly object: unknown;
}

/** A line that is longer is not an object anybody could have stored. */
const LONGEST_LINE = 16 * 1024 * 1024;

/**
 * Hands each event to `onEvent` until the API server ends the watch. Throws KubeError for an `ERROR` event, a silent
 * peer (`timeout`), a broken connection and a line that is no JSON: what was lost then is in no event to come.
 */
export async function watch(
  transport: Transport,
  ask: WatchAsk,
  { signal, onEvent }: { readonly signal: AbortSignal; readonly onEvent: (event: WatchEvent) => void },
): Promise<void> {
  const what = `watch ${typeLabel(ask.type)}`;
  const silence = watchdog(what, ask.silenceMs, signal);
  try {
    const exchange = { method: "GET" as const, path: pathOf(ask), what, accept: ask.accept };
    const timeoutMs = ask.seconds * 1000 + ask.silenceMs;
    await transport.send({ ...exchange, timeoutMs }, silence.signal, async ({ body }) => {
      const chunks: AsyncIterable<Uint8Array> = body;
      let rest = "";
      const decoder = new TextDecoder();
      for await (const chunk of chunks) {
        silence.heard();
        rest = eachLine(rest + decoder.decode(chunk, { stream: true }), (line) => onEvent(eventOf(what, line)));
        if (rest.length > LONGEST_LINE) throw broken(what, "sent a line without end");
      }
      if (rest.trim() !== "") throw broken(what, "broke off in the middle of an event");
    });
  } finally {
    silence.end();
  }
}

function pathOf({ type, namespace, labelSelector, resourceVersion, seconds }: WatchAsk): string {
  const query = new URLSearchParams({
    watch: "true",
    allowWatchBookmarks: "true",
    resourceVersion,
    timeoutSeconds: String(seconds),
    ...(labelSelector !== undefined && { labelSelector }),
  });
  return `${collectionPath(type, namespace)}?${query.toString()}`;
}

/** Answers what follows the last line break. */
function eachLine(text: string, use: (line: string) => void): string {
  const lines = text.split("\n");
  const rest = lines.pop() ?? "";
  for (const line of lines) if (line.trim() !== "") use(line);
  return rest;
}

function eventOf(what: string, line: string): WatchEvent {
  const event = parsed(line);
  if (!isObject(event) || typeof event["type"] !== "string") throw garbled(what);
  if (event["type"] === "ERROR") throw watchError(what, event["object"]);
  return { type: event["type"], object: event["object"] };
}

/** What it was about is unknown, so everything has to be listed again. */
function garbled(what: string): KubeError {
  return new KubeError(`${what} sent a line that is no event`, { kind: "other", status: 200 });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function broken(what: string, how: string): KubeError {
  return new KubeError(`${what} ${how}`, { kind: "network", status: 200 });
}

/** Fires its signal with the given one, or when nothing was heard for too long. */
function watchdog(
  what: string,
  ms: number,
  signal: AbortSignal,
): { readonly signal: AbortSignal; heard(): void; end(): void } {
  signal.throwIfAborted();
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  const timer = setTimeout(() => {
    controller.abort(new KubeError(`${what} was silent for ${ms / 1000} s`, { kind: "timeout", status: 200 }));
  }, ms);
  return {
    signal: controller.signal,
    heard: () => void timer.refresh(),
    end: () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    },
  };
}
