import { expect, it } from "vitest";
import { statuses, wantApp, wantDatasource } from "../support/apply-world.ts";
import { leftIn, referenceWorld } from "../support/dialect-world.ts";
import { COLLEAGUE } from "../support/real-servers.ts";
import { NOBODY, TOKEN } from "../support/server-requests.ts";

/** What a colleague shares, and what the token's owner does, which the list names twice (llmstack-server.md 1.3). */
const THEIRS = { uuid: NOBODY, name: "Docs", type_slug: "text", visibility: 1 };
const OURS = { uuid: NOBODY.replace("4000", "4001"), name: "Mine", type_slug: "text", visibility: 1 };

const accounts = [
  { username: "owner", email: "owner@example.org", token: TOKEN, organization: "acme", datasources: [OURS] },
  {
    username: "colleague",
    email: "colleague@example.org",
    token: COLLEAGUE,
    organization: "acme",
    datasources: [THEIRS],
  },
];

it("what an organisation shows us of others is never taken for ours, changed or deleted", async () => {
  const world = await referenceWorld("versioned", { accounts });
  const shared = await world.byHand("GET", "/api/datasources");
  expect((shared.json as { name: string }[]).map(({ name }) => name)).toEqual(["Mine", "Docs", "Mine"]);
  const wanted = [wantDatasource("docs", { name: "Docs" }), wantApp("bot")];
  world.requests();
  expect(statuses(await world.sync(wanted, { adopt: true }))).toEqual([
    "create App/bot: done",
    "create Datasource/docs: done",
  ]);
  expect(leftIn(await world.plan(wanted, { adopt: true }))).toEqual([]);
  const everything = { prune: true, allowEmpty: true, maxDeletes: { percent: 100 } } as const;
  expect(statuses(await world.sync([], everything))).toEqual(["prune App/bot: done", "prune Datasource/docs: done"]);
  const deletes = world.requests().filter((request) => request.startsWith("DELETE"));
  expect(deletes.toSorted()).toEqual(["DELETE /api/apps/*", "DELETE /api/datasources/*"]);
  const left = new Map((await world.datasources()).map(({ uuid, isOwned }) => [uuid, isOwned]));
  expect(left).toEqual(
    new Map([
      [OURS.uuid, true],
      [THEIRS.uuid, false],
    ]),
  );
});
