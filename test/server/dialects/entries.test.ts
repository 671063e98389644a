import { describe, expect, it } from "vitest";
import { parseFault } from "../../../src/server/faults/parse-fault.ts";
import type { Api } from "../../support/server-requests.ts";
import {
  aDatasource,
  anEntry,
  docsWith,
  NEW,
  OLD,
  REAL,
  type RealName,
  seen,
  startReal,
} from "../../support/real-servers.ts";

type Json = Readonly<Record<string, unknown>>;

interface Entry {
  readonly uuid: string;
  readonly name: string;
  readonly status: string;
  readonly size: number;
  readonly config: Json;
}

async function entriesIn(api: Api, uuid: string): Promise<readonly Entry[]> {
  return (await api.send("GET", `/api/datasources/${uuid}/entries`)).json as Entry[];
}

/** Adds one entry to a new datasource of that type. */
async function add(api: Api, dialect: RealName, type: string, data: Record<string, unknown>): Promise<Added> {
  const { uuid } = await api.send("POST", "/api/datasources", aDatasource(dialect, type));
  const answer = await api.send("POST", `/api/datasources/${uuid}/add_entry`, anEntry(dialect, data));
  return { uuid, answered: seen(answer), json: answer.json, entries: await entriesIn(api, uuid) };
}

interface Added {
  readonly uuid: string;
  readonly answered: string;
  readonly json: unknown;
  readonly entries: readonly Entry[];
}

/** What is left of an entry that could not be processed. */
const FAILED: Readonly<Record<RealName, Json>> = {
  versioned: { processing_errors: null },
  pipeline: { processing_errors: null },
  slug: { input: { data: { content: "c" } }, document_ids: [] },
  classic: { errors: {} },
};

const file = (name: string, content = "hello", type = "text/plain"): string =>
  `data:${type};name=${name};base64,${Buffer.from(content).toString("base64")}`;

describe.each(REAL)("entries on %s", (dialect) => {
  const isOld = OLD.includes(dialect);

  it("are added at once, and the answer is not one of them", async () => {
    const { answered, json, entries, uuid } = await add(startReal(dialect), dialect, "text", {
      name: "n",
      content: "c",
    });
    expect(answered).toBe("200 json");
    expect(json).toMatchObject(isOld ? { status: "success" } : { uuid, size: 1536 });
    expect(entries).toMatchObject([{ name: "n", status: "READY", size: 1536 }]);
    const keys = ["uuid", "datasource", "config", "name", "size", "status", "created_at", "updated_at"];
    expect(Object.keys(entries[0] ?? {})).toEqual(isOld ? [...keys, "sync_config"] : keys);
    expect(entries[0]).toMatchObject({ datasource: { uuid, name: "Docs" } });
  });

  it("are listed oldest first, names repeated, and everything of one's own together", async () => {
    const api = startReal(dialect);
    const docs = await docsWith(api, dialect, ["b", "a", "b"]);
    await docsWith(api, dialect, ["c"]);
    expect(docs.entries.map(({ name }) => name)).toEqual(["b", "a", "b"]);
    const all = (await api.send("GET", "/api/datasource_entries")).json as Entry[];
    expect(all.map(({ name }) => name).toSorted()).toEqual(["a", "b", "b", "c"]);
  });

  it("are deleted one by one with 202, and then they are not there", async () => {
    const api = startReal(dialect);
    const { uuid, entries } = await docsWith(api, dialect, ["a", "b"]);
    const path = `/api/datasource_entries/${entries[0]?.uuid}`;
    expect(seen(await api.send("DELETE", path))).toBe("202 empty");
    expect(seen(await api.send("DELETE", path))).toBe("404 json");
    expect(await entriesIn(api, uuid)).toMatchObject([{ name: "b" }]);
    expect((await api.send("GET", `/api/datasources/${uuid}`)).json).toMatchObject({ size: 1536 });
  });

  it("without data are 400 with errors", async () => {
    const api = startReal(dialect);
    const { uuid } = await docsWith(api, dialect, []);
    const key = isOld ? "entry_data" : "source_data";
    const answer = await api.send("POST", `/api/datasources/${uuid}/add_entry`, { [key]: {} });
    expect([answer.status, answer.json]).toEqual([400, { errors: [`No ${key} provided`] }]);
    const none = await api.send("POST", `/api/datasources/${uuid}/add_entry`, {});
    expect(seen(none)).toBe(dialect === "classic" ? "500 html" : "400 json");
  });

  it("that fail are added with 200 all the same, and say nothing of why", async () => {
    const api = startReal(dialect, { faults: [parseFault("entry=FAILED")] });
    const { answered, entries } = await add(api, dialect, "text", { name: "n", content: "c" });
    expect(answered).toBe("200 json");
    expect(entries).toMatchObject([{ name: "n", status: "FAILED", size: 0 }]);
    expect(entries[0]?.config).toMatchObject(FAILED[dialect]);
  });

  it("may take some reads to be done", async () => {
    const api = startReal(dialect, { faults: [parseFault("entry=PROCESSING:2")] });
    const { uuid, entries } = await add(api, dialect, "text", { name: "n", content: "c" });
    expect(entries).toMatchObject([{ status: "PROCESSING" }]);
    expect(await entriesIn(api, uuid)).toMatchObject([{ status: "PROCESSING" }]);
    expect(await entriesIn(api, uuid)).toMatchObject([{ status: "READY", size: 1536 }]);
  });

  it("that are added later are accepted unseen, also where nothing comes of them", async () => {
    const api = startReal(dialect);
    const { uuid } = await docsWith(api, dialect, []);
    const path = `/api/datasources/${uuid}/add_entry_async`;
    const good = await api.send("POST", path, anEntry(dialect, { name: "n", content: "c" }));
    expect([good.status, good.json]).toEqual([202, { job_id: expect.any(String) as unknown }]);
    const bad = await api.send("POST", path, anEntry(dialect, { name: 7, content: [] }));
    expect(seen(bad)).toBe("202 json");
    expect(await entriesIn(api, uuid)).toHaveLength(1);
    expect(await entriesIn(api, uuid)).toMatchObject([{ name: "n", status: "READY" }]);
  });

  it("of urls are one for each different one, without .xml", async () => {
    const urls = "https://b.org, https://a.org\nhttps://b.org,https://c.org/sitemap.xml,";
    const { entries } = await add(startReal(dialect), dialect, "url", { urls });
    expect(entries.map(({ name }) => name).toSorted()).toEqual(["https://a.org", "https://b.org"]);
  });

  it("of urls are 500 beyond 1600 characters", async () => {
    const { answered, entries } = await add(startReal(dialect), dialect, "url", { urls: "x".repeat(1601) });
    expect([answered, entries]).toEqual(["500 html", []]);
  });

  it("of files are one for each, by the name in the data URI", async () => {
    const several = `${file("a.txt")}|${file("b c.md", "x", "text/x-markdown")}`;
    const { entries } = await add(startReal(dialect), dialect, "file", { file: several });
    expect(entries.map(({ name }) => name)).toEqual(["a.txt", "b c.md"]);
    const pdf = await add(startReal(dialect), dialect, "pdf", { file: file("d.pdf", "%PDF", "application/pdf") });
    expect(pdf.entries).toMatchObject([{ name: "d.pdf", status: "READY" }]);
  });

  it.each([
    ["plain base64", "aGVsbG8="],
    ["a data URI without a name", "data:text/plain;base64,aGVsbG8="],
    ["a + in the type", "data:image/svg+xml;name=a.svg;base64,aGVsbG8="],
    ["no text", 7],
  ])("of %s are 500", async (_, content) => {
    const { answered, entries } = await add(startReal(dialect), dialect, "file", { file: content });
    expect([answered, entries]).toEqual(["500 html", []]);
  });

  it("show of their text the first chunks", async () => {
    const api = startReal(dialect);
    const { entries } = await add(api, dialect, "text", { name: "n", content: "x".repeat(25_000) });
    const { json } = await api.send("GET", `/api/datasource_entries/${entries[0]?.uuid}/text_content`);
    const { content } = json as { content: string };
    expect(content).toHaveLength(20 * 1000 + 19);
    expect(entries).toMatchObject([{ size: 25 * 1536 }]);
  });
});

describe.each(NEW)("source data on %s", (dialect) => {
  const text = (data: Record<string, unknown>): Promise<Added> => add(startReal(dialect), dialect, "text", data);

  it("are kept as what became of them, not as they came", async () => {
    const { entries, uuid } = await text({ name: "n", content: "secret text" });
    const [entry] = entries;
    expect(Object.keys(entry?.config ?? {}).toSorted()).toEqual([
      "content",
      "datasource_uuid",
      "extra_info",
      "metadata",
      "mimetype",
      "name",
      "node_ids",
      "processing_errors",
      "request_data",
      "text_objref",
    ]);
    expect(entry?.config).toMatchObject({
      name: "n",
      datasource_uuid: uuid,
      content: expect.stringMatching(/^objref:\/\/datasource_entries\//u) as unknown,
      node_ids: [expect.any(String)],
    });
    expect(JSON.stringify(entry)).not.toContain("secret text");
  });

  it("echo their extra data, the last of two names", async () => {
    const extra_data = [
      { name: "k", value: "1" },
      { name: "x", value: "2" },
      { name: "k", value: "3" },
    ];
    const { entries } = await text({ name: "n", content: "c", extra_data });
    expect(entries[0]?.config).toMatchObject({ extra_info: { extra_data: { k: "3", x: "2" } } });
  });

  it.each([
    ["no extra data", { extra_data: undefined }],
    ["null extra data", { extra_data: null }],
    ["extra data that are no text", { extra_data: [{ name: "k", value: 1 }] }],
    ["extra data without a value", { extra_data: [{ name: "k" }] }],
    ["a null name", { name: null }],
    ["a number as name", { name: 7 }],
    ["a line break in the name", { name: "a\nb" }],
    ["no content", { content: undefined }],
    ["a list as content", { content: [] }],
  ])("with %s are 500, and nothing is stored", async (_, change) => {
    const { answered, entries } = await text({ name: "n", content: "c", ...change });
    expect([answered, entries]).toEqual(["500 html", []]);
  });

  it("with .. in the name are 400 with a page", async () => {
    expect(await text({ name: "../n", content: "c" })).toMatchObject({ answered: "400 html", entries: [] });
  });

  it.each(["", "a/b", "x".repeat(300)])("may be named %j", async (name) => {
    expect((await text({ name, content: "c" })).entries).toMatchObject([{ name, status: "READY" }]);
  });

  it("are untitled without a name", async () => {
    expect((await text({ content: "c" })).entries).toMatchObject([{ name: "Untitled" }]);
  });

  it("of urls keep the url", async () => {
    const { entries } = await add(startReal(dialect), dialect, "url", { urls: "https://a.org" });
    expect(entries[0]?.config).toMatchObject({ request_data: { url: "https://a.org" } });
  });
});

describe("extra data before v0.2.4", () => {
  it.each([{}, { extra_data: [] }, { extra_data: "whatever" }])("are no matter: %j", async (more) => {
    const api = startReal("pipeline", { release: "v0.2.3" });
    const { uuid } = await api.send("POST", "/api/datasources", aDatasource("pipeline"));
    const body = { source_data: { name: "n", content: "c", ...more } };
    expect(seen(await api.send("POST", `/api/datasources/${uuid}/add_entry`, body))).toBe("200 json");
    expect(await entriesIn(api, uuid)).toMatchObject([{ config: { extra_info: {} } }]);
  });
});

describe("archives at HEAD", () => {
  /** Two empty files and a folder, made with zip. */
  const ZIP =
    "UEsDBAoAAAAAAAAAIQAAAAAAAAAAAAAAAAAFAAAAYS50eHRQSwMECgAAAAAAAAAhAAAAAAAAAAAAAAAAAAQAAABiLm1kUEsBAh4DCgAAAAAAAAAhAAAAAAAAAAAAAAAAAAUAAAAAAAAAAAAAAAAAAAAAAGEudHh0UEsBAh4DCgAAAAAAAAAhAAAAAAAAAAAAAAAAAAQAAAAAAAAAAAAAAAAAIwAAAGIubWRQSwUGAAAAAAIAAgBlAAAARQAAAAAA";
  const archive = `data:application/zip;name=all.zip;base64,${ZIP}`;

  it.each([
    [{}, ["all.zip"]],
    [{ split_files: true }, ["a.txt", "b.md"]],
    [{ split_files: true, file_regex: "md$" }, ["b.md"]],
  ])("with %j become %j", async (more, names) => {
    const { entries } = await add(startReal("versioned"), "versioned", "archive", { file: archive, ...more });
    expect(entries.map(({ name }) => name)).toEqual(names);
  });
});

describe("resync", () => {
  it("on v0.2.6 takes the vectors, answers 500 and leaves READY behind", async () => {
    const api = startReal("versioned");
    const { uuid, entries } = await docsWith(api, "versioned", ["a"]);
    const path = `/api/datasource_entries/${entries[0]?.uuid}`;
    expect(seen(await api.send("POST", `${path}/resync`))).toBe("500 html");
    expect(await entriesIn(api, uuid)).toMatchObject([{ status: "READY" }]);
    expect((await api.send("GET", `${path}/text_content`)).json).toMatchObject({ content: "" });
  });
});
