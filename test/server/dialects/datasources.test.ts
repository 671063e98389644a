import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { anApp, NOBODY, TOKEN } from "../../support/server-requests.ts";
import {
  aDatasource,
  anEntry,
  aPipeline,
  COLLEAGUE,
  docsWith,
  NEW,
  REAL,
  type RealName,
  seen,
  startReal,
  STRANGER,
} from "../../support/real-servers.ts";

type Json = Readonly<Record<string, unknown>>;

const KEYS = ["name", "type", "uuid", "size", "created_at", "updated_at", "visibility", "owner_email"];
const PIPELINE_KEYS = ["pipeline", "refresh_interval", "has_source", "is_destination_only"];
const PERMISSIONS = ["has_read_permission", "has_write_permission", "is_user_owned", "access_permission"];

const SEEDED = { uuid: NOBODY, name: "Shared", type_slug: "text", visibility: 1 };
const OTHER = { ...SEEDED, uuid: NOBODY.replace("4000", "4001"), name: "Mine" };

describe.each(REAL)("a datasource on %s", (dialect) => {
  it("is answered with the keys of its release, and its type as an object", async () => {
    const api = startReal(dialect);
    const { status, json, uuid } = await api.send("POST", "/api/datasources", aDatasource(dialect));
    expect(status).toBe(201);
    const more = { versioned: [...PIPELINE_KEYS, ...PERMISSIONS], pipeline: PIPELINE_KEYS, slug: [], classic: [] };
    expect(Object.keys(json as Json)).toEqual([...KEYS, ...more[dialect]]);
    const type = { classic: { id: 1, name: "Text" }, slug: { slug: "text", name: "Text" } };
    const wanted = dialect === "classic" || dialect === "slug" ? type[dialect] : { slug: "text", name: "text" };
    expect(json).toMatchObject({ name: "Docs", size: 0, visibility: 0, type: wanted });
    expect((await api.send("GET", `/api/datasources/${uuid}`)).json).toEqual(json);
    expect((await api.send("GET", "/api/datasources")).json).toEqual([json]);
  });

  it("may share a name, and is listed by when it was changed last", async () => {
    const api = startReal(dialect);
    const first = await api.send("POST", "/api/datasources", aDatasource(dialect));
    const second = await api.send("POST", "/api/datasources", aDatasource(dialect));
    await api.send("POST", `/api/datasources/${first.uuid}/add_entry`, anEntry(dialect, { name: "n", content: "c" }));
    const { json } = await api.send("GET", "/api/datasources");
    expect((json as Json[]).map(({ uuid }) => uuid)).toEqual([first.uuid, second.uuid]);
  });

  it.each([
    ["without a name", { name: undefined }],
    ["with a null name", { name: null }],
    ["with 101 characters of name", { name: "x".repeat(101) }],
    ["without a type", { type: undefined, type_slug: undefined }],
  ])("%s is 500, and nothing is saved", async (_, change) => {
    const api = startReal(dialect);
    const answer = await api.send("POST", "/api/datasources", { ...aDatasource(dialect), ...change });
    expect(seen(answer)).toBe("500 html");
    expect((await api.send("GET", "/api/datasources")).text).toBe("[]");
  });

  it("of an unknown type is not saved", async () => {
    const api = startReal(dialect);
    const answer = await api.send("POST", "/api/datasources", { ...aDatasource(dialect), type: 99, type_slug: "none" });
    expect(seen(answer)).toBe(NEW.includes(dialect) ? "500 html" : "404 json");
    expect((await api.send("GET", "/api/datasources")).text).toBe("[]");
  });

  it("is deleted with its entries by DELETE on its entries: verbs leak", async () => {
    const api = startReal(dialect);
    const { uuid, entries } = await docsWith(api, dialect, ["a", "b"]);
    expect(seen(await api.send("DELETE", `/api/datasources/${uuid}/entries`))).toBe("204 empty");
    expect(seen(await api.send("GET", `/api/datasources/${uuid}`))).toBe("404 json");
    expect(seen(await api.send("GET", `/api/datasource_entries/${entries[0]?.uuid}`))).toBe("404 json");
  });

  it("of somebody else is not listed", async () => {
    const api = startReal(dialect);
    await api.as(STRANGER)("POST", "/api/datasources", aDatasource(dialect));
    await api.as(COLLEAGUE)("POST", "/api/datasources", aDatasource(dialect));
    expect((await api.send("GET", "/api/datasources")).text).toBe("[]");
  });

  it("outlives the server where there is a data file, and is seeded once", async () => {
    const data = join(await mkdtemp(join(tmpdir(), "llmstack-sync-")), "server.db");
    const options = { data, accounts: [{ username: "owner", token: TOKEN, datasources: [SEEDED] }] };
    const first = startReal(dialect, options);
    const { uuid } = await docsWith(first, dialect, ["a"]);
    const app = await first.send("POST", "/api/apps", anApp());
    first.server.close();
    const second = startReal(dialect, options);
    expect((await second.send("GET", "/api/datasources")).json).toMatchObject([{ uuid }, { uuid: NOBODY }]);
    expect((await second.send("GET", `/api/datasources/${uuid}/entries`)).json).toMatchObject([{ name: "a" }]);
    expect(seen(await second.send("GET", `/api/apps/${app.uuid}/versions/0?draft=True`))).toBe("200 json");
    second.server.close();
  });
});

describe("a datasource that an organisation sees", () => {
  const accounts = [
    { username: "owner", token: TOKEN, organization: "acme", datasources: [OTHER] },
    { username: "colleague", token: COLLEAGUE, organization: "acme", datasources: [SEEDED] },
  ];
  const namesOn = async (dialect: RealName): Promise<readonly string[]> => {
    const { json } = await startReal(dialect, { accounts }).send("GET", "/api/datasources");
    return (json as { name: string }[]).map(({ name }) => name);
  };

  it("is listed to it, and twice to its owner, on v0.2.6", async () => {
    expect(await namesOn("versioned")).toEqual(["Mine", "Shared", "Mine"]);
    const api = startReal("versioned", { accounts });
    const theirs = await api.send("GET", `/api/datasources/${SEEDED.uuid}`);
    expect(theirs.json).toMatchObject({ is_user_owned: false, has_read_permission: true, access_permission: 0 });
    expect(seen(await api.send("DELETE", `/api/datasources/${SEEDED.uuid}`))).toBe("403 empty");
    expect((await api.send("GET", "/api/org/datasources")).json).toHaveLength(2);
  });

  it.each(["pipeline", "slug", "classic"] as const)("is its owner's alone on %s", async (dialect) => {
    expect(await namesOn(dialect)).toEqual(["Mine"]);
    const api = startReal(dialect, { accounts });
    expect(seen(await api.send("GET", `/api/datasources/${SEEDED.uuid}`))).toBe("404 json");
  });
});

describe.each(NEW)("a pipeline on %s", (dialect) => {
  it("is kept in jsonb order with unknown keys, its source's data hidden, embedding and store rewritten", async () => {
    const api = startReal(dialect);
    const pipeline = aPipeline("text", { "x-llmstack-sync": { v: 1, set: "s" } });
    const { json, text } = await api.send("POST", "/api/datasources", { name: "d", type_slug: "text", pipeline });
    expect((json as Json)["pipeline"]).toEqual({
      ...pipeline,
      source: { slug: "text", provider_slug: "promptly", data: {} },
      embedding: {
        slug: "embeddings-generator",
        provider_slug: "promptly",
        data: { embedding_provider_slug: "openai" },
      },
      destination: {
        slug: "vector-store",
        provider_slug: "promptly",
        data: {
          store_provider_slug: expect.any(String) as unknown,
          store_processor_slug: expect.any(String) as unknown,
          additional_kwargs: {},
        },
      },
    });
    expect(text).toContain('"pipeline":{"source":{"data":{},"slug":"text","provider_slug":"promptly"},"embedding":');
    expect(json).toMatchObject({ has_source: true, is_destination_only: false, refresh_interval: null });
  });

  it("loses the blocks that its template has not", async () => {
    const api = startReal(dialect);
    const destination = { slug: "vector-store", provider_slug: "weaviate", data: { index_name: "i" } };
    const pipeline = aPipeline("text", { transformations: [], destination });
    const { json } = await api.send("POST", "/api/datasources", { name: "d", type_slug: "weaviate", pipeline });
    expect((json as Json)["pipeline"]).toEqual({ transformations: [], destination });
    expect(json).toMatchObject({ has_source: false, is_destination_only: true });
  });

  it("of a custom type is stored as it is", async () => {
    const api = startReal(dialect);
    const pipeline = { source: null, destination: { slug: "sqlite", provider_slug: "promptly", data: { x: 1.5 } } };
    const { json } = await api.send("POST", "/api/datasources", { name: "d", type_slug: "custom", pipeline });
    expect(json).toMatchObject({ type: { slug: "custom", name: "custom" }, pipeline });
  });

  it.each([
    ["none", undefined],
    ["null", null],
    ["empty", {}],
    ["without a destination's data", { destination: {} }],
  ])("that is %s is 500 for a template, and nothing is saved", async (_, pipeline) => {
    const api = startReal(dialect);
    expect(seen(await api.send("POST", "/api/datasources", { name: "d", type_slug: "text", pipeline }))).toBe(
      "500 html",
    );
    expect((await api.send("GET", "/api/datasources")).text).toBe("[]");
  });

  it.each([["custom"], [null]])("that is null for the type %j is saved, and poisons the list", async (type_slug) => {
    const uuid = "11111111-1111-4111-8111-111111111111";
    const uuids = [uuid];
    const api = startReal(dialect, { uuid: () => uuids.pop() ?? crypto.randomUUID() });
    const body = { name: "d", type_slug, pipeline: null };
    expect(seen(await api.send("POST", "/api/datasources", body))).toBe("500 html");
    expect(seen(await api.send("GET", "/api/datasources"))).toBe("500 html");
    expect(seen(await api.send("GET", `/api/datasources/${uuid}`))).toBe("500 html");
    expect(seen(await api.send("DELETE", `/api/datasources/${uuid}`))).toBe("204 empty");
    expect(seen(await api.send("GET", "/api/datasources"))).toBe("200 json");
  });

  it("with a block that nobody knows leaves its first entry PROCESSING, and cannot be deleted then", async () => {
    const api = startReal(dialect);
    const pipeline = aPipeline("text", { transformations: [{ slug: "code-splitter", provider_slug: "llama-index" }] });
    const { uuid } = await api.send("POST", "/api/datasources", { name: "d", type_slug: "text", pipeline });
    const entry = anEntry(dialect, { name: "n", content: "c" });
    expect(seen(await api.send("POST", `/api/datasources/${uuid}/add_entry`, entry))).toBe("500 html");
    const entries = (await api.send("GET", `/api/datasources/${uuid}/entries`)).json as { uuid: string }[];
    expect(entries).toMatchObject([{ status: "PROCESSING" }]);
    expect(seen(await api.send("DELETE", `/api/datasource_entries/${entries[0]?.uuid}`))).toBe("500 html");
    expect(seen(await api.send("DELETE", `/api/datasources/${uuid}`))).toBe("500 html");
  });

  it.each([
    ["Daily", "Daily"],
    ["Weekly", "Weekly"],
    ["daily", null],
    [null, null],
  ])("takes the refresh interval %j as %j, and a new name not at all", async (refresh_interval, kept) => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/datasources", aDatasource(dialect));
    const path = `/api/datasources/${uuid}`;
    expect(seen(await api.send("PATCH", path, { refresh_interval, name: "New" }))).toBe("204 empty");
    expect((await api.send("GET", path)).json).toMatchObject({ name: "Docs", refresh_interval: kept });
  });
});

describe("before v0.2.4", () => {
  it("no pipeline is shown, none is custom, and nothing can be patched", async () => {
    const api = startReal("pipeline", { release: "v0.2.3" });
    const { json, uuid } = await api.send("POST", "/api/datasources", aDatasource("pipeline"));
    expect(Object.keys(json as Json)).toEqual(KEYS);
    const custom = { name: "d", type_slug: "custom", pipeline: {} };
    expect(seen(await api.send("POST", "/api/datasources", custom))).toBe("500 html");
    expect(seen(await api.send("PATCH", `/api/datasources/${uuid}`, {}))).toBe("405 json");
  });
});

describe("the lists of types and templates", () => {
  it.each([
    ["HEAD", ["text", "url", "file", "pdf", "archive", "weaviate", "postgres", "singlestore"]],
    ["v0.2.6", ["text", "url", "file", "pdf", "weaviate", "postgres", "singlestore"]],
  ])("at %s are those of the release, and each makes a datasource", async (release, slugs) => {
    const api = startReal("versioned", { release });
    const templates = (await api.send("GET", "/api/data/pipeline/templates")).json as {
      slug: string;
      pipeline: Json;
    }[];
    const types = (await api.send("GET", "/api/datasource_types")).json as { slug: string }[];
    expect(templates.map(({ slug }) => slug)).toEqual(slugs);
    expect(types.map(({ slug }) => slug)).toEqual(slugs);
    for (const { slug, pipeline } of templates) {
      const { status } = await api.send("POST", "/api/datasources", { name: slug, type_slug: slug, pipeline });
      expect(status).toBe(201);
    }
  });
});

describe.each(REAL)("connections on %s", (dialect) => {
  it("are listed whole, with their secrets, to their owner alone", async () => {
    const connections = [{ id: NOBODY, name: "Mail", configuration: { password: "secret" } }];
    const api = startReal(dialect, { accounts: [{ username: "owner", token: TOKEN, connections }] });
    const made = await api.send("POST", "/api/connections", { name: "Mail", configuration: { password: "p" } });
    const list = (await api.send("GET", "/api/connections")).json as Json[];
    expect(list).toMatchObject([{ id: NOBODY, configuration: { password: "secret" } }, made.json as Json]);
    expect(Object.keys(list[1] ?? {})).toEqual(
      expect.arrayContaining(["id", "name", "connection_type_slug", "provider_slug", "status", "configuration"]),
    );
    const { id } = made.json as { id: string };
    expect(seen(await api.send("DELETE", `/api/connections/${id}`))).toBe("204 empty");
    expect((await startReal(dialect).send("GET", "/api/connections")).text).toBe("[]");
  });

  it("processors are served with schemas that name what they refer to", async () => {
    const { json } = await startReal(dialect).send("GET", "/api/apibackends");
    const byId = new Map((json as { id: string; config_schema: Json }[]).map((item) => [item.id, item.config_schema]));
    expect(byId.get("promptly/text_chat")).toMatchObject({
      required: ["datasource"],
      properties: { datasource: { widget: "datasource" }, k: { default: 5, type: "integer" } },
    });
    expect(byId.get("promptly/http_api_processor")).toMatchObject({
      properties: { connection_id: { widget: "connection" } },
    });
    expect(byId.get("promptly/map")).toMatchObject({ properties: { promptly_app: { widget: "promptlyapp_select" } } });
  });
});
