import { describe, expect, it } from "vitest";
import { createEventRecorder, type EventRecorder, type RecordedEvent } from "../../src/kube/event-recorder.ts";
import { createKube } from "../../src/kube/kube.ts";
import type { KubeObject } from "../../src/kube/kube-object.ts";
import { json, status } from "../support/kube/asked.ts";
import { type UnrulyApi, unrulyApi } from "../support/kube/unruly-api.ts";

const MINUTE = 60_000;

interface World {
  readonly api: UnrulyApi;
  readonly recorder: EventRecorder;
  readonly problems: string[];
  readonly pass: (ms: number) => void;
}

async function world(): Promise<World> {
  const { api, transport } = await unrulyApi();
  let now = Date.UTC(2026, 0, 1);
  const problems: string[] = [];
  const recorder = createEventRecorder({
    kube: createKube(transport, "tester"),
    controller: "example.com/tester",
    instance: "tester-1",
    onProblem: (message) => problems.push(message),
    signal: new AbortController().signal,
    now: () => now,
  });
  return { api, recorder, problems, pass: (ms) => (now += ms) };
}

function regarding(name: string, namespace?: string): KubeObject {
  const metadata = { name, uid: `uid-of-${name}`, resourceVersion: "7", ...(namespace !== undefined && { namespace }) };
  return { apiVersion: "example.com/v1", kind: "Thing", metadata };
}

function event(more: Partial<RecordedEvent> = {}): RecordedEvent {
  return {
    regarding: regarding("thing", "shop"),
    type: "Normal",
    reason: "Created",
    message: "created it",
    action: "Create",
    ...more,
  };
}

describe("events", () => {
  it("stand beside what they are about and say all that the API asks for", async () => {
    const { api, recorder } = await world();
    recorder.record(event());
    recorder.record(event({ regarding: regarding("wide") }));
    await recorder.flush();
    expect(api.seen.map(({ path }) => path)).toEqual([
      "/apis/events.k8s.io/v1/namespaces/shop/events",
      "/apis/events.k8s.io/v1/namespaces/default/events",
    ]);
    expect(JSON.parse(api.seen[0]?.body ?? "")).toEqual({
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      metadata: { name: expect.stringMatching(/^thing\.[0-9a-f]{16}$/u) as unknown, namespace: "shop" },
      eventTime: "2026-01-01T00:00:00.000000Z",
      reportingController: "example.com/tester",
      reportingInstance: "tester-1",
      action: "Create",
      reason: "Created",
      type: "Normal",
      note: "created it",
      regarding: {
        apiVersion: "example.com/v1",
        kind: "Thing",
        namespace: "shop",
        name: "thing",
        uid: "uid-of-thing",
        resourceVersion: "7",
      },
    });
  });

  it("that say the same again become a count on the first one, written now and then", async () => {
    const { api, recorder, pass } = await world();
    api.next("patch", 9, (_, response) => json(response, 200, { metadata: { name: "e", resourceVersion: "1" } }));
    for (let count = 0; count < 10; count += 1) {
      recorder.record(event());
      await recorder.flush();
      pass(MINUTE / 2);
    }
    expect([api.count("create"), api.count("patch")]).toEqual([1, 4]);
    const last = api.seen.at(-1);
    expect(JSON.parse(last?.body ?? "")).toEqual([
      { op: "add", path: "/series", value: { count: 9, lastObservedTime: "2026-01-01T00:04:00.000000Z" } },
    ]);
    pass(7 * MINUTE);
    recorder.record(event());
    await recorder.flush();
    expect(api.count("create")).toBe(2);
  });

  it("of a namespace that is going are not missed", async () => {
    const { api, recorder, problems } = await world();
    const details = { causes: [{ reason: "NamespaceTerminating", field: "metadata.namespace" }] };
    const refusal = { kind: "Status", status: "Failure", code: 403, reason: "Forbidden", message: "no", details };
    api.next("create", 1, (_, response) => json(response, 403, refusal));
    recorder.record(event());
    await recorder.flush();
    expect(problems).toEqual([]);
  });

  it("of one object that never stops are cut off, and others' are not", async () => {
    const { api, recorder, pass } = await world();
    for (let count = 0; count < 100; count += 1) recorder.record(event({ message: `change ${count}` }));
    recorder.record(event({ regarding: regarding("other", "shop") }));
    await recorder.flush();
    expect([api.count("create"), recorder.dropped()]).toEqual([26, 75]);
    pass(2 * MINUTE);
    for (let count = 0; count < 5; count += 1) recorder.record(event({ message: `later ${count}` }));
    await recorder.flush();
    expect(api.count("create")).toBe(28);
  });

  it("are cut to what the API takes, between characters", async () => {
    const { api, recorder } = await world();
    recorder.record(event({ message: "ä".repeat(2_000) }));
    await recorder.flush();
    const { note } = JSON.parse(api.seen[0]?.body ?? "") as { note: string };
    expect(Buffer.byteLength(note)).toBeLessThanOrEqual(1_024);
    expect(note).toMatch(/^ä+\.\.\.$/u);
  });

  it("that cannot be written stop nobody", async () => {
    const { api, recorder, problems } = await world();
    api.next("create", 1, (_, response) => status(response, 403, "Forbidden"));
    recorder.record(event());
    recorder.record(event({ reason: "Updated" }));
    await recorder.flush();
    expect(problems).toEqual(["an event could not be written"]);
    expect(api.count("create")).toBe(2);
  });
});
