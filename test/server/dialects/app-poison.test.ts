import { describe, expect, it } from "vitest";
import { anApp } from "../../support/server-requests.ts";
import { REAL, seen, startReal } from "../../support/real-servers.ts";

const LIVE = { draft: false, description: "d", input_fields: [] };

const SAFE = "/api/apps?fields=uuid,name,app_type_slug,is_published,visibility,has_live_version,last_updated_at";

describe.each(REAL)("a bad app on %s", (dialect) => {
  it.each([
    ["config null", { config: null }],
    ["comment null", { comment: null }],
    ["draft null", { draft: null }],
    ["NUL in its data", { config: { text: "\0" } }],
    ["half a surrogate pair in its data", { config: { text: "\uD800" } }],
  ])("with %s is 500, and an orphan that poisons lists until it is deleted", async (_, change) => {
    const api = startReal(dialect);
    await api.send("POST", "/api/apps", anApp(LIVE));
    expect(seen(await api.send("POST", "/api/apps", anApp({ ...LIVE, name: "Orphan", ...change })))).toBe("500 html");
    expect(seen(await api.send("GET", "/api/apps"))).toBe("500 html");
    const safe = (await api.send("GET", SAFE)).json as { uuid: string; name: string; has_live_version: boolean }[];
    expect(safe).toMatchObject([{ name: "Orphan", has_live_version: false }, { name: "Helper" }]);
    expect((await api.send("GET", `/api/apps/${safe[0]?.uuid}/versions`)).json).toEqual([]);
    expect(seen(await api.send("DELETE", `/api/apps/${safe[0]?.uuid}`))).toBe("200 empty");
    expect(seen(await api.send("GET", "/api/apps"))).toBe("200 json");
  });

  it.each([[null], [[null]], [[1]], [["text"]]])("with processors %j is 201, and poisons lists", async (processors) => {
    const api = startReal(dialect);
    const { status, uuid } = await api.send("POST", "/api/apps", anApp({ ...LIVE, processors }));
    expect(status).toBe(201);
    expect(seen(await api.send("GET", "/api/apps"))).toBe("500 html");
    expect(seen(await api.send("GET", "/api/apps?fields=unique_processors"))).toBe("500 html");
    expect(seen(await api.send("GET", "/api/apps?fields=uuid,data,type,icon,description"))).toBe("200 json");
    await api.send("DELETE", `/api/apps/${uuid}`);
    expect(seen(await api.send("GET", "/api/apps"))).toBe("200 json");
  });
});

describe("an unknown type", () => {
  it("poisons the list of v0.2.6 by its type columns only", async () => {
    const api = startReal("versioned");
    expect(seen(await api.send("POST", "/api/apps", anApp({ ...LIVE, type_slug: "none" })))).toBe("500 html");
    for (const column of ["type", "app_type_name"]) {
      expect(seen(await api.send("GET", `/api/apps?fields=${column}`))).toBe("500 html");
    }
    expect((await api.send("GET", "/api/apps?fields=name,app_type_slug,data,icon")).json).toMatchObject([
      { app_type_slug: "none", icon: null },
    ]);
  });

  it("writes nothing where it is missing, and nothing at all up to v0.2.5", async () => {
    const bodies = [anApp({ type_slug: undefined }), anApp({ type_slug: null })];
    for (const dialect of REAL) {
      const api = startReal(dialect);
      const sent = dialect === "versioned" ? bodies : [...bodies, anApp({ type_slug: "none" })];
      for (const body of sent) await api.send("POST", "/api/apps", body);
      expect((await api.send("GET", "/api/apps")).text).toBe("[]");
    }
  });
});
