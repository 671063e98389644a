import { describe, expect, it } from "vitest";
import type { Client, Draft } from "../../src/client/client.ts";
import { connect } from "../../src/client/connect.ts";
import { kinds } from "../../src/kinds/index.ts";
import type { KindSpec } from "../../src/model/kind.ts";
import { sharedLists } from "../../src/operator/servers/shared-lists.ts";
import { createServer } from "../../src/server/create-server.ts";
import { TOKEN } from "../support/server-requests.ts";

const [, app] = kinds as readonly [KindSpec, KindSpec];
const NEVER = new AbortController().signal;
const DRAFT: Draft = {
  name: "bot",
  type: "web",
  document: { name: "bot", type_slug: "web" },
  mark: { v: 1, set: "team", key: "App/bot", sha256: "0", nonce: "n" },
};

async function listsOf(): Promise<{
  readonly client: Client;
  readonly lists: ReturnType<typeof sharedLists>;
  readonly count: () => number;
  readonly wait: (ms: number) => void;
}> {
  const server = createServer({ dialect: "doc", token: TOKEN });
  const client = await connect(
    { url: "http://x", token: TOKEN, dialect: "doc", timeoutMs: 5_000, transport: (request) => server.handle(request) },
    NEVER,
  );
  let now = 0;
  return {
    client,
    lists: sharedLists(client, () => now),
    count: () => server.journal().filter(({ method, path }) => method === "GET" && path === "/api/apps").length,
    wait: (ms) => {
      now += ms;
    },
  };
}

describe("shared lists", () => {
  it("are asked for once by all who look in the same few seconds", async () => {
    const { lists, count, wait } = await listsOf();
    const views = [lists.view("recent"), lists.view("recent")];
    await Promise.all(views.map(({ client }) => client.list(app, NEVER)));
    wait(2_000);
    const late = lists.view("recent");
    await late.client.list(app, NEVER);
    expect(count()).toBe(1);
    expect(late.isFresh()).toBe(false);
    wait(2_000);
    await lists.view("recent").client.list(app, NEVER);
    expect(count()).toBe(2);
  });

  it("are worthless after a write of ours, and show it", async () => {
    const { lists, count } = await listsOf();
    expect((await lists.view("recent").client.list(app, NEVER)).items).toEqual([]);
    await lists.writer.create(app, DRAFT, NEVER);
    expect((await lists.view("recent").client.list(app, NEVER)).items).toHaveLength(1);
    expect(count()).toBe(2);
  });

  it("are new ones for whoever says so, and for writing", async () => {
    const { lists, count, wait } = await listsOf();
    await lists.view("recent").client.list(app, NEVER);
    wait(1);
    const fresh = lists.view("new");
    await fresh.client.list(app, NEVER);
    await lists.writer.list(app, NEVER);
    expect(count()).toBe(3);
    expect(fresh.isFresh()).toBe(true);
  });
});
