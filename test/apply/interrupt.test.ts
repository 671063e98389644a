import { describe, expect, it } from "vitest";
import {
  changesIn,
  createWorld,
  HASTE,
  outcomeOf,
  statuses,
  wantApp,
  wantDatasource,
  wantEntry,
} from "../support/apply-world.ts";

/** A promise that is settled from outside. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: () => resolve() };
}

describe("a run that is asked to stop", () => {
  it("finishes what is in flight, starts nothing new, and reports every change", async () => {
    const site = await (await createWorld()).start();
    const stop = new AbortController();
    const wanted = ["a", "b", "c", "d", "e"].map((name) => wantApp(name));
    const plan = await site.plan(wanted);
    let posts = 0;
    site.intercept((request) => {
      if (request.method === "POST" && (posts += 1) === 2) stop.abort();
    });
    const report = await site.apply(plan, { signal: stop.signal, parallelism: 2 });
    expect(report.isInterrupted).toBe(true);
    expect(statuses(report)).toEqual([
      "create App/a: done",
      "create App/b: done",
      "create App/c: skipped",
      "create App/d: skipped",
      "create App/e: skipped",
    ]);
    expect(await site.apps()).toHaveLength(2);
    await site.sync(wanted);
    expect(changesIn(await site.plan(wanted))).toEqual([]);
  });

  it("before it began sends nothing", async () => {
    const site = await (await createWorld()).start();
    const plan = await site.plan([wantApp("a")]);
    site.requests();
    const report = await site.apply(plan, { signal: AbortSignal.abort() });
    expect(statuses(report)).toEqual(["create App/a: skipped"]);
    expect(site.requests()).toEqual([]);
  });

  it("gives up what is in flight after a grace period, as unknown", async () => {
    const site = await (await createWorld()).start();
    const stop = new AbortController();
    const plan = await site.plan([wantApp("a"), wantApp("b")]);
    const never = gate();
    site.intercept(async (request) => {
      if (request.method !== "POST") return;
      stop.abort();
      await Promise.race([never.opened, aborted(request.signal)]);
    });
    const report = await site.apply(plan, { signal: stop.signal, parallelism: 1, patience: { ...HASTE, graceMs: 20 } });
    expect(statuses(report)).toEqual(["create App/a: unknown", "create App/b: skipped"]);
  });

  it("a second time gives up at once", async () => {
    const site = await (await createWorld()).start();
    const [stop, hard] = [new AbortController(), new AbortController()];
    const plan = await site.plan([wantApp("a")]);
    site.intercept(async (request) => {
      if (request.method !== "POST") return;
      stop.abort();
      hard.abort();
      await aborted(request.signal);
    });
    const patience = { ...HASTE, graceMs: 60_000 };
    const report = await site.apply(plan, { signal: stop.signal, hardSignal: hard.signal, patience });
    expect(statuses(report)).toEqual(["create App/a: unknown"]);
  });

  it("while it waits before sending something again has not started that", async () => {
    const site = await (await createWorld()).start("status=429,retry-after=60,method=POST");
    const stop = new AbortController();
    const plan = await site.plan([wantApp("a")]);
    site.intercept((request) => {
      if (request.method === "POST") stop.abort();
    });
    const report = await site.apply(plan, { signal: stop.signal });
    expect(statuses(report)).toEqual(["create App/a: skipped"]);
  });

  it("while an entry is not READY says that it was added, and keeps the old one", async () => {
    const world = await createWorld();
    const first = await world.start();
    await first.sync([wantDatasource("docs", { entries: [wantEntry("a", "old")] })]);
    const site = await world.start("entry=PROCESSING");
    const stop = new AbortController();
    const plan = await site.plan([wantDatasource("docs", { entries: [wantEntry("a", "new")] })]);
    site.intercept((request) => {
      if (request.method === "POST") stop.abort();
    });
    const report = await site.apply(plan, {
      signal: stop.signal,
      entryTimeoutMs: 60_000,
      patience: { ...HASTE, graceMs: 30 },
    });
    const { status, failure } = outcomeOf(report, "Datasource/docs/entries/a");
    expect([status, failure?.class]).toEqual(["failed", "cancelled"]);
    const [live] = await site.datasources();
    expect(await site.entries(live?.uuid ?? "")).toHaveLength(2);
  });

  it("between the halves of a replace says so", async () => {
    const site = await (await createWorld()).start();
    const stop = new AbortController();
    const old = wantDatasource("docs", { entries: [wantEntry("a", "one")] });
    const first = await site.sync([old]);
    const uuid = outcomeOf(first, "Datasource/docs").uuid ?? "";
    const plan = await site.plan([wantDatasource("docs", { type: "url", entries: [], uuid })], { allowReplace: true });
    site.intercept((request) => {
      if (request.method === "POST") stop.abort();
    });
    const report = await site.apply(plan, { signal: stop.signal });
    expect(outcomeOf(report, "Datasource/docs")).toMatchObject({ status: "failed", failure: { class: "cancelled" } });
    expect(await site.datasources()).toHaveLength(2);
  });
});

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(new TypeError("fetch failed", { cause: signal.reason }));
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });
}
