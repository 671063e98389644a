import { describe, expect, it } from "vitest";
import type { EntryDraft } from "../../../../src/client/client.ts";
import { connect } from "../../../../src/client/connect.ts";
import { entryNameWithMark } from "../../../../src/model/mark-of.ts";
import { aDatasourceDraft, aFile, anEntryDraft, datasource, OTHER_UUID } from "../../../support/client-builders.ts";
import { realServer, RELEASES, type RealServer, type Release } from "../../../support/real-clients.ts";
import { json, NEVER, rejection, TOKEN, wireServer } from "../../../support/wire-server.ts";

async function datasourceOf(type: string, { client }: RealServer): Promise<string> {
  const draft = { ...aDatasourceDraft(), type, document: { name: "Docs", type } };
  return (await client.create(datasource, draft, NEVER)).uuid;
}

function fileOf(name: string): EntryDraft["body"] {
  return { kind: "file", file: { ...aFile(new Uint8Array(1000).fill(65)), fileName: name } };
}

describe.each(RELEASES)("an entry on %s %s", (...release) => {
  it("is added, found by its mark, and deleted under an address of its own", async () => {
    const world = await realServer(release);
    const { client } = world;
    const uuid = await datasourceOf("text", world);
    const draft = anEntryDraft();
    await client.createEntry(uuid, draft, NEVER);
    const [entry, ...more] = (await client.listEntries(uuid, NEVER)).items;
    expect(more).toEqual([]);
    expect(entry?.status).toBe("READY");
    const isMarked = client.rules.capabilities.entryMark === "metadata";
    expect([entry?.name, entry?.mark]).toEqual(
      isMarked ? ["greeting", draft.mark] : [entryNameWithMark("greeting", draft.mark), undefined],
    );
    expect(await client.deleteEntry(uuid, entry?.uuid ?? "", NEVER)).toBe("deleted");
    expect(await client.deleteEntry(uuid, entry?.uuid ?? "", NEVER)).toBe("absent");
    expect(world.requests()).toContain(`DELETE /api/datasource_entries/${entry?.uuid ?? ""}`);
    expect((await client.list(datasource, NEVER)).items).toHaveLength(1);
  });

  it("of an address is called by it", async () => {
    const world = await realServer(release);
    const uuid = await datasourceOf("url", world);
    await world.client.createEntry(uuid, anEntryDraft({ kind: "url", value: "https://example.com/a?b=1" }), NEVER);
    const [entry] = (await world.client.listEntries(uuid, NEVER)).items;
    expect(entry?.name).toBe("https://example.com/a?b=1");
  });

  it.each(["file", "pdf"])("of a %s takes the file's bytes and the entry's name", async (type) => {
    const world = await realServer(release);
    const uuid = await datasourceOf(type, world);
    const draft = anEntryDraft(fileOf("a.pdf"));
    await world.client.createEntry(uuid, draft, NEVER);
    const [entry] = (await world.client.listEntries(uuid, NEVER)).items;
    const isMarked = world.client.rules.capabilities.entryMark === "metadata";
    expect(entry?.name).toBe(isMarked ? "greeting" : entryNameWithMark("greeting", draft.mark));
    const sent = JSON.stringify(world.server.journal().at(-2)?.body?.parsed);
    expect(sent).toMatch(/"data:application\/pdf;name=greeting[^;]*;base64,QUFB/u);
  });

  it.each(["a\nb", ".."])("called %j is refused, with nothing sent", async (name) => {
    const world = await realServer(release);
    const uuid = await datasourceOf("text", world);
    const before = world.requests().length;
    for (const body of [anEntryDraft().body, fileOf("a.txt")]) {
      await expect(world.client.createEntry(uuid, { ...anEntryDraft(body), name }, NEVER)).rejects.toMatchObject({
        class: "invalid_manifest",
      });
    }
    expect(world.requests()).toHaveLength(before);
  });

  it.each([
    ["https://example.com/a,b", /comma/u],
    ["https://example.com/a b", /space/u],
    ["https://example.com/sitemap.xml", /\.xml/u],
    [`https://example.com/${"x".repeat(1600)}`, /longer/u],
  ])("of the address %j is refused, with nothing sent", async (value, says) => {
    const world = await realServer(release);
    const uuid = await datasourceOf("url", world);
    const before = world.requests().length;
    const error = await rejection(world.client.createEntry(uuid, anEntryDraft({ kind: "url", value }), NEVER));
    expect(error).toMatchObject({ class: "invalid_manifest" });
    expect(error.message).toMatch(says);
    expect(world.requests()).toHaveLength(before);
  });

  it("of a datasource that is gone is an error, as is its list", async () => {
    const { client } = await realServer(release);
    await expect(client.listEntries(OTHER_UUID, NEVER)).rejects.toMatchObject({ class: "not_found" });
    await expect(client.createEntry(OTHER_UUID, anEntryDraft(), NEVER)).rejects.toThrow(/add_entry/u);
  });
});

describe.each<Release>([
  ["versioned", "HEAD"],
  ["pipeline", "v0.2.5"],
])("metadata of an entry on %s %s", (...release) => {
  it("comes back as text, without our mark", async () => {
    const world = await realServer(release);
    const uuid = await datasourceOf("text", world);
    const metadata = { lang: "en", count: 3, tags: ["a", null], nothing: null };
    await world.client.createEntry(uuid, { ...anEntryDraft(), metadata }, NEVER);
    const [entry] = (await world.client.listEntries(uuid, NEVER)).items;
    expect(entry?.metadata).toEqual({ lang: "en", count: "3", tags: '["a",null]', nothing: "null" });
  });
});

it("an archive is sent whole as a file of its type", async () => {
  const world = await realServer(["versioned", "HEAD"]);
  const uuid = await datasourceOf("archive", world);
  await world.client.createEntry(uuid, anEntryDraft(fileOf("a.ZIP")), NEVER);
  expect(JSON.stringify(world.server.journal().at(-1)?.body?.parsed)).toContain("data:application/zip;name=");
});

it("a table goes into a datasource that is made for tables", async () => {
  const { client } = await realServer(["versioned", "HEAD"]);
  const block = (slug: string) => ({ slug, provider_slug: "promptly", data: {} });
  const pipeline = {
    source: block("csv"),
    transformations: [block("csv-text-splitter")],
    destination: block("sqlite"),
  };
  const document = { name: "Docs", type: "custom", pipeline };
  const { uuid } = await client.create(datasource, { ...aDatasourceDraft(), type: "custom", document }, NEVER);
  await client.createEntry(uuid, anEntryDraft(fileOf("a.csv")), NEVER);
  expect((await client.listEntries(uuid, NEVER)).items).toMatchObject([{ name: "greeting", status: "READY" }]);
});

it("a file whose type has a plus in it, or none, is sent as bytes", async () => {
  const world = await realServer(["versioned", "HEAD"]);
  const uuid = await datasourceOf("file", world);
  for (const name of ["picture.svg", "README"]) await world.client.createEntry(uuid, anEntryDraft(fileOf(name)), NEVER);
  expect((await world.client.listEntries(uuid, NEVER)).items.map(({ status }) => status)).toEqual(["READY", "READY"]);
  expect(JSON.stringify(world.server.journal().at(-2)?.body?.parsed)).toContain("data:application/octet-stream;name=");
});

describe("what a server says of an entry that failed", () => {
  it.each<[unknown, string | undefined]>([
    [["no embedding", "timed\nout"], "no embedding; timed out"],
    ["no embedding", "no embedding"],
    [null, undefined],
    [[7], undefined],
  ])("%j", async (errors, reason) => {
    const config = { processing_errors: errors };
    const item = { uuid: OTHER_UUID, name: "a", status: "FAILED", created_at: "x", config };
    const { url } = await wireServer(({ path }, response) => json(response, 200, path === "/api/me" ? {} : [item]));
    const client = await connect(
      { url, token: TOKEN, dialect: "versioned", timeoutMs: 5_000, retryBudgetMs: 50 },
      NEVER,
    );
    const { items } = await client.listEntries(OTHER_UUID, NEVER);
    expect(items[0]).toMatchObject({ status: "FAILED" });
    expect(items[0]?.reason).toBe(reason);
  });
});
