import { describe, expect, it } from "vitest";
import { connect } from "../../../../src/client/connect.ts";
import {
  aDatasourceDraft,
  anAppDraft,
  anEntryDraft,
  app,
  aMark,
  datasource,
  UUID,
} from "../../../support/client-builders.ts";
import { realServer, RELEASES } from "../../../support/real-clients.ts";
import { collect, json, NEVER, page, rejection, TOKEN, wireServer } from "../../../support/wire-server.ts";

const ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

/** Everything that a client may ever write to; sections of llmstack-server.md say what happens elsewhere. */
const ALLOWED = new RegExp(
  `^(?:POST /api/(?:apps|datasources)|PATCH /api/apps/${ID}|DELETE /api/(?:apps|datasources|datasource_entries)/${ID}|POST /api/apps/${ID}/(?:publish|unpublish|run)|POST /api/datasources/${ID}/add_entry)$`,
  "u",
);

describe.each(RELEASES)("everything a client does on %s %s", (...release) => {
  it("writes to whole addresses of one object, and nowhere else", async () => {
    const world = await realServer(release);
    const { client } = world;
    const draft = anAppDraft({
      type_slug: "web",
      processors: [{ id: "a", provider_slug: "promptly", processor_slug: "llm", config: {} }],
    });
    const live = await client.create(app, draft, NEVER);
    await client.update(app, live, draft, NEVER);
    await client.publish(live.uuid, { state: "Published", visibility: "private" }, NEVER);
    await client.publish(live.uuid, { state: "Unpublished" }, NEVER);
    await collect(client.run(live.uuid, { input: {}, stream: "whole" }, NEVER)).catch(() => undefined);
    await client.delete(app, live.uuid, NEVER);
    const made = await client.create(datasource, aDatasourceDraft(), NEVER);
    await client.createEntry(made.uuid, anEntryDraft(), NEVER);
    const { items } = await client.listEntries(made.uuid, NEVER);
    for (const { uuid } of items) await client.deleteEntry(made.uuid, uuid, NEVER);
    await client.delete(datasource, made.uuid, NEVER);
    const writes = world.requests().filter((request) => !/^(?:GET|OPTIONS) /u.test(request));
    expect(writes.length).toBeGreaterThan(8);
    expect(writes.filter((request) => !ALLOWED.test(request))).toEqual([]);
    expect(world.server.journal().filter(({ defect }) => defect !== undefined)).toEqual([]);
    expect(JSON.stringify(world.server.journal())).not.toContain("refresh_interval");
  });

  it.each(["", "..", "x", `${UUID}/entries`, ` ${UUID}`, "?a"])(
    "sends nothing for %j, which is no uuid",
    async (bad) => {
      const world = await realServer(release);
      const { client } = world;
      const internal = { class: "internal" };
      for (const kind of [app, datasource]) {
        await expect(client.get(kind, bad, NEVER)).rejects.toMatchObject(internal);
        await expect(client.delete(kind, bad, NEVER)).rejects.toMatchObject(internal);
      }
      await expect(client.deleteEntry(UUID, bad, NEVER)).rejects.toMatchObject(internal);
      await expect(client.listEntries(bad, NEVER)).rejects.toMatchObject(internal);
      await expect(client.createEntry(bad, anEntryDraft(), NEVER)).rejects.toMatchObject(internal);
      await expect(client.versions(bad, NEVER)).rejects.toMatchObject(internal);
      await expect(client.publish(bad, {}, NEVER)).rejects.toMatchObject(internal);
      expect(world.requests()).toEqual([]);
    },
  );
});

describe("secrets", () => {
  const SECRET = "xoxb-1234567890-very-secret";

  it("of connections are dropped at once: names and ids are all that is given", async () => {
    const connections = [
      { id: UUID, name: "Store", configuration: { password: SECRET } },
      { id: "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee", name: "Store", configuration: {} },
      { id: "22222222-2222-4222-8222-222222222222", name: "Mail", configuration: { token: SECRET } },
    ];
    const { client } = await realServer(["versioned", "HEAD"], {
      accounts: [{ username: "ada", token: TOKEN, connections }],
    });
    const found = await client.connections(NEVER);
    expect([...found.keys()]).toEqual(["Store", "Mail"]);
    expect(found.get("Store")).toHaveLength(2);
    expect(JSON.stringify([...found])).not.toContain(SECRET);
  });

  it.each<[string, unknown]>([
    ["a list of something else", [{ name: SECRET, configuration: { password: SECRET } }]],
    ["an object", { password: SECRET }],
    ["a text", SECRET],
  ])("stay out of the error for %s where connections belong", async (_, body) => {
    const { url } = await wireServer((_request, response) => json(response, 200, body));
    const client = await connect(
      { url, token: TOKEN, dialect: "versioned", timeoutMs: 5_000, retryBudgetMs: 50 },
      NEVER,
    );
    const error = await rejection(client.connections(NEVER));
    expect(error).toMatchObject({ class: "incomplete_read" });
    expect(`${error.message} ${JSON.stringify(error)} ${error.stack ?? ""}`).not.toContain(SECRET);
  });

  it.each([400, 403, 409, 500, 502])(
    "that we sent stay out of the error of an answer %i that repeats them",
    async (status) => {
      const { url } = await wireServer(({ method, path }, response) => {
        if (method === "GET")
          return path === "/api/me" ? json(response, 200, { user: "a@b.org" }) : page(response, 200);
        return json(response, status, { detail: `bad ${SECRET}`, slack_config: [`no ${SECRET}`] });
      });
      const client = await connect(
        { url, token: TOKEN, dialect: "versioned", timeoutMs: 5_000, retryBudgetMs: 50 },
        NEVER,
      );
      const draft = anAppDraft({ slack_config: { bot_token: SECRET } });
      const error = await rejection(client.create(app, draft, NEVER));
      expect(`${error.message} ${JSON.stringify(error)}`).not.toContain(SECRET);
    },
  );
});

describe("a create whose end is not known", () => {
  const wire = { uuid: UUID, name: "Bot", app_type_slug: "web", created_at: "x", last_updated_at: "x", data: {} };

  it.each([
    ["the server failed on it", { created: 500, read: 200 }],
    ["it was made, and reading it fails", { created: 201, read: 500 }],
    ["it was made, and is not there", { created: 201, read: 404 }],
  ])("is unclear where %s", async (_, { created, read }) => {
    const { url, seen } = await wireServer(({ method, path }, response) => {
      if (method === "POST") return created === 201 ? json(response, 201, wire) : page(response, created);
      if (path === "/api/me") return json(response, 200, { user: "" });
      return read === 404 ? json(response, 404, { detail: "No App" }) : page(response, read);
    });
    const client = await connect(
      { url, token: TOKEN, dialect: "versioned", timeoutMs: 5_000, retryBudgetMs: 50 },
      NEVER,
    );
    const error = await rejection(client.create(app, anAppDraft(), NEVER));
    expect(error).toMatchObject({ class: "ambiguous_write" });
    expect(error.message).toContain(created === 201 ? UUID : "POST /api/apps");
    expect(seen.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  it("ends with the reason when it is ended from outside", async () => {
    const stop = new AbortController();
    const { url } = await wireServer(({ method, path }, response) => {
      if (method === "POST") return json(response, 201, wire);
      if (path === "/api/me") return json(response, 200, {});
      stop.abort(new Error("stopped"));
    });
    const client = await connect(
      { url, token: TOKEN, dialect: "versioned", timeoutMs: 5_000, retryBudgetMs: 50 },
      NEVER,
    );
    await expect(client.create(app, anAppDraft({}, aMark()), stop.signal)).rejects.toThrow("stopped");
  });
});

describe("a run", () => {
  it("gives the output, and says that it failed without repeating what with", async () => {
    const { client } = await realServer(["versioned", "HEAD"]);
    const live = await client.create(
      app,
      anAppDraft({ type_slug: "web", output_template: { markdown: "Hi {{_inputs0.name}}" } }),
      NEVER,
    );
    const [last] = (await collect(client.run(live.uuid, { input: { name: "Ada" }, stream: "chunks" }, NEVER))).slice(
      -1,
    );
    expect(last).toMatchObject({ output: "Hi Ada" });
    expect(last?.session).toBeDefined();
  });

  it.each(RELEASES)("goes on with its session on %s %s", async (...release) => {
    const { client } = await realServer(release);
    const processors = [
      { id: "a", provider_slug: "promptly", processor_slug: "text_chat", config: { datasource: [] }, input: {} },
    ];
    const draft = anAppDraft({ type_slug: "web", processors, output_template: { markdown: "{{a.answer}}" } });
    const live = await client.create(app, draft, NEVER);
    const request = { input: {}, session: "session-1", stream: "whole" } as const;
    const runs = [
      await collect(client.run(live.uuid, request, NEVER)),
      await collect(client.run(live.uuid, request, NEVER)),
    ];
    expect(runs.map(([run]) => run?.session)).toEqual(["session-1", "session-1"]);
    expect(runs[0]?.[0]?.output).not.toEqual(runs[1]?.[0]?.output);
  });

  it.each([{ errors: ["secret-input went wrong"] }, { output: null, errors: ["secret-input", "b"] }])(
    "%j",
    async (body) => {
      const { url } = await wireServer(({ path }, response) => json(response, 200, path === "/api/me" ? {} : body));
      const client = await connect(
        { url, token: TOKEN, dialect: "versioned", timeoutMs: 5_000, retryBudgetMs: 50 },
        NEVER,
      );
      const error = await rejection(collect(client.run(UUID, { input: {}, stream: "whole" }, NEVER)));
      expect(error).toMatchObject({ class: "server_error" });
      expect(error.message).not.toContain("secret-input");
    },
  );
});
