import { describe, expect, it } from "vitest";
import { anApp, NOBODY, startServer } from "../support/server-requests.ts";

const aUuid: unknown = expect.stringMatching(/^[0-9a-f-]{36}$/u);
const aTime: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/u);

describe("apps", () => {
  it("are answered whole when they are created, with the definition under data", async () => {
    const api = startServer();
    const created = await api.send("POST", "/api/apps", anApp());
    expect(created.status).toBe(201);
    expect(created.json).toEqual({
      uuid: aUuid,
      name: "Helper",
      type_slug: "text-chat",
      data: anApp(),
      created_at: aTime,
      last_updated_at: aTime,
    });
    const read = await api.send("GET", `/api/apps/${created.uuid}`);
    expect([read.status, read.text]).toEqual([200, created.text]);
  });

  it("are listed newest first, also when they were made within a millisecond", async () => {
    const api = startServer({ now: () => new Date(0) });
    for (const name of ["a", "b", "c"]) await api.send("POST", "/api/apps", anApp({ name }));
    const { status, json } = await api.send("GET", "/api/apps");
    expect(status).toBe(200);
    expect(json).toMatchObject([
      { name: "c", created_at: "1970-01-01T00:00:00.000003Z" },
      { name: "b", created_at: "1970-01-01T00:00:00.000002Z" },
      { name: "a", created_at: "1970-01-01T00:00:00.000001Z" },
    ]);
  });

  it("are an empty array where there are none", async () => {
    expect((await startServer().send("GET", "/api/apps")).text).toBe("[]");
  });

  it("may share a name", async () => {
    const api = startServer();
    const first = await api.send("POST", "/api/apps", anApp());
    const second = await api.send("POST", "/api/apps", anApp());
    expect(second.status).toBe(201);
    expect(second.uuid).not.toBe(first.uuid);
  });

  it("keep every key of their definition as it was sent, unknown ones inside it included", async () => {
    const api = startServer();
    const config = { "x-llmstack-sync": { v: 1, set: "s" }, deep: [null, { __proto__x: 1.5, "": "é\u0000😀" }] };
    const body = JSON.stringify(anApp({ config })).replace("__proto__x", "__proto__");
    const created = await api.send("POST", "/api/apps", body);
    const text = (await api.send("GET", `/api/apps/${created.uuid}`)).text;
    expect(text).toContain(JSON.stringify(config).replace("__proto__x", "__proto__"));
  });

  it("take the keys of a PATCH, empty ones and nulls included, and leave the others", async () => {
    const api = startServer();
    const { uuid } = await api.send("POST", "/api/apps", anApp({ description: "old", icon: "i" }));
    const change = { name: "New", type_slug: "web", processors: [], config: {}, icon: null };
    const patched = await api.send("PATCH", `/api/apps/${uuid}`, change);
    expect(patched.status).toBe(200);
    expect(patched.json).toMatchObject({
      uuid,
      name: "New",
      type_slug: "web",
      data: { ...anApp(), description: "old", ...change },
    });
    expect((await api.send("GET", `/api/apps/${uuid}`)).text).toBe(patched.text);
  });

  it("keep their age and their place in the list through a PATCH", async () => {
    const api = startServer();
    const { uuid, json } = await api.send("POST", "/api/apps", anApp({ name: "first" }));
    await api.send("POST", "/api/apps", anApp({ name: "second" }));
    const patched = await api.send("PATCH", `/api/apps/${uuid}`, { name: "still first" });
    expect(patched.json).toMatchObject({ created_at: (json as { created_at: string }).created_at });
    expect((await api.send("GET", "/api/apps")).json).toMatchObject([{ name: "second" }, { name: "still first" }]);
  });

  it("are gone after a DELETE, and a second one says so", async () => {
    const api = startServer();
    const { uuid } = await api.send("POST", "/api/apps", anApp());
    const deleted = await api.send("DELETE", `/api/apps/${uuid}`);
    expect([deleted.status, deleted.text]).toEqual([204, ""]);
    expect((await api.send("DELETE", `/api/apps/${uuid}`)).status).toBe(404);
    expect((await api.send("GET", "/api/apps")).text).toBe("[]");
  });

  it("take uuids in capitals, and answer 404 for what is no uuid", async () => {
    const api = startServer();
    const { uuid } = await api.send("POST", "/api/apps", anApp());
    expect((await api.send("GET", `/api/apps/${uuid.toUpperCase()}`)).status).toBe(200);
    for (const other of [NOBODY, "none", `${uuid}0`, "%00", `{${uuid}}`]) {
      const answers = await Promise.all(["GET", "DELETE"].map((method) => api.send(method, `/api/apps/${other}`)));
      expect(answers.map(({ status, json }) => [status, json])).toEqual([
        [404, { detail: "Not found." }],
        [404, { detail: "Not found." }],
      ]);
    }
  });

  it.each([
    ["no name", { name: undefined }, { name: ["This field is required."] }],
    ["a null name", { name: null }, { name: ["This field may not be null."] }],
    ["an empty name", { name: "" }, { name: ["This field may not be blank."] }],
    ["a number as name", { name: 7 }, { name: ["Not a valid string."] }],
    ["101 characters of name", { name: "x".repeat(101) }, { name: [expect.stringContaining("100")] }],
    ["no type", { type_slug: undefined }, { type_slug: ["This field is required."] }],
    ["a list as config", { config: [] }, { config: ["Expected an object but got a list."] }],
    ["an object as processors", { processors: {} }, { processors: [expect.stringContaining("Expected a list")] }],
    ["null among processors", { processors: [{}, null] }, { processors: ["Item 1 is not an object."] }],
    ["a number as description", { description: 1 }, { description: ["Not a valid string."] }],
  ])("with %s are refused and not stored", async (_, change, json) => {
    const api = startServer();
    const answer = await api.send("POST", "/api/apps", { ...anApp(), ...change });
    expect([answer.status, answer.json]).toEqual([400, json]);
    expect((await api.send("GET", "/api/apps")).text).toBe("[]");
  });

  it("hear of all that is wrong at once", async () => {
    const { json } = await startServer().send("POST", "/api/apps", { name: "", config: 1 });
    expect(Object.keys(json as object)).toEqual(["name", "type_slug", "config"]);
  });

  it("may have a name of 100 emoji", async () => {
    const api = startServer();
    expect((await api.send("POST", "/api/apps", anApp({ name: "😀".repeat(100) }))).status).toBe(201);
  });

  it("lose keys that are not of a definition, as on LLMStack", async () => {
    const api = startServer();
    const created = await api.send("POST", "/api/apps", anApp({ slug: "s", uuid: NOBODY, version: "1" }));
    expect(created.json).toMatchObject({ data: anApp() });
    expect(created.uuid).not.toBe(NOBODY);
  });

  it("are left as they were by a PATCH that is refused", async () => {
    const api = startServer();
    const { uuid, text } = await api.send("POST", "/api/apps", anApp());
    const patched = await api.send("PATCH", `/api/apps/${uuid}`, { description: "new", name: "" });
    expect(patched.status).toBe(400);
    expect((await api.send("GET", `/api/apps/${uuid}`)).text).toBe(text);
  });
});
