import { describe, expect, it, onTestFinished } from "vitest";
import type { Client } from "../../../../src/client/client.ts";
import { connect } from "../../../../src/client/connect.ts";
import type { JsonObject } from "../../../../src/model/json.ts";
import { createServer, type ReferenceServer, type ServerOptions } from "../../../../src/server/create-server.ts";
import { listen } from "../../../../src/server/listen.ts";
import {
  aDatasourceDraft,
  aFile,
  aMark,
  anAppDraft,
  anEntryDraft,
  app,
  datasource,
  OTHER_UUID,
  UUID,
  wireApp,
} from "../../../support/client-builders.ts";
import { clientOf, collect, json, NEVER, rejection, TOKEN, wireServer } from "../../../support/wire-server.ts";

interface Ends {
  readonly client: Client;
  readonly server: ReferenceServer;
}

/** The client and the reference server with a socket between them. */
async function overSocket(options: Partial<ServerOptions> = {}): Promise<Ends> {
  const server = createServer({ dialect: "doc", token: TOKEN, journal: { bodies: "parsed" }, ...options });
  const listening = await listen(server, { host: "127.0.0.1", port: 0 });
  onTestFinished(() => listening.close());
  const { url } = listening;
  return { server, client: await connect({ url, token: TOKEN, timeoutMs: 5_000, retryBudgetMs: 2_000 }, NEVER) };
}

/** The same within this process, as `--server embedded` joins them. */
async function embedded(): Promise<Ends> {
  const server = createServer({ dialect: "doc", token: TOKEN, journal: { bodies: "parsed" } });
  const connection = {
    url: "http://embedded",
    token: TOKEN,
    timeoutMs: 5_000,
    transport: (request: Request) => server.handle(request),
  };
  return { server, client: await connect(connection, NEVER) };
}

const HARD: JsonObject = {
  description: "line\nend 😀 \u2028 ü \u007f yes: no # [x]",
  config: { temperature: 1e-7, big: 1e21, yes: "no", on: ["010", "1e5", "2020-01-01", "<<"], nested: { "a: b": null } },
  processors: [{ id: "_inputs1", config: { headers: { ["k".repeat(1_200)]: "v" } } }],
};

describe.each([
  ["over a socket", overSocket],
  ["embedded", embedded],
])("the documented API, %s", (_, ends) => {
  it("an app comes back as it was sent, the mark beside it", async () => {
    const { client } = await ends();
    const created = await client.create(app, anAppDraft(HARD), NEVER);
    expect(created).toMatchObject({ kind: "App", name: "Bot", type: "web", isOwned: true, mark: aMark() });
    expect(created.document).toEqual({ name: "Bot", type_slug: "web", ...HARD });
    expect(await client.get(app, created.uuid, NEVER)).toEqual(created);
    expect((await client.list(app, NEVER)).items).toEqual([created]);
  });

  it("an update makes live what the document says, and empties what it no longer says", async () => {
    const { client } = await ends();
    const live = await client.create(app, anAppDraft({ ...HARD, icon: "x" }), NEVER);
    const document = { name: "Bot 2", type_slug: "text-chat", config: { a: 1 } };
    const mark = aMark({ sha256: "1".repeat(64) });
    const updated = await client.update(app, live, { name: "Bot 2", type: "text-chat", document, mark }, NEVER);
    expect(updated).toMatchObject({ uuid: live.uuid, name: "Bot 2", type: "text-chat", mark });
    expect(updated.document).toMatchObject(document);
    const { description, icon, processors } = updated.document;
    expect([description, icon, processors]).toEqual([null, null, null]);
    const bare = { ...anAppDraft({}, mark), document: { name: "Bot", type_slug: "web" } };
    expect((await client.update(app, updated, bare, NEVER)).document["config"]).toEqual({});
  });

  it("a datasource is created, renamed, deleted, and then it is absent", async () => {
    const { client } = await ends();
    const live = await client.create(datasource, aDatasourceDraft(), NEVER);
    expect(live.document).toEqual({ name: "Docs", type: "text" });
    const renamed = await client.update(datasource, live, aDatasourceDraft("Papers"), NEVER);
    expect(renamed).toMatchObject({ uuid: live.uuid, name: "Papers", document: { name: "Papers", type: "text" } });
    expect(await client.delete(datasource, live.uuid, NEVER)).toBe("deleted");
    expect(await client.delete(datasource, live.uuid, NEVER)).toBe("absent");
    expect(await client.get(datasource, live.uuid, NEVER)).toBeUndefined();
    expect((await client.list(datasource, NEVER)).items).toEqual([]);
  });

  it("an entry is created with its mark, listed and deleted", async () => {
    const { client } = await ends();
    const { uuid } = await client.create(datasource, aDatasourceDraft(), NEVER);
    const draft = anEntryDraft();
    await client.createEntry(uuid, draft, NEVER);
    const { items } = await client.listEntries(uuid, NEVER);
    expect(items).toMatchObject([{ name: "greeting", status: "READY", mark: draft.mark }]);
    expect(await client.deleteEntry(uuid, items[0]?.uuid ?? "", NEVER)).toBe("deleted");
    expect(await client.deleteEntry(uuid, items[0]?.uuid ?? "", NEVER)).toBe("absent");
    expect((await client.listEntries(uuid, NEVER)).items).toEqual([]);
    expect((await client.list(datasource, NEVER)).items).toHaveLength(1);
  });

  it("a file arrives byte by byte as it is, however it was read", async () => {
    const { client, server } = await ends();
    const { uuid } = await client.create(datasource, { ...aDatasourceDraft(), type: "file" }, NEVER);
    const bytes = Uint8Array.from({ length: 100_001 }, (_unused, index) => (index * 7) % 256);
    await client.createEntry(uuid, anEntryDraft({ kind: "file", file: aFile(bytes, [1, 65_536, 2]) }), NEVER);
    const sent = server.journal().at(-1)?.body;
    expect(sent).toMatchObject({
      parsed: { entry_data: { name: "greeting", file: Buffer.from(bytes).toString("base64") } },
    });
  });

  it("a run gives its output whole or as it grows, and keeps its session", async () => {
    const { client } = await ends();
    const { uuid } = await client.create(
      app,
      anAppDraft({
        type_slug: "text-chat",
        input_fields: [{ name: "question", title: "Question", type: "string" }],
        output_template: { markdown: "{{_inputs0.question}} {{_inputs0.question}} {{_inputs0.question}}" },
        processors: [],
      }),
      NEVER,
    );
    const input = { question: "Why are all of these chunks so small? 😀" };
    const [whole] = await collect(client.run(uuid, { input, stream: "whole" }, NEVER));
    const session = whole?.session ?? "";
    expect(session).not.toBe("");
    const steps = await collect(client.run(uuid, { input, session, stream: "chunks" }, NEVER));
    expect(steps.at(-1)).toEqual({ session, output: whole?.output });
    expect(JSON.stringify(whole?.output)).toContain(input.question);
    expect(steps.length).toBeGreaterThan(2);
  });

  it("one list is one request", async () => {
    const { client, server } = await ends();
    await client.list(app, NEVER);
    await client.list(datasource, NEVER);
    expect(server.journal().map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET /api/datasource_types",
      "GET /api/apps",
      "GET /api/datasources",
    ]);
    expect(client.requestCount()).toBe(3);
  });
});

describe("what the client refuses to send", () => {
  it.each(["", "entries", "../apps", "%2e%2e", `${UUID}/run`])(
    "no request goes out for an object named %j",
    async (bad) => {
      const { url, seen } = await wireServer((_, response) => response.writeHead(204).end());
      const client = await clientOf(url);
      const live = { ...(await liveApp()), uuid: bad };
      const attempts = [
        client.delete(app, bad, NEVER),
        client.delete(datasource, bad, NEVER),
        client.deleteEntry(UUID, bad, NEVER),
        client.deleteEntry(bad, UUID, NEVER),
        client.get(app, bad, NEVER),
        client.update(app, live, anAppDraft(), NEVER),
        client.listEntries(bad, NEVER),
        client.createEntry(bad, anEntryDraft(), NEVER),
        collect(client.run(bad, { input: {}, stream: "whole" }, NEVER)),
      ];
      const errors = await Promise.all(attempts.map((attempt) => rejection(attempt)));
      expect(errors.map((error) => "class" in error && error.class)).toEqual(attempts.map(() => "internal"));
      expect(seen).toEqual([]);
    },
  );

  it.each(["", ".", "..", "a/b", "a?b"])("a session named %j would change the address", async (session) => {
    const client = await clientOf("http://127.0.0.1:1");
    const running = collect(client.run(UUID, { input: {}, session, stream: "whole" }, NEVER));
    await expect(running).rejects.toMatchObject({ class: "usage" });
  });

  it("text that no server can keep", async () => {
    const client = await clientOf("http://127.0.0.1:1");
    await expect(client.create(app, anAppDraft({ description: "\ud800" }), NEVER)).rejects.toMatchObject({
      class: "invalid_manifest",
    });
  });
});

async function liveApp() {
  const { url } = await wireServer((_, response) => json(response, 200, wireApp()));
  const live = await (await clientOf(url)).get(app, UUID, NEVER);
  if (live === undefined) throw new Error("no app");
  return live;
}

describe("lists", () => {
  it("an object that is listed twice counts once", async () => {
    const { url } = await wireServer((_, response) => {
      json(response, 200, [wireApp(), wireApp({}, { uuid: OTHER_UUID }), wireApp({}, { uuid: UUID.toUpperCase() })]);
    });
    const { items } = await (await clientOf(url)).list(app, NEVER);
    expect(items.map(({ uuid }) => uuid)).toEqual([UUID, OTHER_UUID]);
  });

  it("a mark that a person broke is no mark, and leaves the document all the same", async () => {
    const { url } = await wireServer((_, response) => {
      json(response, 200, [
        wireApp({ config: { "x-llmstack-sync": "mine", a: 1 } }),
        wireApp({ config: {} }, { uuid: OTHER_UUID }),
      ]);
    });
    const { items } = await (await clientOf(url)).list(app, NEVER);
    expect(items.map(({ mark, document }) => [mark, document["config"]])).toEqual([
      [undefined, { a: 1 }],
      [undefined, {}],
    ]);
  });

  it("one entry that is not understood makes the whole list unknown", async () => {
    const entry = { uuid: UUID, name: "a", status: "READY", entry_metadata: {}, created_at: "2024" };
    const { url } = await wireServer((_, response) => json(response, 200, [entry, { ...entry, name: null }]));
    const error = await rejection((await clientOf(url)).listEntries(UUID, NEVER));
    expect(error).toMatchObject({ class: "incomplete_read", isRetryable: false });
    expect(error.message).toContain(`item 2 of the list: ${UUID} has no text \`name\``);
  });
});

describe("entries from files", () => {
  it("a file that changes while it is sent stores nothing, and that is the error", async () => {
    const { client } = await overSocket();
    const { uuid } = await client.create(datasource, { ...aDatasourceDraft(), type: "file" }, NEVER);
    const shrunk = { ...aFile(new Uint8Array(100)), size: 200_000 };
    const grown = { ...aFile(new Uint8Array(200_000)), size: 100 };
    for (const file of [shrunk, grown]) {
      const error = await rejection(client.createEntry(uuid, anEntryDraft({ kind: "file", file }), NEVER));
      expect(error).toMatchObject({ class: "stale_plan" });
      expect(error.message).toContain("docs/file.bin changed while it was being sent");
    }
    expect((await client.listEntries(uuid, NEVER)).items).toEqual([]);
  });

  it("a proxy that refuses a large upload is explained with its size", async () => {
    const { url } = await wireServer((_, response) =>
      response.writeHead(413, { "content-type": "text/html" }).end("<html>"),
    );
    const file = aFile(new Uint8Array(2_000_000));
    const error = await rejection((await clientOf(url)).createEntry(UUID, anEntryDraft({ kind: "file", file }), NEVER));
    expect(error).toMatchObject({
      class: "rejected",
      status: 413,
      remedy: expect.stringContaining("client_max_body_size") as string,
    });
    expect(error.message).toMatch(/too large \(we sent 2666\d{3} bytes\)/u);
  });
});

describe("streams of a run", () => {
  const running = async (type: string, body: string) => {
    const { url } = await wireServer((_, response) => response.writeHead(200, { "content-type": type }).end(body));
    return collect((await clientOf(url)).run(UUID, { input: {}, stream: "chunks" }, NEVER));
  };

  it.each([
    ["application/x-ndjson", '{"session":{"id":"s"}}\n{"output":{"a":"Hel"}}\n{"output":{"a":"lo"}}\n'],
    ["application/json", '{"session":{"id":"s"},"output":{"a":"Hel"}}{"output":{"a":"lo"}}'],
    ["text/event-stream", 'data: {"session":{"id":"s"}}\n\ndata: {"a":"Hel"}\n\ndata: {"a":"lo"}\n\n'],
  ])("%s is stitched to the whole", async (type, body) => {
    expect((await running(type, body)).at(-1)).toEqual({ session: "s", output: { a: "Hello" } });
  });

  it("a stream that breaks off is an error, not a short answer", async () => {
    await expect(running("application/x-ndjson", '{"output":"a"}\n{"output":')).rejects.toMatchObject({
      class: "incomplete_read",
    });
  });

  it("a page is no stream", async () => {
    await expect(running("text/html", "<html>")).rejects.toMatchObject({ class: "incomplete_read", status: 200 });
  });
});
