import { describe, expect, it } from "vitest";
import {
  createWorld,
  outcomeOf,
  type Site,
  statuses,
  wantApp,
  wantDatasource,
  wantEntry,
  wantUrl,
} from "../support/apply-world.ts";

const texts = wantDatasource("docs", { entries: [wantEntry("a", "one")] });
const bot = wantApp("bot", { uses: [texts.key] });

async function aReplacement() {
  const site = await (await createWorld()).start();
  const old = outcomeOf(await site.sync([texts, bot]), texts.key).uuid ?? "";
  const entries = [wantUrl("a", "https://llmstack.test/a")];
  const wanted = [wantDatasource("docs", { entries, type: "url", uuid: old }), bot];
  return { site, old, plan: await site.plan(wanted, { allowReplace: true }) };
}

function writesOf(site: Site): readonly string[] {
  return site.requests().filter((request) => !request.startsWith("GET"));
}

describe("a replacement of something that moved since the plan", () => {
  it.each<{ says: string; move: (site: Site, old: string) => Promise<void> }>([
    { says: "holds an entry by somebody else", move: (site, old) => site.addEntryByHand(old, "mine") },
    { says: "is gone", move: (site, old) => site.deleteByHand(`/api/datasources/${old}`) },
  ])("that now $says is stale, and nothing is sent", async ({ move }) => {
    const { site, old, plan } = await aReplacement();
    await move(site, old);
    site.requests();
    const report = await site.apply(plan);
    expect(statuses(report).toSorted()).toEqual([
      "create Datasource/docs/entries/a: blocked",
      "replace Datasource/docs: stale",
      "update App/bot: blocked",
    ]);
    expect(writesOf(site)).toEqual([]);
  });

  it("and moves only after the new one was made keeps the old one", async () => {
    const { site, old, plan } = await aReplacement();
    site.intercept(async ({ method }) => {
      if (method !== "PATCH") return;
      site.intercept(() => undefined);
      await site.addEntryByHand(old, "mine");
    });
    const report = await site.apply(plan);
    expect(outcomeOf(report, "Datasource/docs").failure?.message).toContain("1 entry without our mark");
    expect(await site.entries(old)).toHaveLength(2);
  });
});
