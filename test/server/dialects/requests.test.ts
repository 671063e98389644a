import { describe, expect, it } from "vitest";
import { anApp, NOBODY, TOKEN } from "../../support/server-requests.ts";
import { kindOf, REAL, type RealName, seen, startReal } from "../../support/real-servers.ts";

const APP_PARSERS = [
  "application/json",
  "application/x-www-form-urlencoded",
  "multipart/form-data",
  "application/yaml",
];
const UID = `/api/apps/${NOBODY}`;
const SOURCE = `/api/datasources/${NOBODY}`;

describe.each(REAL)("a request to %s", (dialect) => {
  it.each([
    ["Authorization: Bearer", { authorization: `Bearer ${TOKEN}` }, "Authentication credentials were not provided."],
    ["no header", { authorization: "" }, "Authentication credentials were not provided."],
    ["Authorization: Token:", { authorization: `Token: ${TOKEN}` }, "Authentication credentials were not provided."],
    ["a wrong token", { authorization: "Token 00" }, "Invalid token."],
    ["no token", { authorization: "Token" }, "Invalid token header. No credentials provided."],
  ])("with %s is 403 with JSON", async (_, headers, detail) => {
    const answer = await startReal(dialect).send("GET", "/api/apps", undefined, headers);
    expect([answer.status, answer.json]).toEqual([403, { detail }]);
  });

  it.each(["token", "TOKEN", "Token  "])("is let in with %j before the token", async (keyword) => {
    const answer = await startReal(dialect).send("GET", "/api/me", undefined, { authorization: `${keyword} ${TOKEN}` });
    expect([answer.status, answer.json]).toEqual([200, { user: "owner@example.org" }]);
  });

  it("is answered without anything to cache, count or share by", async () => {
    const { headers } = await startReal(dialect).send("GET", "/api/apps");
    const absent = ["etag", "last-modified", "content-encoding", "link", "retry-after", "access-control-allow-origin"];
    expect(absent.filter((name) => headers.has(name))).toEqual([]);
  });

  it("of somebody inactive is 403 with JSON", async () => {
    const api = startReal(dialect, { accounts: [{ username: "owner", token: TOKEN, isActive: false }] });
    expect((await api.send("GET", "/api/apps")).json).toEqual({ detail: "User inactive or deleted." });
  });

  it("without a token may see the processors, and what is no route", async () => {
    const api = startReal(dialect);
    const answers = await Promise.all(
      ["/api/apibackends", "/api/apiproviders", "/api/none", "/"].map((path) => api.as("")("GET", path)),
    );
    expect(answers.map(seen)).toEqual(["200 json", "200 json", "200 html", "200 html"]);
  });

  it("logged in with a cookie may read, and not write without a CSRF token", async () => {
    const api = startReal(dialect);
    const credentials = { username: "owner", password: "promptly" };
    const login = await api.as("")("POST", "/api/login", credentials);
    expect(login.json).toEqual({ message: "Login successful" });
    const cookie = login.headers.getSetCookie().map((line) => line.split(";")[0]);
    const headers = { cookie: cookie.join("; ") };
    const profile = await api.as("")("GET", "/api/profiles/me", undefined, headers);
    expect(profile.json).toMatchObject({ token: TOKEN });
    const write = await api.send("POST", "/api/apps", anApp(), headers);
    expect([write.status, write.json]).toEqual([403, { detail: "CSRF Failed: CSRF token missing." }]);
    const csrf = { ...headers, "x-csrftoken": cookie[1]?.split("=")[1] ?? "" };
    expect((await api.send("POST", "/api/apps", anApp(), csrf)).status).toBe(201);
  });

  it.each([
    ["application/json", 200],
    ["*/*", 200],
    ["text/html, application/*;q=0.1", 200],
    ["application/yaml", 406],
    ["text/html", 406],
  ])("that accepts %s is %i", async (accept, status) => {
    const answer = await startReal(dialect).send("GET", "/api/apps", undefined, { accept });
    expect([answer.status, kindOf(answer)]).toEqual([status, "json"]);
  });

  it("with ?format= is 404 with JSON", async () => {
    expect(seen(await startReal(dialect).send("GET", "/api/apps?format=json"))).toBe("404 json");
  });

  it.each([
    ["application/json", 201],
    ["Application/JSON; charset=utf-8", 201],
    ["APPLICATION/YAML; charset=utf-8", 201],
    ["text/yaml", 415],
    ["application/x-yaml", 415],
    ["text/x-yaml", 415],
    ["application/vnd.yaml", 415],
    ["text/plain", 415],
  ])("that creates an app from %s is %i", async (type, status) => {
    const answer = await startReal(dialect).send("POST", "/api/apps", JSON.stringify(anApp()), {
      "content-type": type,
    });
    expect([answer.status, kindOf(answer)]).toEqual([status, "json"]);
  });

  it("that creates a datasource from YAML is 415", async () => {
    const headers = { "content-type": "application/yaml" };
    expect(seen(await startReal(dialect).send("POST", "/api/datasources", "name: x", headers))).toBe("415 json");
  });

  it("takes forms too", async () => {
    const api = startReal(dialect);
    const form = { "content-type": "application/x-www-form-urlencoded" };
    expect((await api.send("POST", "/api/apps", "name=x&type_slug=web&draft=True", form)).status).toBe(201);
    const parts = ["name", "type_slug"].map(
      (name) => `--xyz\r\ncontent-disposition: form-data; name="${name}"\r\n\r\nweb\r\n`,
    );
    const multipart = { "content-type": "multipart/form-data; boundary=xyz" };
    expect((await api.send("POST", "/api/apps", `${parts.join("")}--xyz--\r\n`, multipart)).status).toBe(201);
  });

  it("over 25 MiB is 400 with a page", async () => {
    const body = `{"name":"${"x".repeat(25 * 1024 * 1024)}"}`;
    const headers = { "content-type": "application/json" };
    expect(seen(await startReal(dialect).send("POST", "/api/apps", body, headers))).toBe("400 html");
  });

  it("over 1 MiB is 413 with a page behind nginx", async () => {
    const api = startReal(dialect, { proxy: "nginx" });
    const headers = { "content-type": "application/json", "content-length": String(1024 * 1024 + 1) };
    expect(seen(await api.send("POST", "/api/apps", "{}", headers))).toBe("413 html");
  });

  it("under another host name is 400 with a page on every path", async () => {
    const api = startReal(dialect, { allowedHosts: ["localhost", ".example.org"] });
    for (const path of ["/api/apps", "/api/none", "/"]) {
      expect(seen(await api.send("GET", path, undefined, { host: "llmstack.ns.svc" }))).toBe("400 html");
      expect((await api.send("GET", path, undefined, { host: "a.example.org:8080" })).status).toBe(200);
    }
  });

  it("OPTIONS tells what a view parses and which verbs leak, and writes nothing", async () => {
    const api = startReal(dialect);
    const { json, headers } = await api.send("OPTIONS", "/api/apps");
    expect(json).toEqual({ name: "App", description: "", renders: ["application/json"], parses: APP_PARSERS });
    expect(headers.get("allow")).toBe("GET, POST, PATCH, DELETE, HEAD, OPTIONS");
    const publish = await api.send("OPTIONS", `${UID}/publish`);
    expect(publish.headers.get("allow")).toBe("GET, POST, PATCH, DELETE, OPTIONS");
    expect(api.server.journal().some(({ committed }) => committed)).toBe(false);
    expect(seen(await api.as("")("OPTIONS", "/api/apps"))).toBe("403 json");
  });

  it("is written down with what it did", async () => {
    const api = startReal(dialect);
    await api.send("POST", "/api/apps", anApp());
    await api.send("GET", "/api/apps");
    expect(api.server.journal()).toMatchObject([
      { method: "POST", status: 201, committed: true, body: { sha256: expect.any(String) as unknown } },
      { method: "GET", status: 200, committed: false },
    ]);
  });
});

describe("OPTIONS tells releases apart", () => {
  const PROBES: readonly (readonly [string, Readonly<Record<RealName, string>>])[] = [
    ["/api/app_types", { versioned: "200 html", pipeline: "200 json", slug: "200 json", classic: "200 json" }],
    [
      "/api/data/pipeline/templates",
      { versioned: "200 json", pipeline: "200 json", slug: "200 html", classic: "200 html" },
    ],
    ["/api/datasources", { versioned: "200 json", pipeline: "200 json", slug: "200 json", classic: "500 html" }],
    ["/api/store/apps", { versioned: "200 json", pipeline: "200 json", slug: "500 html", classic: "200 html" }],
    ["/api/sheets", { versioned: "200 json", pipeline: "200 json", slug: "200 html", classic: "200 html" }],
  ];

  it.each(PROBES)("at %s", async (path, expected) => {
    const answers = await Promise.all(REAL.map((dialect) => startReal(dialect).send("OPTIONS", path)));
    expect(answers.map(seen)).toEqual(REAL.map((dialect) => expected[dialect]));
  });

  it.each([
    ["versioned", undefined, "GET, POST, PATCH, DELETE, HEAD, OPTIONS"],
    ["pipeline", undefined, "GET, POST, PATCH, DELETE, HEAD, OPTIONS"],
    ["pipeline", "v0.2.3", "GET, POST, DELETE, HEAD, OPTIONS"],
    ["slug", undefined, "GET, POST, DELETE, HEAD, OPTIONS"],
  ] as const)("by the verbs of datasources on %s %s", async (dialect, release, allow) => {
    const api = startReal(dialect, release === undefined ? {} : { release });
    const { headers } = await api.send("OPTIONS", "/api/datasources");
    expect(headers.get("allow")).toBe(allow);
  });

  it("by what the types of datasources look like", async () => {
    const typesOf = async (dialect: RealName): Promise<readonly string[]> => {
      const { json } = await startReal(dialect).send("GET", "/api/datasource_types");
      return Object.keys((json as readonly object[])[0] ?? {});
    };
    const [versioned, pipeline, slug, classic] = await Promise.all(REAL.map(typesOf));
    expect(versioned).toEqual(pipeline);
    expect(pipeline).toEqual(expect.arrayContaining(["slug", "pipeline"]));
    expect(slug).toEqual(expect.arrayContaining(["slug", "input_schema", "source", "transformation", "destination"]));
    expect(slug).not.toContain("pipeline");
    expect(classic).toContain("id");
    expect(classic).not.toContain("slug");
  });

  it("an unknown release is refused, with those that there are", () => {
    expect(() => startReal("pipeline", { release: "v9" })).toThrow(/no release v9/u);
  });
});

describe.each(REAL)("what leaks on %s", (dialect) => {
  it("deletes the app under its versions and runs", async () => {
    for (const path of ["/versions", "/run", "/publish"]) {
      const api = startReal(dialect);
      const { uuid } = await api.send("POST", "/api/apps", anApp());
      expect(seen(await api.send("DELETE", `/api/apps/${uuid}${path}`))).toBe("200 empty");
      expect(seen(await api.send("GET", `/api/apps/${uuid}`))).toBe("404 json");
    }
  });

  it("gets and patches the app under publish", async () => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp());
    expect((await api.send("GET", `/api/apps/${uuid}/publish`)).uuid).toBe(uuid);
    const patched = await api.send("PATCH", `/api/apps/${uuid}/publish`, { name: "New" });
    expect([patched.status, patched.json]).toMatchObject([201, { name: "New" }]);
  });

  it("does not reach what needs another part of the path", async () => {
    const api = startReal(dialect);
    const paths = [`${UID}/versions/1`, `${UID}/run/s`, "/api/apps/templates", "/api/apps/shared"];
    for (const path of paths) expect(seen(await api.send("DELETE", path))).toBe("500 html");
    expect(seen(await api.send("DELETE", `${SOURCE}/entries/${NOBODY}`))).toBe("403 html");
  });
});
