import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { createKube } from "../../src/kube/kube.ts";
import { joinElection, type Leader } from "../../src/kube/leader.ts";
import { LEASE } from "../../src/kube/resource-type.ts";
import type { Transport } from "../../src/kube/transport.ts";
import { status } from "../support/kube/asked.ts";
import { type UnrulyApi, unrulyApi } from "../support/kube/unruly-api.ts";

/** A lease that nobody loses because a machine is slow. */
const TIMES = { leaseMs: 15_000, renewMs: 10_000, retryMs: 50 };
/** One that is lost soon. */
const SHORT = { leaseMs: 1_000, renewMs: 600, retryMs: 50 };
const REF = { namespace: "system", name: "the-lease" };
const DOWN = 1_000_000;

interface Candidate extends Leader {
  readonly problems: string[];
  leave(): void;
}

function candidate(transport: Transport, identity: string, times = TIMES): Candidate {
  const stop = new AbortController();
  const problems: string[] = [];
  const leader = joinElection({
    kube: createKube(transport, "tester"),
    lease: REF,
    identity,
    times,
    ready: Promise.resolve(),
    signal: stop.signal,
    onProblem: (message, error) => problems.push(`${message}: ${String(error)}`),
  });
  onTestFinished(() => stop.abort());
  return { ...leader, problems, leave: () => stop.abort() };
}

function leaseOf(holder: string, more: object = {}): { metadata: typeof REF; spec: object } {
  const now = new Date().toISOString().replace("Z", "000Z");
  return { metadata: REF, spec: { holderIdentity: holder, leaseDurationSeconds: 1, renewTime: now, ...more } };
}

function spec(api: UnrulyApi): Record<string, unknown> {
  return api.get(LEASE, REF)?.["spec"] as Record<string, unknown>;
}

describe("an election", () => {
  it("is won by whoever is alone, who says when and for how long", async () => {
    const { api, transport } = await unrulyApi();
    const alone = candidate(transport, "alone");
    await alone.elected();
    expect(alone.isLeading()).toBe(true);
    expect(spec(api)).toMatchObject({
      holderIdentity: "alone",
      leaseDurationSeconds: 15,
      acquireTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/u) as unknown,
      leaseTransitions: 0,
    });
    const { acquireTime, renewTime } = spec(api);
    const renewals = api.count("update");
    await api.until(() => api.count("update") > renewals + 1);
    expect(spec(api)["acquireTime"]).toBe(acquireTime);
    expect(spec(api)["renewTime"]).not.toBe(renewTime);
  });

  it("has one winner among many", async () => {
    const { transport } = await unrulyApi();
    const all = Array.from({ length: 5 }, (_, index) => candidate(transport, `candidate-${index}`));
    await Promise.race(all.map((one) => one.elected()));
    await sleep(TIMES.retryMs * 3);
    expect(all.filter((one) => one.isLeading())).toHaveLength(1);
    expect(new Set(all.map((one) => one.holder())).size).toBe(1);
  });

  it("goes to the next at once when the leader gives up", async () => {
    const { api, transport } = await unrulyApi();
    const first = candidate(transport, "first");
    await first.elected();
    const second = candidate(transport, "second");
    await api.until(() => api.count("get") > 4);
    await first.release();
    expect(first.isLeading()).toBe(false);
    expect(spec(api)).toMatchObject({ holderIdentity: "", leaseDurationSeconds: 1 });
    await second.elected();
    expect(spec(api)).toMatchObject({ holderIdentity: "second", leaseTransitions: 1 });
  });

  it("goes to the next when the leader is gone without a word, and no sooner than its lease lasts", async () => {
    const { api, transport } = await unrulyApi();
    api.put(LEASE, leaseOf("gone"));
    const next = candidate(transport, "next");
    const begun = performance.now();
    await next.elected();
    expect(performance.now() - begun).toBeGreaterThanOrEqual(1_000);
    expect(spec(api)["holderIdentity"]).toBe("next");
  });

  it("believes what it sees, not other people's clocks", async () => {
    const { api, transport } = await unrulyApi();
    api.put(LEASE, leaseOf("slow-clock", { leaseDurationSeconds: 15, renewTime: "2001-01-01T00:00:00.000000Z" }));
    const next = candidate(transport, "next");
    await api.until(() => api.count("get") > 5);
    expect(next.isLeading()).toBe(false);
    expect(spec(api)["holderIdentity"]).toBe("slow-clock");
  });

  it("closes the fence before the lease ends when it cannot be renewed, and says that it is lost", async () => {
    const { api, transport } = await unrulyApi();
    const leader = candidate(transport, "leader", SHORT);
    await leader.elected();
    for (const verb of ["get", "update"] as const) {
      api.next(verb, DOWN, (_, response) => status(response, 500, "InternalError"));
    }
    await expect(leader.lost()).resolves.toContain("could not be renewed");
    expect(leader.isLeading()).toBe(false);
    expect(leader.problems[0]).toContain("the lease could not be taken or renewed");
  });

  it("closes the fence when somebody else holds the lease", async () => {
    const { api, transport } = await unrulyApi();
    const leader = candidate(transport, "leader");
    await leader.elected();
    api.put(LEASE, leaseOf("usurper"));
    await expect(leader.lost()).resolves.toBe("usurper holds the lease now");
    expect(leader.isLeading()).toBe(false);
  });

  it("closes the fence while nothing runs at all, before anything else can run", async () => {
    const { transport } = await unrulyApi();
    const leader = candidate(transport, "leader", SHORT);
    await leader.elected();
    // A frozen process: no timer, no answer, until it is all over.
    const end = performance.now() + SHORT.renewMs + 100;
    while (performance.now() < end);
    expect(leader.isLeading()).toBe(false);
  });

  it("survives answers that fail for a while", async () => {
    const { api, transport } = await unrulyApi();
    const leader = candidate(transport, "leader");
    await leader.elected();
    api.next("update", 2, (_, response) => status(response, 409, "Conflict"));
    const renewals = api.count("update");
    await api.until(() => api.count("update") > renewals + 3);
    expect(leader.isLeading()).toBe(true);
    expect(leader.problems).toEqual([]);
  });

  it("takes nothing from another one that holds the lease by now when it gives up", async () => {
    const { api, transport } = await unrulyApi();
    const leader = candidate(transport, "leader");
    await leader.elected();
    leader.leave();
    api.put(LEASE, leaseOf("another"));
    await leader.release();
    expect(spec(api)["holderIdentity"]).toBe("another");
  });
});
