import { describe, expect, it } from "vitest";
import { Ledger } from "../../src/apply/ledger.ts";
import { guardOf } from "../../src/apply/related.ts";
import { kinds } from "../../src/kinds/index.ts";
import type { Change, Plan } from "../../src/model/plan.ts";
import { changesIn, createWorld, wantApp, wantDatasource, wantEntry } from "../support/apply-world.ts";

/** Two apps, each with its datasource, and a third datasource that both use; everything that can go, goes. */
async function aPlan(): Promise<Plan> {
  const site = await (await createWorld()).start();
  const [shared, left, right, fresh] = ["shared", "left", "right", "fresh"].map((name) =>
    wantDatasource(name, { entries: [wantEntry("e", name)] }),
  );
  if (!shared || !left || !right || !fresh) throw new Error("four names make four datasources");
  const others = ["u", "v", "w", "x", "y", "z"].map((name) => wantApp(name));
  await site.sync([
    shared,
    left,
    right,
    wantApp("a", { uses: [left.key] }),
    wantApp("b", { uses: [right.key, shared.key] }),
    wantApp("c", { uses: [shared.key] }),
    ...others,
  ]);
  const wanted = [
    wantApp("a"),
    wantApp("b"),
    wantApp("c"),
    wantApp("renamed", { name: "u" }),
    fresh,
    ...others.slice(1),
  ];
  return site.plan(wanted, { prune: true, maxDeletes: { count: 10 } });
}

/** Which deletions are held back when this one failed. */
async function keptBackBy(key: string): Promise<readonly string[]> {
  const plan = await aPlan();
  const ledger = new Ledger(plan, new AbortController().signal, () => undefined);
  const failed = plan.changes.find((change) => change.key === key);
  if (failed === undefined) throw new Error(`${key} is not among ${changesIn(plan).join(", ")}`);
  ledger.settle(failed, { status: "failed", warnings: [] });
  const guard = guardOf(plan, kinds, ledger);
  const deletions = plan.changes.filter((change: Change) => change.op === "prune" && change !== failed);
  return deletions.filter((change) => guard(change) !== undefined).map((change) => change.key);
}

describe("after a failure, nothing is deleted", () => {
  it("that the failed one still refers to", async () => {
    expect(await keptBackBy("App/a")).toEqual(["Datasource/left"]);
  });

  it("that is related to it through something else", async () => {
    expect(await keptBackBy("App/c")).toEqual(["Datasource/right", "Datasource/shared"]);
  });

  it("under whose name something could not be made", async () => {
    expect(await keptBackBy("App/renamed")).toEqual(["App/u"]);
  });

  it("that is related; the rest goes on", async () => {
    expect(await keptBackBy("Datasource/fresh")).toEqual([]);
  });
});
