import { expect, it } from "vitest";
import { changesIn, createWorld, wantDatasource, wantEntry } from "../support/apply-world.ts";

it("an entry that no manifest names stays with --only, which says that prune is off", async () => {
  const site = await (await createWorld()).start();
  await site.sync([wantDatasource("docs", { entries: [wantEntry("a", "one"), wantEntry("b", "two")] })]);
  const fewer = [wantDatasource("docs", { entries: [wantEntry("a", "one")] })];
  const plan = await site.plan(fewer, { prune: true, only: ["Datasource/*"] });
  expect(changesIn(plan)).toEqual([]);
  expect(changesIn(await site.plan(fewer, { prune: true }))).toEqual(["prune Datasource/docs/entries/b"]);
});
