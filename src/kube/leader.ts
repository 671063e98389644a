import { setTimeout as sleep } from "node:timers/promises";
import { type Json, jsonEqual, type JsonObject } from "../model/json.ts";
import { deadline } from "./deadline.ts";
import type { Kube } from "./kube.ts";
import { KubeError } from "./kube-error.ts";
import type { KubeObject, ObjectRef } from "./kube-object.ts";
import { apiVersionOf, LEASE } from "./resource-type.ts";

/** Which of several replicas works. */
export interface Leader {
  /** By its own clocks, and earlier than any other replica would take over: ask right before each write. */
  isLeading(): boolean;
  /** Resolves when it has become the leader. */
  elected(): Promise<void>;
  /** Resolves, with the reason, when it was and is no longer. */
  lost(): Promise<string>;
  /** When the lease was last looked at with success (`performance.now`), as a sign of life. */
  seenAt(): number;
  holder(): string;
  /** Gives the lease up, so that another one need not wait. Call it when all work has ended. */
  release(): Promise<void>;
}

export interface LeaderSetup {
  readonly kube: Kube;
  readonly lease: Required<ObjectRef>;
  /** Unlike that of any other process. */
  readonly identity: string;
  readonly onProblem: (message: string, error: unknown) => void;
  /** Ends the candidacy; a lease that is held stays until `release`. */
  readonly signal: AbortSignal;
  readonly times?: LeaderTimes;
}

export interface LeaderTimes {
  readonly leaseMs: number;
  /** The holder gives up when it could not renew for so long. */
  readonly renewMs: number;
  readonly retryMs: number;
}

const TIMES: LeaderTimes = { leaseMs: 15_000, renewMs: 10_000, retryMs: 2_000 };
const JITTER = 1.2;

/**
 * Takes part in the election by a Lease. Others' clocks are never compared with ours: a lease has expired when it was
 * not seen to change for as long as it lasts.
 */
export function joinElection(setup: LeaderSetup): Leader {
  const times = setup.times ?? TIMES;
  const elected = Promise.withResolvers<void>();
  const lost = Promise.withResolvers<string>();
  const state: Observed = { object: undefined, changedAt: clock(), renewedAt: undefined, seenAt: performance.now() };
  let isReleased = false;

  const attempt = async (longestMs: number): Promise<boolean> => {
    const limit = deadline(setup.signal, Math.max(0, Math.min(longestMs, times.renewMs / 2)));
    try {
      return await acquireOrRenew(setup, { times, state, signal: limit.signal });
    } catch (error) {
      if (setup.signal.aborted) return false;
      // Somebody else was faster: an answer like any other.
      if (!(error instanceof KubeError) || error.kind !== "conflict") {
        setup.onProblem("the lease could not be taken or renewed", error);
      }
      return false;
    } finally {
      limit.end();
    }
  };

  const run = async (): Promise<void> => {
    while (!setup.signal.aborted && !(await attempt(times.renewMs))) {
      await pause(times.retryMs * (1 + (JITTER - 1) * Math.random()), setup.signal);
    }
    if (setup.signal.aborted) return;
    elected.resolve();
    while (!setup.signal.aborted) {
      await pause(times.retryMs, setup.signal);
      if (isReleased || setup.signal.aborted) return;
      // No answer may keep us from noticing in time that the lease is lost.
      await attempt(times.renewMs - (state.renewedAt === undefined ? 0 : elapsed(state.renewedAt)));
      const reason = reasonLost(state, setup.identity, times);
      if (reason !== undefined) {
        state.renewedAt = undefined;
        lost.resolve(reason);
        return;
      }
    }
  };
  void run();

  return {
    isLeading: () => !isReleased && state.renewedAt !== undefined && elapsed(state.renewedAt) < times.renewMs,
    elected: () => elected.promise,
    lost: () => lost.promise,
    seenAt: () => state.seenAt,
    holder: () => holderOf(state.object),
    release: async () => {
      const wasLeading = state.renewedAt !== undefined;
      isReleased = true;
      if (wasLeading && holderOf(state.object) === setup.identity) await giveUp(setup, state);
    },
  };
}

interface Observed {
  object: KubeObject | undefined;
  /** When the record was last seen to be another one. */
  changedAt: Clock;
  /** When the last renewal that succeeded was sent. Undefined while somebody else leads. */
  renewedAt: Clock | undefined;
  seenAt: number;
}

/** Two clocks: the one stands still while a machine is suspended, the other may be set. The later one counts. */
interface Clock {
  readonly monotonic: number;
  readonly wall: number;
}

function clock(): Clock {
  return { monotonic: performance.now(), wall: Date.now() };
}

function elapsed({ monotonic, wall }: Clock): number {
  return Math.max(performance.now() - monotonic, Date.now() - wall);
}

interface Attempt {
  readonly times: LeaderTimes;
  readonly state: Observed;
  readonly signal: AbortSignal;
}

async function acquireOrRenew({ kube, lease, identity }: LeaderSetup, attempt: Attempt): Promise<boolean> {
  const { times, state, signal } = attempt;
  const sentAt = clock();
  const found = await kube.get(LEASE, lease, signal);
  observe(state, found);
  const holder = holderOf(found);
  const isOurs = holder === identity;
  // The record's own duration counts where it is shorter, as of one that was given up.
  const heldMs = Math.min(times.leaseMs, secondsOf(found) * 1000);
  if (found !== undefined && holder !== "" && !isOurs) {
    state.renewedAt = undefined;
    if (performance.now() - state.changedAt.monotonic < heldMs) return false;
  }
  const written =
    found === undefined
      ? await kube.create(LEASE, { ...identified(lease), spec: specOf(identity, times, undefined) }, signal)
      : await kube.replace(
          LEASE,
          { ...found, spec: specOf(identity, times, isOurs ? found : undefined, found) },
          signal,
        );
  observe(state, written);
  state.renewedAt = sentAt;
  return true;
}

function observe(state: Observed, found: KubeObject | undefined): void {
  if (!jsonEqual(state.object?.["spec"] ?? null, found?.["spec"] ?? null)) state.changedAt = clock();
  state.object = found;
  state.seenAt = performance.now();
}

function reasonLost(state: Observed, identity: string, { renewMs }: LeaderTimes): string | undefined {
  const holder = holderOf(state.object);
  if (holder !== identity && holder !== "") return `${holder} holds the lease now`;
  if (state.renewedAt === undefined || elapsed(state.renewedAt) >= renewMs) {
    return `the lease could not be renewed for ${renewMs / 1000} s`;
  }
  return undefined;
}

async function giveUp({ kube, lease, onProblem }: LeaderSetup, state: Observed): Promise<void> {
  const signal = AbortSignal.timeout(5_000);
  try {
    const found = await kube.get(LEASE, lease, signal);
    if (found === undefined || holderOf(found) !== holderOf(state.object)) return;
    const spec = { ...objectOf(found["spec"]), holderIdentity: "", leaseDurationSeconds: 1, renewTime: microTime() };
    await kube.replace(LEASE, { ...found, spec }, signal);
  } catch (error) {
    onProblem("the lease could not be given up; another replica waits until it expires", error);
  }
}

function identified(lease: Required<ObjectRef>): JsonObject {
  return { apiVersion: apiVersionOf(LEASE), kind: LEASE.kind, metadata: { ...lease } };
}

function specOf(
  identity: string,
  { leaseMs }: LeaderTimes,
  ours: KubeObject | undefined,
  before: KubeObject | undefined = ours,
): JsonObject {
  const now = microTime();
  const spec = objectOf(before?.["spec"]);
  const transitions = typeof spec["leaseTransitions"] === "number" ? spec["leaseTransitions"] : 0;
  return {
    holderIdentity: identity,
    leaseDurationSeconds: Math.ceil(leaseMs / 1000),
    acquireTime: ours === undefined ? now : (spec["acquireTime"] ?? now),
    renewTime: now,
    leaseTransitions: before === undefined || ours !== undefined ? transitions : transitions + 1,
  };
}

/** Six digits, or the API server refuses it. */
function microTime(): string {
  return new Date().toISOString().replace("Z", "000Z");
}

function holderOf(lease: KubeObject | undefined): string {
  const holder = objectOf(lease?.["spec"])["holderIdentity"];
  return typeof holder === "string" ? holder : "";
}

function secondsOf(lease: KubeObject | undefined): number {
  const seconds = objectOf(lease?.["spec"])["leaseDurationSeconds"];
  return typeof seconds === "number" ? seconds : Infinity;
}

function objectOf(value: Json | undefined): { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
