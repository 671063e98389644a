import { describe, expect, it } from "vitest";
import type { Draft } from "../../../../src/client/client.ts";
import { connect } from "../../../../src/client/connect.ts";
import type { JsonObject } from "../../../../src/model/json.ts";
import { aMark, datasource, OTHER_UUID, UUID } from "../../../support/client-builders.ts";
import { realServer, RELEASES, type Release } from "../../../support/real-clients.ts";
import { json, NEVER, rejection, TOKEN, wireServer } from "../../../support/wire-server.ts";

const MARK = aMark({ key: "Datasource/docs", protect: true });

function aDraft(type = "text", more: JsonObject = {}): Draft {
  return { name: "Docs", type, document: { name: "Docs", type, ...more }, mark: MARK };
}

describe.each(RELEASES)("a datasource on %s %s", (...release) => {
  it("is made by the name of its type, listed, read and deleted", async () => {
    const { client } = await realServer(release);
    const made = await client.create(datasource, aDraft(), NEVER);
    expect(made).toMatchObject({ kind: "Datasource", name: "Docs", type: "text", isOwned: true });
    expect(made.document).toMatchObject({ name: "Docs", type: "text" });
    expect((await client.list(datasource, NEVER)).items).toEqual([made]);
    expect(await client.get(datasource, made.uuid, NEVER)).toEqual(made);
    expect(await client.delete(datasource, made.uuid, NEVER)).toBe("deleted");
    expect(await client.delete(datasource, made.uuid, NEVER)).toBe("absent");
    expect(await client.get(datasource, made.uuid, NEVER)).toBeUndefined();
  });

  it("carries its mark where the server keeps one, without what will never be true again", async () => {
    const { client } = await realServer(release);
    const { mark, document } = await client.create(datasource, aDraft(), NEVER);
    const { sha256: _sha256, ...fixed } = MARK;
    const isKept = client.rules.capabilities.kinds["Datasource"]?.mark === "fixed";
    expect(isKept).toBe(["HEAD", "v0.2.6", "v0.2.5"].includes(release[1]));
    expect(mark).toEqual(isKept ? fixed : undefined);
    expect(JSON.stringify(document)).not.toContain("llmstack-sync");
  });

  it("that needs no saying of a pipeline is in sync with a manifest that says nothing of one", async () => {
    const { client } = await realServer(release);
    const { document } = await client.create(datasource, aDraft(), NEVER);
    const { name: _name, type: _type, ...rest } = document;
    for (const [key, value] of Object.entries(rest)) {
      expect(client.rules.isServerDefault("Datasource", `/${key}`, value, document)).toBe(true);
    }
  });

  it("is never changed in place", async () => {
    const world = await realServer(release);
    const made = await world.client.create(datasource, aDraft(), NEVER);
    const before = world.requests().length;
    await expect(world.client.update(datasource, made, aDraft(), NEVER)).rejects.toMatchObject({ class: "internal" });
    expect(world.requests()).toHaveLength(before);
  });

  it("of a type that the server has not is refused with those that it has, and nothing is sent", async () => {
    const world = await realServer(release);
    const error = await rejection(world.client.create(datasource, aDraft("gopher"), NEVER));
    expect(error).toMatchObject({ class: "invalid_manifest" });
    expect(error.message).toMatch(/gopher.*text/u);
    expect(world.requests().filter((request) => request.startsWith("POST"))).toEqual([]);
  });

  it("asks for the server's types once, however many are made", async () => {
    const world = await realServer(release);
    for (let count = 0; count < 3; count += 1) await world.client.create(datasource, aDraft(), NEVER);
    expect(world.requests().filter((request) => request.startsWith("GET"))).toHaveLength(1);
  });
});

const PIPELINES: readonly Release[] = [
  ["versioned", "HEAD"],
  ["pipeline", "v0.2.5"],
  ["pipeline", "v0.2.1"],
];

describe.each(PIPELINES)("the pipeline of a datasource on %s %s", (...release) => {
  const settings = { strategy: { max_characters: 500 } };
  const pipeline = { transformations: [{ slug: "splitter", provider_slug: "unstructured", data: settings }] };

  it("is the manifest's where it says something, and the server's own otherwise", async () => {
    const { client, server } = await realServer(release);
    const { document } = await client.create(datasource, aDraft("text", { pipeline }), NEVER);
    const sent = server.journal().find(({ method }) => method === "POST")?.body?.parsed as JsonObject;
    expect(sent["pipeline"]).toMatchObject({
      source: { slug: "text", provider_slug: "promptly", data: {} },
      transformations: [{ slug: "splitter", provider_slug: "unstructured", data: settings }],
      embedding: { slug: "embeddings-generator" },
      destination: { slug: "vector-store" },
    });
    const hasPipelines = client.rules.capabilities.kinds["Datasource"]?.mark === "fixed";
    expect("pipeline" in document).toBe(hasPipelines);
    const hidden = { sent: pipeline, got: document["pipeline"] };
    expect(client.rules.isServerRewrite("Datasource", "/pipeline", hidden, document)).toBe(!hasPipelines);
  });

  it.each([
    [{ transformations: [{ slug: "code-splitter", provider_slug: "llamaindex" }] }, /llamaindex\/code-splitter/u],
    [{ destination: { slug: "papyrus", provider_slug: "promptly" } }, /promptly\/papyrus/u],
    [{ source: "text" }, /source "\/"/u],
    [{ embedding: { slug: "embeddings-generator" }, source: { slug: "x" } }, /promptly\/x/u],
  ])("%j is refused: the datasource could never be deleted again", async (bad, says) => {
    const world = await realServer(release);
    const error = await rejection(world.client.create(datasource, aDraft("text", { pipeline: bad }), NEVER));
    expect(error).toMatchObject({ class: "invalid_manifest" });
    expect(error.message).toMatch(says);
    expect(world.requests().filter((request) => request.startsWith("POST"))).toEqual([]);
  });
});

describe("a datasource of one's own making", () => {
  const custom = {
    source: { slug: "text", provider_slug: "promptly", data: { secret: "hidden" } },
    transformations: [{ slug: "splitter", provider_slug: "unstructured", data: {} }],
    destination: { slug: "sqlite", provider_slug: "promptly" },
  };

  it("is kept as it is sent, but for what its source was told", async () => {
    const { client } = await realServer(["versioned", "HEAD"]);
    const { document, type } = await client.create(datasource, aDraft("custom", { pipeline: custom }), NEVER);
    expect(type).toBe("custom");
    expect(document["pipeline"]).toMatchObject({ source: { data: {} }, destination: { slug: "sqlite", data: {} } });
    const { rules } = client;
    const rewritten = (pointer: string, got?: null): boolean =>
      rules.isServerRewrite("Datasource", pointer, { sent: "hidden", got }, document);
    expect(rewritten("/pipeline/source/data/secret")).toBe(true);
    expect(rewritten("/pipeline/embedding/data")).toBe(false);
    expect(rewritten("/pipeline/destination/data/x")).toBe(false);
    expect(rewritten("/name")).toBe(false);
  });

  it.each([undefined, {}, { source: custom.source }])("is refused without a destination: %j", async (pipeline) => {
    const { client } = await realServer(["versioned", "HEAD"]);
    const draft = aDraft("custom", pipeline === undefined ? {} : { pipeline });
    await expect(client.create(datasource, draft, NEVER)).rejects.toMatchObject({ class: "invalid_manifest" });
  });

  it("with a template has the template's embedding, whatever it says", async () => {
    const { client } = await realServer(["versioned", "HEAD"]);
    const embedding = { slug: "embeddings-generator", provider_slug: "promptly", data: { model: "mine" } };
    const { document } = await client.create(datasource, aDraft("text", { pipeline: { embedding } }), NEVER);
    const values = { sent: "mine", got: undefined };
    expect(JSON.stringify(document)).not.toContain("mine");
    expect(client.rules.isServerRewrite("Datasource", "/pipeline/embedding/data/model", values, document)).toBe(true);
  });
});

it.each<Release>([
  ["slug", "v0.2.0"],
  ["classic", "v0.1.4"],
])("a type that needs settings is refused on %s %s, which takes none from a manifest", async (...release) => {
  const world = await realServer(release);
  const error = await rejection(world.client.create(datasource, aDraft("weaviate"), NEVER));
  expect(error).toMatchObject({ class: "invalid_manifest" });
  expect(world.requests().filter((request) => request.startsWith("POST"))).toEqual([]);
});

describe("datasources of others", () => {
  it("that an organisation shares are listed once each, and as not ours", async () => {
    const shared = (uuid: string, name: string) => ({ uuid, name, type_slug: "text", visibility: 1 });
    const organization = "lovelace";
    const { client } = await realServer(["versioned", "HEAD"], {
      accounts: [
        { username: "ada", email: "ada@x.org", token: TOKEN, organization, datasources: [shared(UUID, "Mine")] },
        { username: "bob", email: "bob@x.org", organization, datasources: [shared(OTHER_UUID, "Bob's")] },
      ],
    });
    const { items } = await client.list(datasource, NEVER);
    expect(items).toHaveLength(2);
    expect(new Map(items.map(({ uuid, isOwned }) => [uuid, isOwned]))).toEqual(
      new Map([
        [UUID, true],
        [OTHER_UUID, false],
      ]),
    );
  });
});

it("a list that a row without a pipeline broke says what that is", async () => {
  const { client, ask } = await realServer(["versioned", "HEAD"]);
  await ask("POST", "/api/datasources", { name: "Bad", type_slug: "custom", pipeline: null });
  await expect(client.list(datasource, NEVER)).rejects.toMatchObject({
    class: "server_error",
    remedy: expect.stringContaining("without a pipeline") as string,
  });
});

it.each<[JsonObject, JsonObject]>([
  [{ slug: "text", name: "Text", input_schema: {} }, { config: {} }],
  [
    { slug: "text", name: "Text", source: {} },
    { destination_data: {}, transformation_data: {} },
  ],
])("what an early release of dialect slug takes is told by its types: %j", async (type, more) => {
  const made = { uuid: UUID, name: "Docs", type: { slug: "text" }, created_at: "x", updated_at: "x" };
  const { url, seen } = await wireServer(({ method, path }, response) => {
    if (method === "POST") return json(response, 201, made);
    return json(response, 200, path === "/api/me" ? {} : [type]);
  });
  const client = await connect({ url, token: TOKEN, timeoutMs: 5_000, retryBudgetMs: 50 }, NEVER);
  expect(client.server.dialect).toBe("slug");
  await client.create(datasource, aDraft(), NEVER);
  expect(JSON.parse(seen.at(-1)?.body ?? "")).toEqual({ name: "Docs", type_slug: "text", ...more });
});

describe("whose a datasource is", () => {
  it.each<[JsonObject, boolean]>([
    [{}, true],
    [{ owner_email: "" }, true],
    [{ owner_email: "ada@x.org" }, true],
    [{ owner_email: "bob@x.org" }, false],
    [{ owner_email: "bob@x.org", is_user_owned: true }, true],
    [{ owner_email: "ada@x.org", is_user_owned: false }, false],
  ])("%j: is it ours? %j", async (facts, isOwned) => {
    const item = { uuid: UUID, name: "Docs", type: { name: "Text" }, created_at: "x", updated_at: "x", ...facts };
    const { url } = await wireServer(({ path }, response) =>
      json(response, 200, path === "/api/me" ? { user: "ada@x.org" } : [item, item]),
    );
    const client = await connect({ url, token: TOKEN, dialect: "slug", timeoutMs: 5_000, retryBudgetMs: 50 }, NEVER);
    const { items } = await client.list(datasource, NEVER);
    expect(items).toMatchObject([{ uuid: UUID, type: "text", isOwned }]);
  });
});
