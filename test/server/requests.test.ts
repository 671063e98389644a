import { describe, expect, it } from "vitest";
import { anApp, startServer, TOKEN } from "../support/server-requests.ts";

describe("a token", () => {
  it.each([
    ["none", undefined, "Authentication credentials were not provided."],
    ["Bearer", `Bearer ${TOKEN}`, "Authentication credentials were not provided."],
    ["a colon", `Token: ${TOKEN}`, "Authentication credentials were not provided."],
    ["the keyword alone", "Token", "Invalid token header. No credentials provided."],
    ["a space in it", "Token a b", "Invalid token header. Token string should not contain spaces."],
    ["another one", "Token 0000", "Invalid token."],
  ])("is refused with 403 and JSON: %s", async (_, authorization, detail) => {
    const { server } = startServer();
    const headers = authorization === undefined ? {} : { authorization };
    const answer = await server.handle(new Request("http://llmstack.test/api/apps", { headers }));
    expect([answer.status, await answer.json()]).toEqual([403, { detail }]);
  });

  it("is taken with the keyword in any case and more spaces", async () => {
    const answer = await startServer().send("GET", "/api/apps", undefined, { authorization: `tOKEN   ${TOKEN} ` });
    expect(answer.status).toBe(200);
  });

  it("is asked for before anything is said about a path", async () => {
    const { send } = startServer();
    const nobody = { authorization: "" };
    const asked = ["/api/none", "/api/apps/none", "/api"].map((path) => send("GET", path, undefined, nobody));
    const wrongVerb = send("PUT", "/api/apps", "{", nobody);
    expect((await Promise.all([...asked, wrongVerb])).map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  });

  it("is made up where none is given, another for each server", async () => {
    const tokens = [startServer({ token: undefined as never }), startServer({ token: undefined as never })];
    expect(tokens[0]?.server.token).toMatch(/^[0-9a-f]{40}$/u);
    expect(tokens[0]?.server.token).not.toBe(tokens[1]?.server.token);
  });
});

describe("a path", () => {
  it.each(["/", "/api", "/api/none", "/api/apps/", "/api/datasource_types", "/api/datasources/x/y/z/w"])(
    "that is no route answers 404 with JSON: %s",
    async (path) => {
      const { status, json } = await startServer().send("GET", path);
      expect([status, json]).toEqual([404, { detail: "Not found." }]);
    },
  );

  it.each([
    ["PUT", "/api/apps", "GET, POST, HEAD, OPTIONS"],
    ["DELETE", "/api/apps", "GET, POST, HEAD, OPTIONS"],
    ["DELETE", "/api/datasources/00000000-0000-4000-8000-000000000000/entries", "GET, POST, HEAD, OPTIONS"],
    ["GET", "/api/apps/00000000-0000-4000-8000-000000000000/run", "POST, HEAD, OPTIONS"],
  ])("with the wrong verb answers 405 and what it takes: %s %s", async (method, path, allow) => {
    const { status, json, headers } = await startServer().send(method, path);
    expect([status, json, headers.get("allow")]).toEqual([405, { detail: `Method "${method}" not allowed.` }, allow]);
  });

  it("tells with OPTIONS what it reads, without a write", async () => {
    const api = startServer();
    const { status, json } = await api.send("OPTIONS", "/api/apps");
    expect(status).toBe(200);
    expect(json).toMatchObject({ parses: ["application/json", "application/yaml"] });
    expect((await api.send("OPTIONS", "/api/none")).status).toBe(404);
  });

  it("answers HEAD like GET, without the body", async () => {
    const { status, text } = await startServer().send("HEAD", "/api/apps");
    expect([status, text]).toEqual([200, ""]);
  });
});

describe("a body", () => {
  const write = (body: string | Uint8Array<ArrayBuffer>, type: string | undefined) =>
    startServer().server.handle(
      new Request("http://llmstack.test/api/apps", {
        method: "POST",
        headers: { authorization: `Token ${TOKEN}`, ...(type !== undefined && { "content-type": type }) },
        body,
      }),
    );

  it.each([
    "application/json",
    "APPLICATION/JSON; charset=utf-8",
    "application/yaml",
    "Application/Yaml;charset=utf-8",
  ])("is read as %s", async (type) => {
    expect((await write(JSON.stringify(anApp()), type)).status).toBe(201);
  });

  it.each(["text/yaml", "application/x-yaml", "text/plain", "application/x-www-form-urlencoded", ""])(
    "of the type %s answers 415",
    async (type) => {
      const answer = await write(JSON.stringify(anApp()), type);
      expect(answer.status).toBe(415);
      expect(await answer.json()).toEqual({ detail: expect.stringContaining("Unsupported media type") as unknown });
    },
  );

  it.each([
    ["no JSON", "{", "JSON parse error"],
    ["not a number", '{"a": NaN}', "JSON parse error"],
    ["a list", "[]", "got a list"],
    ["null", "null", "got nothing"],
    ["a text", '"x"', "got a string"],
    ["an integer that would change", '{"a": 9007199254740993}', "unchanged"],
    ["a number beyond all numbers", '{"a": 1e999}', "unchanged"],
  ])("that is %s answers 400 and says so", async (_, body, detail) => {
    const answer = await write(body, "application/json");
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ detail: expect.stringContaining(detail) as unknown });
  });

  it("keeps numbers that come back as they were written", async () => {
    const numbers = "[9007199254740992,71795141137418090,1e300,-0.1,123456789.123456789e3]";
    const answer = await write(`{"name":"n","type_slug":"web","config":{"n":${numbers}}}`, "application/json");
    expect(await answer.json()).toMatchObject({ data: { config: { n: JSON.parse(numbers) as unknown } } });
  });

  it("that is not UTF-8 answers 400", async () => {
    const answer = await write(new Uint8Array([0x7b, 0xff, 0x7d]), "application/json");
    expect([answer.status, await answer.json()]).toEqual([400, { detail: "The body is not UTF-8." }]);
  });

  it("over 25 MiB answers 413, announced or not", async () => {
    const { server } = startServer();
    const pieces = ReadableStream.from(Array.from({ length: 26 }, () => new Uint8Array(1024 * 1024)));
    const headers = { authorization: `Token ${TOKEN}`, "content-type": "application/json" };
    const unannounced = new Request("http://llmstack.test/api/apps", {
      method: "POST",
      headers,
      body: pieces,
      duplex: "half",
    });
    expect((await server.handle(unannounced)).status).toBe(413);
    const announced = await write(new Uint8Array(25 * 1024 * 1024 + 1), "application/json");
    expect([announced.status, announced.headers.get("content-type")]).toEqual([413, "application/json"]);
  });

  it("that breaks off is a lost connection, and nothing is stored", async () => {
    const api = startServer();
    const pieces = async function* () {
      yield new TextEncoder().encode('{"name":');
      throw new Error("gone");
    };
    const request = new Request("http://llmstack.test/api/apps", {
      method: "POST",
      headers: { authorization: `Token ${TOKEN}`, "content-type": "application/json" },
      body: ReadableStream.from(pieces()),
      duplex: "half",
    });
    await expect(api.server.handle(request)).rejects.toThrow(TypeError);
    expect(api.server.journal()).toMatchObject([{ status: 0, committed: false }]);
    expect((await api.send("GET", "/api/apps")).text).toBe("[]");
  });
});
