import { describe, expect, it } from "vitest";
import {
  changesIn,
  createWorld,
  outcomeOf,
  statuses,
  type Site,
  wantApp,
  wantDatasource,
  wantEntry,
  wantUrl,
} from "../support/apply-world.ts";

const texts = wantDatasource("docs", { entries: [wantEntry("a", "one")] });
const bot = wantApp("bot", { uses: [texts.key] });

async function aReplacement(...faults: readonly string[]) {
  const world = await createWorld();
  const first = await world.start();
  const old = outcomeOf(await first.sync([texts, bot]), texts.key).uuid ?? "";
  const entries = [wantUrl("a", "https://llmstack.test/a")];
  const wanted = [wantDatasource("docs", { entries, type: "url", uuid: old }), bot];
  const site = await world.start(...faults);
  const plan = await site.plan(wanted, { allowReplace: true });
  site.requests();
  return { site, plan, old };
}

async function typesOf(site: Site): Promise<readonly string[]> {
  return (await site.datasources()).map(({ type }) => type).toSorted();
}

describe("a replacement", () => {
  it("makes the new one, moves what refers to it, and deletes the old one last", async () => {
    const { site, plan, old } = await aReplacement();
    expect(changesIn(plan)).toContain("replace Datasource/docs");
    const report = await site.apply(plan);
    expect(report.outcomes.map(({ status }) => status)).toEqual(["done", "done", "done"]);
    const uuid = outcomeOf(report, "Datasource/docs").uuid ?? "";
    expect(uuid).not.toBe(old);
    expect(await typesOf(site)).toEqual(["url"]);
    expect(JSON.stringify((await site.apps())[0]?.document)).toContain(uuid);
    expect(await site.entries(uuid)).toHaveLength(1);
    const requests = site.requests().filter((request) => !request.startsWith("GET"));
    expect(requests).toEqual([
      "POST /api/datasources",
      "POST /api/datasources/*/entries",
      "PATCH /api/apps/*",
      "DELETE /api/datasources/*",
    ]);
  });

  it("keeps the old one when what refers to it could not be moved", async () => {
    const { site, plan, old } = await aReplacement("status=400,method=PATCH,path=/api/apps/**");
    const report = await site.apply(plan);
    expect(outcomeOf(report, "App/bot").status).toBe("failed");
    expect(outcomeOf(report, "Datasource/docs").status).toBe("blocked");
    expect((await site.datasources()).map(({ uuid }) => uuid)).toContain(old);
    expect(await site.entries(old)).toHaveLength(1);
  });

  it("keeps the old one when an entry of the new one did not get READY", async () => {
    const { site, plan, old } = await aReplacement("entry=FAILED");
    const report = await site.apply(plan);
    expect(outcomeOf(report, "Datasource/docs").status).toBe("blocked");
    expect(await site.entries(old)).toHaveLength(1);
  });

  it("keeps the old one when somebody added an entry to it meanwhile", async () => {
    const { site, plan, old } = await aReplacement();
    await site.addEntryByHand(old, "mine");
    const report = await site.apply(plan);
    expect(outcomeOf(report, "Datasource/docs")).toMatchObject({ status: "stale" });
    expect(outcomeOf(report, "Datasource/docs").failure?.message).toContain("1 entry without our mark");
    expect(await site.entries(old)).toHaveLength(2);
  });

  it("that ended before its last step says what is there, and the old one is still whole", async () => {
    const { site, plan, old } = await aReplacement("status=500,method=DELETE");
    const report = await site.apply(plan);
    const outcome = outcomeOf(report, "Datasource/docs");
    expect(outcome.status).toBe("failed");
    expect(outcome.uuid).not.toBe(old);
    expect(outcome.warnings.join()).toContain(old);
    expect(await typesOf(site)).toEqual(["text", "url"]);
  });
});

describe("a replaced app", () => {
  it("carries the old one's uuid in its mark, and a run that was killed in between is finished by the next", async () => {
    const world = await createWorld();
    const site = await world.start();
    await site.sync([wantApp("bot"), wantApp("x"), wantApp("y"), wantApp("z")]);
    const plan = await site.plan([wantApp("bot", { greeting: "New" }), wantApp("x"), wantApp("y"), wantApp("z")]);
    const [update] = plan.changes;
    if (update?.subject !== "resource" || update.op !== "update") throw new Error("no update to make a replace of");
    const replace = { ...update, op: "replace" as const };
    const killed = { ...plan, changes: [replace], waves: [{ stage: "write" as const, changes: [replace] }] };
    await site.apply(killed);
    const bots = (await site.apps()).filter(({ name }) => name === "bot");
    expect(bots).toHaveLength(2);
    expect(bots.map(({ mark }) => mark?.replaces)).toContain(update.live.uuid);
    const wanted = [wantApp("bot", { greeting: "New" }), wantApp("x"), wantApp("y"), wantApp("z")];
    await site.sync(wanted);
    const [left, ...more] = (await site.apps()).filter(({ name }) => name === "bot");
    expect(more).toEqual([]);
    expect(left?.uuid).not.toBe(update.live.uuid);
    expect(changesIn(await site.plan(wanted))).toEqual([]);
    expect(statuses(await site.sync(wanted)).every((status) => status.startsWith("keep"))).toBe(true);
  });
});
