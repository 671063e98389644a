import { describe, expect, it } from "vitest";
import { changesIn, createWorld, outcomeOf, wantDatasource, wantEntry } from "../support/apply-world.ts";

const KEY = "Datasource/docs";

function docs(content: string) {
  return [wantDatasource("docs", { entries: [wantEntry("a", content)] })];
}

describe("an entry that the server fails to process run after run", () => {
  it("is there once beside the one it is to stand in for, not once more each time", async () => {
    const world = await createWorld();
    const datasource = outcomeOf(await (await world.start()).sync(docs("one")), KEY).uuid ?? "";
    const failing = await world.start("entry=FAILED");
    for (let run = 0; run < 3; run += 1) {
      const report = await failing.sync(docs("two"));
      expect(outcomeOf(report, `${KEY}/entries/a`)).toMatchObject({
        status: "failed",
        failure: { class: "entry_failed" },
      });
      const entries = await failing.entries(datasource);
      expect(entries.map(({ status }) => status).toSorted()).toEqual(["FAILED", "READY"]);
    }
    const mended = await world.start();
    await mended.sync(docs("two"));
    expect((await mended.entries(datasource)).map(({ status }) => status)).toEqual(["READY"]);
    expect(changesIn(await mended.plan(docs("two")))).toEqual([]);
  });

  it("says so where an earlier try cannot be deleted", async () => {
    const world = await createWorld();
    const site = await world.start("entry=FAILED", "status=403,body=json,method=DELETE");
    await site.sync(docs("one"));
    const outcome = outcomeOf(await site.sync(docs("one")), `${KEY}/entries/a`);
    expect(outcome.failure?.class).toBe("entry_failed");
    expect(outcome.warnings.join()).toContain("An earlier try");
  });
});
