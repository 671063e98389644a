import { describe, expect, it } from "vitest";
import { aDatasource, docsWith, OLD, startReal } from "../../support/real-servers.ts";

describe.each(OLD)("entry data on %s", (dialect) => {
  it("are kept as they came, so that contents can be compared", async () => {
    const { entries } = await docsWith(startReal(dialect), dialect, ["n"]);
    expect(entries[0]?.config).toMatchObject({ input: { name: "n", data: { name: "n", content: "about n" } } });
  });

  it("cannot be added to what is external", async () => {
    const api = startReal(dialect);
    const body = dialect === "classic" ? { name: "w", type: 5, config: {} } : { name: "w", type_slug: "weaviate" };
    const { uuid } = await api.send("POST", "/api/datasources", body);
    const answer = await api.send("POST", `/api/datasources/${uuid}/add_entry`, { entry_data: { name: "n" } });
    expect([answer.status, Object.keys(answer.json as object)]).toEqual([400, ["errors"]]);
  });
});

describe("entry data up to v0.1.4", () => {
  it("can be upserted", async () => {
    const api = startReal("classic");
    const { uuid } = await docsWith(api, "classic", []);
    const body = { datasource_id: uuid, input_data: { name: "n", data: { content: "c" } } };
    const { status, json } = await api.send("POST", "/api/datasource_entries/upsert", body);
    expect([status, json]).toMatchObject([200, { name: "n", status: "READY" }]);
  });
});

describe("entry data up to v0.0.25", () => {
  it("are accepted with 202, and done later", async () => {
    const api = startReal("classic", { release: "v0.0.25" });
    const { uuid } = await api.send("POST", "/api/datasources", aDatasource("classic"));
    const body = { entry_data: { name: "n", content: "c" }, entry_metadata: { a: 1 } };
    const answer = await api.send("POST", `/api/datasources/${uuid}/add_entry`, body);
    expect([answer.status, answer.json]).toEqual([202, { success: true }]);
    const path = `/api/datasources/${uuid}/entries`;
    expect((await api.send("GET", path)).json).toMatchObject([{ name: "n" }]);
    expect((await api.send("GET", path)).json).toMatchObject([{ status: "READY" }]);
  });
});
