import pLimit from "p-limit";
import { describe, expect, it } from "vitest";
import type { LiveResource } from "../../src/model/live.ts";
import { Secret } from "../../src/model/template.ts";
import {
  changesIn,
  createWorld,
  HASTE,
  type Site,
  statuses,
  wantApp,
  wantDatasource,
  wantEntry,
  wantUrl,
  type World,
} from "../support/apply-world.ts";

const PASSWORD = "correct horse battery staple";
const secret = new Secret({ $env: "PASSWORD" }, PASSWORD);
const POLICY = { prune: true, allowReplace: true };
const FAULTS = [
  "lost=before",
  "lost=after",
  "status=502,body=html",
  "status=504,body=html,when=after",
  "status=429,retry-after=0",
  "status=429,retry-after=0,when=after",
  "status=403,body=empty",
  "status=400",
  "html",
  "truncated=broken",
  "truncated=clean",
];

function before() {
  const moved = wantDatasource("moved", { entries: [wantEntry("m", "one")] });
  const docs = wantDatasource("docs", { entries: ["a", "b", "c", "d"].map((name) => wantEntry(name, name)) });
  const gone = wantDatasource("gone", { entries: [wantEntry("g", "one")] });
  return [
    moved,
    docs,
    gone,
    wantApp("bot", { uses: [docs.key, gone.key] }),
    wantApp("mover", { uses: [moved.key] }),
    wantApp("same"),
    wantApp("leaving", { uses: [gone.key] }),
  ];
}

/** Names the one that is to be replaced by its uuid, while that is there. */
function after(movedUuid?: string) {
  const moved = wantDatasource("moved", {
    type: "url",
    entries: [wantUrl("m", "https://x.test")],
    ...(movedUuid !== undefined && { uuid: movedUuid }),
  });
  const entries = [wantEntry("a", "other"), wantEntry("b", "b"), wantEntry("c", "c"), wantEntry("e", "new")];
  const docs = wantDatasource("docs", { entries });
  const fresh = wantDatasource("fresh", { entries: [wantEntry("f", "one")] });
  return [
    moved,
    docs,
    fresh,
    wantApp("bot", { uses: [docs.key, fresh.key], config: { password: secret } }),
    wantApp("mover", { uses: [moved.key] }),
    wantApp("same"),
    wantApp("caller", { uses: [fresh.key] }),
  ];
}

async function seed(): Promise<{ readonly world: World; readonly moved: string }> {
  const world = await createWorld();
  const site = await world.start();
  await site.sync(before());
  await site.createByHand(wantApp("foreign"));
  const moved = (await site.datasources()).find(({ name }) => name === "moved");
  return { world, moved: moved?.uuid ?? "" };
}

async function applyOnce(site: Site, moved: string) {
  const plan = await site.plan(after(moved), POLICY);
  return site.apply(plan, { parallelism: 1, patience: { ...HASTE, lookForMs: 30 }, entryTimeoutMs: 100 });
}

/** How many requests the apply makes, and how many the plan before it. */
async function countRequests() {
  const { world, moved } = await seed();
  const site = await world.start();
  const plan = await site.plan(after(moved), POLICY);
  const reads = site.server.journal().length;
  await site.apply(plan, { parallelism: 1 });
  return { reads, all: site.server.journal().length };
}

describe("the apply of the sweep", () => {
  it("does a bit of everything", async () => {
    const { world, moved } = await seed();
    const site = await world.start();
    expect(changesIn(await site.plan(after(moved), POLICY))).toEqual([
      "prune App/leaving",
      "prune Datasource/docs/entries/d",
      "prune Datasource/gone",
      "replace Datasource/moved",
      "update App/bot",
      "update App/mover",
      "update Datasource/docs/entries/a",
      "create App/caller",
      "create Datasource/docs/entries/e",
      "create Datasource/fresh",
      "create Datasource/fresh/entries/f",
      "create Datasource/moved/entries/m",
    ]);
  });
});

/** After whatever happened: a plain run leaves one object of each, an empty plan, and what is foreign as it was. */
async function expectConverged(world: World, moved: string, where: string): Promise<void> {
  const site = await world.start();
  const isMoved = !(await site.datasources()).some(({ uuid }) => uuid === moved);
  await site.apply(await site.plan(isMoved ? after() : after(moved), POLICY));
  const changes = changesIn(await site.plan(after(), POLICY));
  const [apps, datasources] = [await site.apps(), await site.datasources()];
  const counts = await Promise.all(datasources.map(async ({ uuid }) => (await site.entries(uuid)).length));
  expect({
    where,
    changes,
    apps: namesOf(apps),
    datasources: namesOf(datasources),
    entries: Math.max(...counts),
  }).toEqual({
    where,
    changes: [],
    apps: ["bot", "caller", "foreign", "mover", "same"],
    datasources: ["docs", "fresh", "moved"],
    entries: 4,
  });
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(6);
}

function namesOf(live: readonly LiveResource[]): readonly string[] {
  return live.map(({ name }) => name).toSorted();
}

/** Does it once for each request that the apply makes; gives how often. */
async function sweep(attempt: (index: number, first: number) => Promise<void>): Promise<number> {
  const { reads, all } = await countRequests();
  const limit = pLimit(6);
  const indexes = Array.from({ length: all - reads }, (_, offset) => reads + offset);
  await Promise.all(indexes.map((index) => limit(() => attempt(index, reads))));
  return indexes.length;
}

async function applyWithFault(fault: string): Promise<void> {
  const { world, moved } = await seed();
  const report = await applyOnce(await world.start(fault), moved);
  expect(JSON.stringify(report)).not.toContain(PASSWORD);
  await expectConverged(world, moved, `${fault}\n${statuses(report).join("\n")}`);
}

describe("an apply, and a plain run after it, converge", () => {
  it.each(FAULTS)("whichever one request is hit by %s", async (fault) => {
    expect(await sweep((index) => applyWithFault(`${fault},index=${index}`))).toBeGreaterThan(20);
  });

  it.each(["lost=before", "lost=after", "status=500,body=html"])(
    "whichever request is the first of all that are hit by %s",
    async (fault) => {
      expect(await sweep((index) => applyWithFault(`${fault},index=${index}-99999`))).toBeGreaterThan(20);
    },
  );

  it("whichever request the run was given up at", async () => {
    const runs = await sweep(async (index, first) => {
      const { world, moved } = await seed();
      const site = await world.start();
      const plan = await site.plan(after(moved), POLICY);
      const hard = new AbortController();
      let sent = first;
      site.intercept(() => {
        if (sent === index) hard.abort();
        sent += 1;
      });
      const report = await site.apply(plan, { parallelism: 1, hardSignal: hard.signal });
      expect(report.isInterrupted).toBe(true);
      expect(report.outcomes).toHaveLength(plan.changes.length);
      await expectConverged(world, moved, `given up at ${index - first}\n${statuses(report).join("\n")}`);
    });
    expect(runs).toBeGreaterThan(20);
  });
});
