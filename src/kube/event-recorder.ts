import { randomBytes } from "node:crypto";
import type { JsonObject } from "../model/json.ts";
import type { Kube } from "./kube.ts";
import { KubeError, NAMESPACE_ENDING } from "./kube-error.ts";
import { type KubeObject, namespaceOf } from "./kube-object.ts";
import { apiVersionOf, EVENT } from "./resource-type.ts";

export interface RecordedEvent {
  /** What it happened to. */
  readonly regarding: KubeObject;
  readonly type: "Normal" | "Warning";
  /** One word, for machines. */
  readonly reason: string;
  readonly message: string;
  /** What was being done, one word. */
  readonly action: string;
}

/** Writes events beside the objects they are about. Never throws and never makes anybody wait: events are only told. */
export interface EventRecorder {
  record(event: RecordedEvent): void;
  /** Resolves when what was recorded has been sent, or could not be. */
  flush(): Promise<void>;
  dropped(): number;
}

export interface EventRecorderSetup {
  readonly kube: Kube;
  /** `llmstack.ai/operator` say. */
  readonly controller: string;
  /** The process, at most 128 characters. */
  readonly instance: string;
  readonly onProblem: (message: string, error: unknown) => void;
  readonly signal: AbortSignal;
  readonly now?: () => number;
}

/** Repetitions within this time are one event with a count. */
const SERIES_MS = 6 * 60_000;
/** A count is written at most so often. */
const SERIES_UPDATE_MS = 60_000;
/** For each object: so many at once, and one more every so often. */
const BURST = 25;
const REFILL_MS = 60_000;
const LONGEST_NOTE = 1_024;
const MOST_WAITING = 1_000;
const MOST_REMEMBERED = 10_000;

interface Series {
  readonly name: string;
  readonly namespace: string;
  count: number;
  lastAt: number;
  sentAt: number;
}

interface Budget {
  left: number;
  at: number;
}

export function createEventRecorder(setup: EventRecorderSetup): EventRecorder {
  const now = setup.now ?? Date.now;
  const series = new Map<string, Series>();
  const budgets = new Map<string, Budget>();
  let sending: Promise<void> = Promise.resolve();
  let waiting = 0;
  let dropped = 0;

  const send = (work: () => Promise<unknown>): void => {
    if (waiting >= MOST_WAITING) {
      dropped += 1;
      return;
    }
    waiting += 1;
    sending = sending
      .then(work)
      .catch((error: unknown) => {
        dropped += 1;
        if (!setup.signal.aborted) setup.onProblem("an event could not be written", error);
      })
      .then(() => {
        waiting -= 1;
      });
  };

  const repeat = (known: Series, at: number): void => {
    Object.assign(known, { count: known.count + 1, lastAt: at });
    if (at - known.sentAt < SERIES_UPDATE_MS) return;
    known.sentAt = at;
    send(() => setup.kube.patchJson(EVENT, known, [seriesOp(known)], setup.signal).catch(forgotten));
  };

  const first = (event: RecordedEvent, key: string, at: number): void => {
    const object = eventObject(event, setup, at);
    prune(series, (entry) => at - entry.lastAt > SERIES_MS);
    series.set(key, { ...object.metadata, count: 1, lastAt: at, sentAt: at });
    send(() => setup.kube.create(EVENT, object, setup.signal).catch(untold));
  };

  const isAllowed = (uid: string, at: number): boolean => {
    const budget = budgets.get(uid) ?? { left: BURST, at };
    const refilled = Math.floor((at - budget.at) / REFILL_MS);
    const left = Math.min(BURST, budget.left + refilled);
    prune(budgets, (entry) => at - entry.at > BURST * REFILL_MS);
    budgets.set(uid, { left: Math.max(0, left - 1), at: refilled > 0 ? at : budget.at });
    return left > 0;
  };

  return {
    record: (event) => {
      const at = now();
      const key = JSON.stringify([event.regarding.metadata.uid, event.type, event.reason, event.action, event.message]);
      const known = series.get(key);
      if (known !== undefined && at - known.lastAt <= SERIES_MS) repeat(known, at);
      else if (isAllowed(event.regarding.metadata.uid, at)) first(event, key, at);
      else dropped += 1;
    },
    flush: () => sending,
    dropped: () => dropped,
  };
}

/** Events live an hour; one that is gone needs no count. */
function forgotten(error: unknown): void {
  if (!(error instanceof KubeError) || error.kind !== "notFound") throw error;
}

/** Nobody is left to read it. */
function untold(error: unknown): void {
  if (!(error instanceof KubeError) || error.reason !== NAMESPACE_ENDING) throw error;
}

function seriesOp({ count, lastAt }: Series): { op: "add"; path: string; value: JsonObject } {
  return { op: "add", path: "/series", value: { count, lastObservedTime: microTime(lastAt) } };
}

function eventObject(
  { regarding, type, reason, message, action }: RecordedEvent,
  { controller, instance }: EventRecorderSetup,
  at: number,
): JsonObject & { readonly metadata: { readonly name: string; readonly namespace: string } } {
  const { name, uid, resourceVersion } = regarding.metadata;
  const own = namespaceOf(regarding);
  const namespace = own === "" ? "default" : own;
  return {
    apiVersion: apiVersionOf(EVENT),
    kind: EVENT.kind,
    metadata: { name: `${name.slice(0, 230)}.${randomBytes(8).toString("hex")}`, namespace },
    eventTime: microTime(at),
    reportingController: controller,
    reportingInstance: instance.slice(0, 128),
    action,
    reason,
    type,
    note: shortened(message),
    regarding: {
      apiVersion: regarding.apiVersion,
      kind: regarding.kind,
      name,
      uid,
      resourceVersion,
      ...(own !== "" && { namespace: own }),
    },
  };
}

/** The limit counts bytes. */
function shortened(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= LONGEST_NOTE) return text;
  return `${bytes
    .subarray(0, LONGEST_NOTE - 8)
    .toString("utf8")
    .replace(/\uFFFD+$/u, "")}...`;
}

function prune<T>(entries: Map<string, T>, isOver: (entry: T) => boolean): void {
  if (entries.size < MOST_REMEMBERED) return;
  for (const [key, entry] of entries) if (isOver(entry)) entries.delete(key);
  for (const key of [...entries.keys()].slice(0, entries.size - MOST_REMEMBERED + 1)) entries.delete(key);
}

function microTime(at: number): string {
  return new Date(at).toISOString().replace("Z", "000Z");
}
