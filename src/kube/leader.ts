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
  /** When it last tried anything (`performance.now`), as a sign of life. */
  triedAt(): number;
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
  /** The candidacy begins when this has resolved. */
  readonly ready: Promise<unknown>;
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
/** A process that ends has no time to lose. */
const GIVE_UP_MS = 2_000;

/**
 * Takes part in the election by a Lease. Others' clocks are never compared with ours: a lease has expired when it was
 * not seen to change for as long as it lasts.
 */
export function joinElection(setup: LeaderSetup): Leader {
  const candidate = new Candidate(setup);
  return {
    isLeading: () => candidate.isLeading(),
    elected: () => candidate.elected.promise,
    lost: () => candidate.lost.promise,
    triedAt: () => candidate.triedAt(),
    holder: () => holderOf(candidate.state.object),
    release: () => candidate.release(),
  };
}

class Candidate {
  readonly elected = Promise.withResolvers<void>();
  readonly lost = Promise.withResolvers<string>();
  readonly state: Observed = { object: undefined, changedAt: clock(), renewedAt: undefined };
  readonly #setup: LeaderSetup;
  readonly #times: LeaderTimes;
  #lastTry: number | undefined;
  #attempt: Promise<boolean> = Promise.resolve(false);
  #isReleased = false;

  constructor(setup: LeaderSetup) {
    this.#setup = setup;
    this.#times = setup.times ?? TIMES;
    this.#run().catch((error: unknown) => setup.onProblem("it takes no part in the election", error));
  }

  isLeading(): boolean {
    const { renewedAt } = this.state;
    return !this.#isReleased && renewedAt !== undefined && elapsed(renewedAt) < this.#times.renewMs;
  }

  triedAt(): number {
    return this.#lastTry ?? performance.now();
  }

  /** What is being tried may still win, so that is waited for. */
  async release(): Promise<void> {
    this.#isReleased = true;
    await this.#attempt;
    if (holderOf(this.state.object) === this.#setup.identity) await giveUp(this.#setup);
  }

  async #run(): Promise<void> {
    const { retryMs, renewMs } = this.#times;
    await this.#setup.ready;
    while (!this.#hasEnded() && !(await this.#try(renewMs))) {
      await pause(retryMs * (1 + (JITTER - 1) * Math.random()), this.#setup.signal);
    }
    if (this.#hasEnded()) return;
    this.elected.resolve();
    for (;;) {
      await pause(retryMs, this.#setup.signal);
      if (this.#hasEnded()) return;
      // No answer may keep us from noticing in time that the lease is lost.
      const { renewedAt } = this.state;
      await this.#try(renewMs - (renewedAt === undefined ? 0 : elapsed(renewedAt)));
      const reason = reasonLost(this.state, this.#setup.identity, this.#times);
      if (reason === undefined || this.#hasEnded()) continue;
      this.state.renewedAt = undefined;
      this.lost.resolve(reason);
      return;
    }
  }

  #hasEnded(): boolean {
    return this.#isReleased || this.#setup.signal.aborted;
  }

  async #try(longestMs: number): Promise<boolean> {
    this.#attempt = this.#acquireOrRenew(longestMs);
    const isOurs = await this.#attempt;
    this.#lastTry = performance.now();
    return isOurs;
  }

  async #acquireOrRenew(longestMs: number): Promise<boolean> {
    const { signal, onProblem } = this.#setup;
    const limit = deadline(signal, Math.max(0, Math.min(longestMs, this.#times.renewMs / 2)));
    try {
      return await acquireOrRenew(this.#setup, { times: this.#times, state: this.state, signal: limit.signal });
    } catch (error) {
      // Somebody else was faster: an answer like any other.
      const isConflict = error instanceof KubeError && error.kind === "conflict";
      if (!signal.aborted && !isConflict) onProblem("the lease could not be taken or renewed", error);
      return false;
    } finally {
      limit.end();
    }
  }
}

interface Observed {
  object: KubeObject | undefined;
  /** When the record was last seen to be another one. */
  changedAt: Clock;
  /** When the last renewal that succeeded was sent. Undefined while somebody else leads. */
  renewedAt: Clock | undefined;
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
}

function reasonLost(state: Observed, identity: string, { renewMs }: LeaderTimes): string | undefined {
  const holder = holderOf(state.object);
  if (holder !== identity && holder !== "") return `${holder} holds the lease now`;
  if (state.renewedAt === undefined || elapsed(state.renewedAt) >= renewMs) {
    return `the lease could not be renewed for ${renewMs / 1000} s`;
  }
  return undefined;
}

async function giveUp({ kube, lease, identity, onProblem }: LeaderSetup): Promise<void> {
  const signal = AbortSignal.timeout(GIVE_UP_MS);
  try {
    const found = await kube.get(LEASE, lease, signal);
    if (found === undefined || holderOf(found) !== identity) return;
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
