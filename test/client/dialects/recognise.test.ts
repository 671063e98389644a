import { describe, expect, it } from "vitest";
import { connect } from "../../../src/client/connect.ts";
import { createServer } from "../../../src/server/create-server.ts";
import { app, datasource, UUID } from "../../support/client-builders.ts";
import { connectTo, realServer, type Release, RELEASES } from "../../support/real-clients.ts";
import { json, NEVER, page, rejection, TOKEN, wireServer, type Behaviour } from "../../support/wire-server.ts";

describe("which dialect a real server speaks", () => {
  it.each(RELEASES)("%s is what %s is recognised as, with reads and OPTIONS alone", async (dialect, release) => {
    const server = createServer({ dialect, release, token: TOKEN });
    const client = await connectTo(server);
    expect(client.server.dialect).toBe(dialect);
    expect(client.rules.name).toBe(dialect);
    expect(new Set(server.journal().map(({ method }) => method))).not.toContain("POST");
    expect(server.journal().every(({ method, committed }) => /^(?:GET|OPTIONS)$/u.test(method) && !committed)).toBe(
      true,
    );
    expect(server.journal().length).toBeLessThanOrEqual(4);
  });

  it.each<[Release, RegExp, string]>([
    [["versioned", "HEAD"], /pipeline.*; OPTIONS \/api\/app_types knows no such route$/u, "LLMStack v0.2.6 and later"],
    [
      ["pipeline", "v0.2.5"],
      /app_types answered 200; OPTIONS \/api\/datasources allows PATCH$/u,
      "LLMStack v0.2.4 and v0.2.5",
    ],
    [["pipeline", "v0.2.3"], /does not allow PATCH$/u, "LLMStack v0.2.1 to v0.2.3"],
    [["slug", "v0.2.0"], /a list of \{slug, .*\}$/u, "LLMStack v0.1.5 to v0.2.0"],
    [
      ["classic", "v0.1.4"],
      /a list of \{id, .*OPTIONS \/api\/datasources answered 500$/u,
      "LLMStack v0.0.29 to v0.1.4",
    ],
    [["classic", "v0.0.28"], /OPTIONS \/api\/datasources answered 200$/u, "LLMStack v0.0.25 to v0.0.28"],
  ])("how %j was recognised is said in words", async (release, words, releases) => {
    const { client } = await realServer(release);
    expect(client.server.recognisedBy).toMatch(words);
    expect(client.server.releases).toBe(releases);
  });

  it.each(RELEASES)("%s that is named still finds out what %s can do", async (dialect, release) => {
    const [named, found] = await Promise.all([
      realServer([dialect, release] as Release, {}, { dialect }),
      realServer([dialect, release] as Release),
    ]);
    expect(named.client.rules.capabilities).toEqual(found.client.rules.capabilities);
    expect(named.client.server.recognisedBy).toMatch(/^named with --dialect/u);
    expect(named.server.journal().map(({ path }) => path)).not.toContain("/api/datasource_types");
  });

  it("the owner of the token is known, and left out where the server does not tell", async () => {
    const named = await realServer(["versioned", "HEAD"]);
    expect(named.client.server.account).toBe("ada@example.com");
    const unnamed = await realServer(["versioned", "HEAD"], { accounts: [{ username: "admin", token: TOKEN }] });
    expect(unnamed.client.server).not.toHaveProperty("account");
  });

  it("a wrong token is a matter of the token on every one of them", async () => {
    for (const [dialect, release] of RELEASES) {
      const server = createServer({ dialect, release, token: TOKEN });
      await expect(connectTo(server, { token: "x".repeat(40) })).rejects.toMatchObject({ class: "auth" });
    }
  });
});

/** A server whose types are not loaded, with only these routes; the others answer with the application's page. */
function unloaded(routes: Readonly<Record<string, number>>): Behaviour {
  return ({ method, path }, response) => {
    if (path === "/api/datasource_types") return json(response, 200, []);
    const status = method === "OPTIONS" ? routes[path] : undefined;
    if (status === undefined) return page(response, 200);
    return status === 200 ? json(response, 200, { name: "A view" }) : page(response, status);
  };
}

describe("a server whose datasource types are not loaded", () => {
  const templates = { "/api/data/pipeline/templates": 200 };

  it.each([
    ["versioned", { ...templates, "/api/datasources": 200 }],
    ["pipeline", { ...templates, "/api/app_types": 200, "/api/datasources": 200 }],
    ["slug", { "/api/store/apps": 500, "/api/datasources": 200 }],
    ["classic", { "/api/datasources": 500 }],
  ])("is recognised as %s by its routes", async (dialect, routes) => {
    const { url, seen } = await wireServer(unloaded(routes));
    const client = await connect({ url, token: TOKEN, timeoutMs: 5_000, retryBudgetMs: 100 }, NEVER);
    expect(client.server.dialect).toBe(dialect);
    expect(client.server.recognisedBy).toContain("an empty list");
    expect(seen.every(({ method }) => method === "GET" || method === "OPTIONS")).toBe(true);
  });

  it("and that has no route of LLMStack's is refused, saying what was asked", async () => {
    const { url } = await wireServer(unloaded({}));
    const error = await rejection(connect({ url, token: TOKEN, timeoutMs: 5_000, retryBudgetMs: 100 }, NEVER));
    expect(error).toMatchObject({ class: "unsupported_server" });
    expect(error.message).toContain("OPTIONS /api/datasources knows no such route");
  });
});

describe("a proxy that keeps OPTIONS from the server", () => {
  it.each<[string, unknown]>([
    ["no dialect", [{ slug: "text", pipeline: {} }]],
    ["no dialect", [{ id: 1, name: "Text" }]],
    ["pipeline", []],
    ["classic", []],
  ])("is found out, with %s named: nothing is guessed from %j", async (dialect, types) => {
    const { url } = await wireServer(({ method, path }, response) => {
      if (method === "OPTIONS") return page(response, 405);
      return json(response, 200, path === "/api/datasource_types" ? types : {});
    });
    const named = dialect === "no dialect" ? {} : { dialect };
    const error = await rejection(connect({ url, token: TOKEN, timeoutMs: 5_000, retryBudgetMs: 50, ...named }, NEVER));
    expect(error).toMatchObject({ class: "unsupported_server" });
    expect(error.message).toContain("answered 405");
  });
});

it("the documented API has no versions, publishing or connections, and says so", async () => {
  const doc = await connectTo(createServer({ dialect: "doc", token: TOKEN }));
  const unsupported = { class: "unsupported_server" };
  await expect(doc.versions(UUID, NEVER)).rejects.toMatchObject(unsupported);
  await expect(doc.publish(UUID, {}, NEVER)).rejects.toMatchObject(unsupported);
  await expect(doc.connections(NEVER)).rejects.toMatchObject(unsupported);
  expect(await doc.catalogue(NEVER)).toEqual(new Map());
  expect(await doc.findDrafts([], NEVER)).toEqual({ waiting: [], alone: [], unasked: 0 });
  for (const kind of [app, datasource]) {
    expect(await doc.findOrphans(kind, { name: "x", known: new Set() }, NEVER)).toEqual([]);
    expect(await doc.findBroken(kind, NEVER)).toEqual([]);
  }
});
