import { expect, it } from "vitest";
import { liveOf, onEveryReferenceServer } from "../support/contract.ts";
import { referenceWorld, troubleIn } from "../support/dialect-world.ts";

/** Reads that a whole run makes once, whatever it plans: how the server speaks, and what it assumes by itself. */
const ONCE = /^GET \/api\/apibackends$/u;

onEveryReferenceServer((open) => {
  it("a plan asks once for each kind, once more for entries of each datasource, and for nothing of what is in sync", async () => {
    const world = await open();
    const docs = world.datasource("docs", { entries: [] });
    const wanted = [docs, ...["a", "b", "c", "d", "e"].map((name) => world.app(name, { uses: [docs.key] }))];
    expect(troubleIn(await world.sync(wanted))).toEqual([]);
    await world.plan(wanted);
    world.reference.requests();
    await world.plan(wanted);
    expect(
      world.reference
        .requests()
        .filter((request) => !ONCE.test(request))
        .toSorted(),
    ).toEqual(["GET /api/apps", "GET /api/datasources", "GET /api/datasources/*/entries"]);
  });

  it("a plan looks at the versions of what differs alone", async ({ skip }) => {
    const world = await open();
    skip(!world.client.rules.capabilities.versions, "keeps no versions");
    const names = ["a", "b", "c", "d"];
    await world.sync(names.map((name) => world.app(name)));
    const { uuid } = await liveOf(world, "App/c");
    world.reference.requests();
    const before = world.reference.server.journal().length;
    await world.plan(names.map((name) => world.app(name, name === "c" ? { greeting: "Hey" } : {})));
    const looked = world.reference.server
      .journal()
      .slice(before)
      .filter(({ path }) => path.includes("/versions"));
    expect(looked.map(({ path }) => path)).toEqual([`/api/apps/${uuid}/versions`]);
  });

  it("an update reads, writes and reads again", async () => {
    const world = await open();
    await world.sync([world.app("bot")]);
    const plan = await world.plan([world.app("bot", { greeting: "Hey" })]);
    world.reference.requests();
    const report = await world.apply(plan);
    const sent = world.reference.requests();
    const looks = sent.filter((request) => request.includes("/versions"));
    expect(sent.filter((request) => request.startsWith("PATCH"))).toHaveLength(1);
    // Servers that give a version no number are asked for the history of what is to be written.
    expect(sent.length - (looks.length > 0 ? 2 : 0)).toBe(3);
    expect(report.requests).toBe(sent.length);
  });
});

it("a server that is spoken to needs no more than a look at what it is", async () => {
  const world = await referenceWorld("versioned");
  const paths = world.server.journal().map(({ method, path }) => `${method} ${path}`);
  expect(paths.every((path) => /^(?:GET|OPTIONS) /u.test(path))).toBe(true);
});
