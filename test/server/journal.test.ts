import { describe, expect, it } from "vitest";
import { createServer } from "../../src/server/create-server.ts";
import { apiOf, anApp, startServer, TOKEN } from "../support/server-requests.ts";

describe("the journal", () => {
  it("holds every request in order, with its answer and whether it wrote", async () => {
    const api = startServer();
    const { uuid } = await api.send("POST", "/api/apps", anApp());
    await api.send("GET", "/api/apps?fields=name");
    await api.send("PATCH", `/api/apps/${uuid}`, { name: "" });
    await api.send("GET", "/api/apps", undefined, { authorization: "" });
    expect(api.server.journal()).toEqual([
      {
        index: 0,
        method: "POST",
        path: "/api/apps",
        status: 201,
        committed: true,
        faults: [],
        body: { bytes: JSON.stringify(anApp()).length, sha256: expect.stringMatching(/^[0-9a-f]{64}$/u) as unknown },
      },
      { index: 1, method: "GET", path: "/api/apps?fields=name", status: 200, committed: false, faults: [] },
      expect.objectContaining({ index: 2, method: "PATCH", status: 400, committed: false }),
      { index: 3, method: "GET", path: "/api/apps", status: 403, committed: false, faults: [] },
    ]);
  });

  it("keeps bodies when asked, and never the token", async () => {
    const api = startServer({ journal: { bodies: "parsed" } });
    await api.send("POST", "/api/apps", anApp());
    expect(api.server.journal()[0]?.body?.parsed).toEqual(anApp());
    expect(JSON.stringify(api.server.journal())).not.toContain(TOKEN);
  });

  it("forgets the oldest requests beyond its limit, but not their number", async () => {
    const api = startServer({ journal: { limit: 2 } });
    for (let i = 0; i < 7; i += 1) await api.send("GET", "/api/apps");
    expect(api.server.journal().map(({ index }) => index)).toEqual([5, 6]);
  });

  it("is served only when asked for, with the token, and does not list itself", async () => {
    expect((await startServer().send("GET", "/__journal")).status).toBe(404);
    const api = startServer({ journal: { endpoint: "on" } });
    await api.send("GET", "/api/apps");
    expect((await api.send("GET", "/__journal", undefined, { authorization: "" })).status).toBe(403);
    expect((await api.send("POST", "/__journal")).status).toBe(405);
    expect((await api.send("GET", "/__journal")).json).toEqual(api.server.journal());
    expect(api.server.journal()).toHaveLength(1);
  });
});

describe("a closed server", () => {
  it("answers nothing any more, and may be closed again", async () => {
    const api = apiOf(createServer({ dialect: "doc", token: TOKEN }));
    api.server.close();
    api.server.close();
    await expect(api.send("GET", "/api/apps")).rejects.toThrow(TypeError);
  });
});

describe("a server in tests", () => {
  it("can be made to give the same uuids and times", async () => {
    let count = 0;
    const uuid = () => `00000000-0000-4000-8000-${String((count += 1)).padStart(12, "0")}`;
    const { json } = await startServer({ uuid, now: () => new Date(0) }).send("POST", "/api/apps", anApp());
    expect(json).toMatchObject({
      uuid: "00000000-0000-4000-8000-000000000001",
      created_at: "1970-01-01T00:00:00.000001Z",
    });
  });
});
