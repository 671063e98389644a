import { describe, expect, it } from "vitest";
import { sha256 } from "../../src/model/digest.ts";
import type { DesiredEntry, FileBody } from "../../src/model/resource.ts";
import {
  changesIn,
  createWorld,
  outcomeOf,
  type Site,
  statuses,
  wantDatasource,
  wantEntry,
  wantFile,
} from "../support/apply-world.ts";

const KEY = "Datasource/docs/entries";

function docs(...entries: readonly DesiredEntry[]) {
  return [wantDatasource("docs", { entries })];
}

/** A datasource with the entry `a`, then the server again with faults and a plan to change that entry. */
async function aChangedEntry(...faults: readonly string[]) {
  const world = await createWorld();
  const first = await world.start();
  await first.sync(docs(wantEntry("a", "old")));
  const site = await world.start(...faults);
  const [live] = await site.datasources();
  const datasource = live?.uuid ?? "";
  const [old] = await site.entries(datasource);
  const plan = await site.plan(docs(wantEntry("a", "new")));
  site.requests();
  return { world, site, plan, datasource, old: old?.uuid ?? "" };
}

function indexOf(site: Site, method: string): number {
  return site.server.journal().findLastIndex((entry) => entry.method === method);
}

describe("a changed entry", () => {
  it("is added, waited for, and only then is the old one deleted", async () => {
    const { site, plan, datasource, old } = await aChangedEntry("entry=PROCESSING:3");
    const report = await site.apply(plan);
    expect(statuses(report)).toEqual([`update ${KEY}/a: done`, "keep Datasource/docs: kept"]);
    const [entry, ...more] = await site.entries(datasource);
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ status: "READY", uuid: outcomeOf(report, `${KEY}/a`).uuid });
    expect(entry?.uuid).not.toBe(old);
    expect(indexOf(site, "DELETE")).toBeGreaterThan(indexOf(site, "POST") + 3);
  });

  it("that the server fails to process leaves the old one alone, and the next run tries again", async () => {
    const { world, site, plan, datasource, old } = await aChangedEntry("entry=FAILED");
    const report = await site.apply(plan);
    expect(outcomeOf(report, `${KEY}/a`)).toMatchObject({ status: "failed", failure: { class: "entry_failed" } });
    expect((await site.entries(datasource)).map(({ uuid }) => uuid)).toContain(old);
    const again = await world.start();
    await again.sync(docs(wantEntry("a", "new")));
    expect((await again.entries(datasource)).map(({ status }) => status)).toEqual(["READY"]);
    expect(changesIn(await again.plan(docs(wantEntry("a", "new"))))).toEqual([]);
  });

  it("that is not READY in time is a failure that says what to do; the old one stays until the next run", async () => {
    const { site, plan, datasource } = await aChangedEntry("entry=PROCESSING:5");
    const report = await site.apply(plan, { entryTimeoutMs: 0 });
    const { status, failure } = outcomeOf(report, `${KEY}/a`);
    expect(status).toBe("failed");
    expect(failure?.remedy).toContain("--entry-timeout");
    expect(await site.entries(datasource)).toHaveLength(2);
    site.requests();
    await site.sync(docs(wantEntry("a", "new")));
    expect(site.requests().filter((request) => request.startsWith("POST"))).toEqual([]);
    expect(await site.entries(datasource)).toHaveLength(1);
  });

  it("whose answer is lost is found by its mark and not sent twice", async () => {
    const { site, plan, datasource } = await aChangedEntry("lost=after,method=POST");
    const report = await site.apply(plan);
    expect(outcomeOf(report, `${KEY}/a`).status).toBe("done");
    expect(await site.entries(datasource)).toHaveLength(1);
    expect(site.requests().filter((request) => request.startsWith("POST"))).toHaveLength(1);
  });

  it("whose answer is lost and that never shows up is unknown, and the old one stays", async () => {
    const { site, plan, datasource, old } = await aChangedEntry("lost=before,method=POST");
    const report = await site.apply(plan);
    expect(outcomeOf(report, `${KEY}/a`)).toMatchObject({ status: "unknown", failure: { class: "ambiguous_write" } });
    expect((await site.entries(datasource)).map(({ uuid }) => uuid)).toEqual([old]);
  });

  it("whose old one somebody else replaced meanwhile is stale, and nothing is uploaded", async () => {
    const { world, site, plan } = await aChangedEntry();
    await (await world.start()).sync(docs(wantEntry("a", "theirs")));
    const report = await site.apply(plan);
    expect(outcomeOf(report, `${KEY}/a`).status).toBe("stale");
    expect(site.requests().filter((request) => request.startsWith("POST"))).toEqual([]);
  });

  it("whose old one cannot be deleted is in place, and the next run deletes the old one", async () => {
    const { world, site, plan, datasource } = await aChangedEntry("status=500,method=DELETE");
    const report = await site.apply(plan);
    expect(outcomeOf(report, `${KEY}/a`).status).toBe("failed");
    expect(outcomeOf(report, `${KEY}/a`).warnings.join()).toContain("still beside it");
    const again = await world.start();
    await again.sync(docs(wantEntry("a", "new")));
    expect(await again.entries(datasource)).toHaveLength(1);
  });

  it("that the server puts off (429) is sent again", async () => {
    const { site, plan, datasource } = await aChangedEntry("status=429,retry-after=0,method=POST,nth=1");
    expect(outcomeOf(await site.apply(plan), `${KEY}/a`).status).toBe("done");
    expect(await site.entries(datasource)).toHaveLength(1);
  });
});

describe("the entries of a datasource", () => {
  it("are waited for together, with one list at a time", async () => {
    const world = await createWorld();
    const site = await world.start();
    const names = Array.from({ length: 30 }, (_, index) => `entry-${index}`);
    const plan = await site.plan(docs(...names.map((name) => wantEntry(name, name))));
    site.requests();
    await site.apply(plan);
    const requests = site.requests();
    expect(requests.filter((request) => request === "POST /api/datasources/*/entries")).toHaveLength(30);
    expect(requests.filter((request) => request === "GET /api/datasources/*/entries")).toHaveLength(1);
  });

  it("that are unchanged are never uploaded again", async () => {
    const site = await (await createWorld()).start();
    await site.sync(docs(wantEntry("a", "one"), wantEntry("b", "two")));
    const plan = await site.plan(docs(wantEntry("a", "one"), wantEntry("b", "three")));
    site.requests();
    await site.apply(plan);
    expect(site.requests().filter((request) => request.startsWith("POST"))).toHaveLength(1);
  });

  it("go to the survivor when the datasource was created by two runs at once", async () => {
    const world = await createWorld();
    const [first, second] = [await world.start(), await world.start()];
    const plans = [
      await first.plan(docs(wantEntry("a", "one"))),
      await second.plan(docs(wantEntry("a", "one"), wantEntry("b", "two"))),
    ] as const;
    await first.apply(plans[0]);
    await second.apply(plans[1]);
    const [live] = await first.datasources();
    expect((await first.entries(live?.uuid ?? "")).map(({ name }) => name).toSorted()).toEqual(["a", "b"]);
  });

  it("that no manifest names are pruned, foreign ones are not", async () => {
    const site = await (await createWorld()).start();
    const names = ["a", "b", "c", "d"];
    await site.sync(docs(...names.map((name) => wantEntry(name, name))));
    const [live] = await site.datasources();
    await site.addEntryByHand(live?.uuid ?? "", "mine");
    const report = await site.sync(docs(...names.slice(1).map((name) => wantEntry(name, name))), { prune: true });
    expect(outcomeOf(report, `${KEY}/a`).status).toBe("done");
    expect((await site.entries(live?.uuid ?? "")).map(({ name }) => name).toSorted()).toEqual(["b", "c", "d", "mine"]);
  });

  it("that cannot be read are left alone", async () => {
    const world = await createWorld();
    const first = await world.start();
    await first.sync(docs(wantEntry("a", "one")));
    const plan = await first.plan(docs(wantEntry("a", "two")));
    const broken = await world.start("html,method=GET,path=/api/datasources/**");
    const report = await broken.apply(plan);
    expect(outcomeOf(report, `${KEY}/a`)).toMatchObject({ status: "failed", failure: { class: "incomplete_read" } });
    expect(broken.requests().filter((request) => !request.startsWith("GET"))).toEqual([]);
  });
});

describe("a datasource that is to be pruned", () => {
  it("stays when somebody added an entry since the plan", async () => {
    const site = await (await createWorld()).start();
    const keep = ["x", "y", "z"].map((name) => wantDatasource(name));
    await site.sync([wantDatasource("docs", { entries: [wantEntry("a", "one")] }), ...keep]);
    const plan = await site.plan(keep, { prune: true });
    expect(changesIn(plan)).toEqual(["prune Datasource/docs"]);
    const live = (await site.datasources()).find(({ name }) => name === "docs");
    await site.addEntryByHand(live?.uuid ?? "", "mine");
    const report = await site.apply(plan);
    expect(outcomeOf(report, "Datasource/docs")).toMatchObject({ status: "stale", failure: { class: "stale_plan" } });
    expect(await site.entries(live?.uuid ?? "")).toHaveLength(2);
  });

  it("goes with its entries in one request", async () => {
    const site = await (await createWorld()).start();
    const keep = ["x", "y", "z"].map((name) => wantDatasource(name));
    await site.sync([wantDatasource("docs", { entries: [wantEntry("a", "one")] }), ...keep]);
    const plan = await site.plan(keep, { prune: true });
    site.requests();
    await site.apply(plan);
    expect(site.requests()).toEqual([
      "GET /api/datasources/*",
      "GET /api/datasources/*/entries",
      "DELETE /api/datasources/*",
    ]);
  });
});

describe("a file", () => {
  const bytes = new Uint8Array(100_000).fill(7);

  function file(read: FileBody["read"]): FileBody {
    return { path: "docs/a.pdf", fileName: "a.pdf", size: bytes.length, sha256: sha256(bytes), read };
  }

  function pdfs(body: FileBody) {
    return [wantDatasource("docs", { type: "pdf", entries: [wantFile("a", body)] })];
  }

  it("is read when it is sent, and again by nobody", async () => {
    let reads = 0;
    const site = await (await createWorld()).start();
    const body = file(async function* read() {
      reads += 1;
      yield bytes.subarray(0, 50_000);
      yield bytes.subarray(50_000);
    });
    expect(outcomeOf(await site.sync(pdfs(body)), `${KEY}/a`).status).toBe("done");
    expect(reads).toBe(1);
    await site.sync(pdfs(body));
    expect(reads).toBe(1);
  });

  it("that changed since the plan is a failure of its entry alone", async () => {
    const site = await (await createWorld()).start();
    const body = file(async function* read() {
      yield bytes.subarray(0, 10);
    });
    const report = await site.sync([...pdfs(body), wantDatasource("other")]);
    expect(outcomeOf(report, `${KEY}/a`).status).not.toBe("done");
    expect(outcomeOf(report, `${KEY}/a`).failure?.message).toContain("docs/a.pdf");
    expect(outcomeOf(report, "Datasource/other").status).toBe("done");
  });
});
