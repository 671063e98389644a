import { describe, expect, it } from "vitest";
import { type Api, NOBODY, startServer } from "../support/server-requests.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

async function datasource(api: Api, type = "text", name = "Docs"): Promise<string> {
  return (await api.send("POST", "/api/datasources", { name, type })).uuid;
}

describe("datasources", () => {
  it("are made, listed newest first, renamed and deleted as documented", async () => {
    const api = startServer();
    const made = await api.send("POST", "/api/datasources", { name: "Docs", type: "text" });
    expect(made.status).toBe(201);
    expect(Object.keys(made.json as object)).toEqual(["uuid", "name", "type", "created_at", "updated_at"]);
    await datasource(api, "url", "Second");
    const { json } = await api.send("GET", "/api/datasources");
    expect(json).toMatchObject([{ name: "Second", type: "url" }, made.json]);
    const path = `/api/datasources/${made.uuid}`;
    expect((await api.send("GET", path)).json).toEqual(made.json);
    const renamed = await api.send("PATCH", path, { name: "New" });
    expect([renamed.status, renamed.json]).toMatchObject([200, { uuid: made.uuid, name: "New", type: "text" }]);
    expect((await api.send("DELETE", path)).status).toBe(204);
    expect((await api.send("GET", path)).status).toBe(404);
  });

  it.each(["text", "url", "file", "pdf", "csv", "archive"])("may be of the type %s", async (type) => {
    expect((await startServer().send("POST", "/api/datasources", { name: "x", type })).status).toBe(201);
  });

  it.each([
    [{ name: "x", type: "Text" }, ["type"]],
    [{ name: "x", type: 1 }, ["type"]],
    [{ name: "x" }, ["type"]],
    [{ type: "text" }, ["name"]],
    [{ name: "", type: null }, ["name", "type"]],
    [{ name: "x".repeat(101), type: "text" }, ["name"]],
  ])("are refused as %j, by field", async (body, fields) => {
    const { status, json } = await startServer().send("POST", "/api/datasources", body);
    expect([status, Object.keys(json as object)]).toEqual([400, fields]);
  });

  it("take JSON alone, no YAML", async () => {
    const yaml = { "content-type": "application/yaml" };
    expect((await startServer().send("POST", "/api/datasources", "name: x\ntype: text", yaml)).status).toBe(415);
  });

  it("never change their type", async () => {
    const api = startServer();
    const path = `/api/datasources/${await datasource(api)}`;
    expect((await api.send("PATCH", path, { type: "url" })).json).toEqual({ type: [expect.any(String) as unknown] });
    expect((await api.send("PATCH", path, { type: "text", name: "y" })).status).toBe(200);
    expect((await api.send("PATCH", path, { name: null })).status).toBe(400);
  });

  it("that are not there answer 404", async () => {
    const api = startServer();
    const asked = ["GET", "PATCH", "DELETE"].map((verb) =>
      api.send(verb, `/api/datasources/${NOBODY}`, verb === "PATCH" ? { name: "x" } : undefined),
    );
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([404, 404, 404]);
    expect((await api.send("GET", `/api/datasources/${NOBODY}/entries`)).status).toBe(404);
    expect((await api.send("POST", `/api/datasources/${NOBODY}/entries`, {})).status).toBe(404);
  });
});

describe("entries", () => {
  it.each([
    ["text", { content: "" }, { content: "" }],
    ["url", { url: "https://example.com/a" }, { url: "https://example.com/a" }],
    ["file", { file: base64("bytes") }, {}],
    ["pdf", { file: base64("%PDF") }, {}],
    ["csv", { file: base64("a,b") }, {}],
    ["archive", { file: base64("PK") }, {}],
  ])("of a %s datasource are answered without the bytes of files", async (type, body, shown) => {
    const api = startServer();
    const path = `/api/datasources/${await datasource(api, type)}/entries`;
    const metadata = { "x-llmstack-sync": "{}", n: 1 };
    const made = await api.send("POST", path, { entry_data: { name: "e", ...body }, entry_metadata: metadata });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      name: "e",
      status: "READY",
      entry_data: { name: "e", ...shown },
      entry_metadata: metadata,
    });
    expect(made.text).not.toContain("file");
    expect((await api.send("GET", path)).json).toEqual([made.json]);
  });

  it("are listed oldest first, may share a name, and are deleted one by one", async () => {
    const api = startServer();
    const path = `/api/datasources/${await datasource(api)}/entries`;
    const add = (content: string) => api.send("POST", path, { entry_data: { name: "same", content } });
    const [first] = [await add("1"), await add("2"), await add("3")];
    expect((await api.send("DELETE", `${path}/${first?.uuid ?? ""}`)).status).toBe(204);
    expect((await api.send("DELETE", `${path}/${first?.uuid ?? ""}`)).status).toBe(404);
    expect((await api.send("GET", path)).json).toMatchObject([
      { entry_data: { content: "2" }, entry_metadata: {} },
      { entry_data: { content: "3" } },
    ]);
  });

  it("may be named by a long path", async () => {
    const api = startServer();
    const path = `/api/datasources/${await datasource(api)}/entries`;
    const status = async (name: string) => (await api.send("POST", path, { entry_data: { name, content: "" } })).status;
    expect([await status("d/".repeat(1024)), await status("x".repeat(2049)), await status("")]).toEqual([
      201, 400, 400,
    ]);
  });

  it.each([
    ["text", {}, ["entry_data"]],
    ["text", { entry_data: [] }, ["entry_data"]],
    ["text", { entry_data: { name: "e" } }, ["content"]],
    ["text", { entry_data: { content: "x" } }, ["name"]],
    ["text", { entry_data: { name: "e", content: null } }, ["content"]],
    ["text", { entry_data: { name: "e", content: "x", url: "u" } }, ["url"]],
    ["text", { entry_data: { name: "e", content: "x" }, entry_metadata: [] }, ["entry_metadata"]],
    ["url", { entry_data: { name: "e", content: "x" } }, ["content"]],
    ["url", { entry_data: { name: "e", url: "" } }, ["url"]],
    ["file", { entry_data: { name: "e", file: "data:text/plain;base64,eA==" } }, ["file"]],
    ["file", { entry_data: { name: "e", file: "eA" } }, ["file"]],
  ])("of a %s datasource are refused as %j", async (type, body, fields) => {
    const api = startServer();
    const path = `/api/datasources/${await datasource(api, type)}/entries`;
    const { status, json } = await api.send("POST", path, body);
    expect([status, Object.keys(json as object)]).toEqual([400, fields]);
    expect((await api.send("GET", path)).text).toBe("[]");
  });

  it("go with their datasource, and belong to no other", async () => {
    const api = startServer();
    const [one, two] = [await datasource(api), await datasource(api)];
    const entry = await api.send("POST", `/api/datasources/${one}/entries`, { entry_data: { name: "e", content: "" } });
    expect((await api.send("DELETE", `/api/datasources/${two}/entries/${entry.uuid}`)).status).toBe(404);
    await api.send("DELETE", `/api/datasources/${one}`);
    expect((await api.send("GET", `/api/datasources/${one}/entries`)).status).toBe(404);
    expect((await api.send("GET", `/api/datasources/${two}/entries`)).text).toBe("[]");
  });
});
