import { describe, expect, it } from "vitest";
import type { Draft } from "../../../../src/client/client.ts";
import type { JsonObject } from "../../../../src/model/json.ts";
import type { Mark } from "../../../../src/model/mark.ts";
import { aMark, app, anAppDraft, OTHER_UUID } from "../../../support/client-builders.ts";
import { realServer, type Release, RELEASES, type RealServer } from "../../../support/real-clients.ts";
import { NEVER, rejection } from "../../../support/wire-server.ts";

const PROCESSOR = {
  id: "_inputs1",
  provider_slug: "promptly",
  processor_slug: "text_chat",
  input: { question: "{{_inputs0.question}}" },
  config: { datasource: [], temperature: 0.2 },
};

const FULL: JsonObject = {
  description: "Answers",
  config: { welcome_message: "Hello", nested: { list: [1, null, "x"] } },
  input_fields: [{ name: "question", title: "Question", type: "string" }],
  output_template: { markdown: "{{_inputs1.answer}}\r\n" },
  processors: [PROCESSOR],
};

function aDraft(document: JsonObject = FULL, mark: Mark = aMark(), type = "text-chat"): Draft {
  return { ...anAppDraft({ ...document, type_slug: type }, mark), type };
}

async function bodiesOf({ server }: RealServer, method: string): Promise<readonly unknown[]> {
  const entries = server.journal().filter((entry) => entry.method === method);
  return entries.map(({ body }) => body?.parsed);
}

describe.each(RELEASES)("an app on %s %s", (...release) => {
  it("is created live in one go, marked, commented, and read back as it was sent", async () => {
    const world = await realServer(release);
    const live = await world.client.create(app, { ...aDraft(), revision: "abc123" }, NEVER);
    expect(live.document).toEqual({ name: "Bot", type_slug: "text-chat", ...FULL });
    expect(live).toMatchObject({ name: "Bot", type: "text-chat", mark: aMark(), isOwned: true, hasLiveVersion: true });
    expect(live.publish).toMatchObject({ state: "Unpublished" });
    expect(live.publishedUuid).toMatch(/^[0-9a-f-]{36}$/u);
    expect(world.requests()).toEqual(["POST /api/apps", `GET /api/apps/${live.uuid}`]);
    const [sent] = await bodiesOf(world, "POST");
    expect(sent).toMatchObject({ draft: false, comment: "llmstack-sync team App/bot n1 abc123" });
    expect(sent).not.toHaveProperty("is_published");
    expect(await world.client.versions(live.uuid, NEVER)).toMatchObject({
      live: { document: live.document, mark: aMark(), comment: "llmstack-sync team App/bot n1 abc123" },
      newestComment: "llmstack-sync team App/bot n1 abc123",
    });
  });

  it("is changed whole and live, and what is left out of it goes", async () => {
    const { client } = await realServer(release);
    const live = await client.create(app, aDraft(), NEVER);
    const document = { processors: [PROCESSOR] };
    const changed = await client.update(app, live, aDraft(document, aMark({ sha256: "1".repeat(64) })), NEVER);
    expect(changed.mark).toEqual(aMark({ sha256: "1".repeat(64) }));
    expect(changed.document).toMatchObject({ description: "", config: {}, input_fields: [], output_template: {} });
    expect((await client.get(app, live.uuid, NEVER))?.document).toEqual(changed.document);
    expect((await client.versions(live.uuid, NEVER)).draft).toBeUndefined();
  });

  it("stands in the list once, as a read of it alone shows it, in one request", async () => {
    const world = await realServer(release);
    const live = await world.client.create(app, aDraft(), NEVER);
    const { items } = await world.client.list(app, NEVER);
    expect(items).toEqual([await world.client.get(app, live.uuid, NEVER)]);
    expect(world.requests().filter((request) => request === "GET /api/apps")).toHaveLength(1);
  });

  it("is deleted though it is published, and absent after that", async () => {
    const { client } = await realServer(release);
    const { uuid } = await client.create(app, aDraft(), NEVER);
    await client.publish(uuid, { state: "Published", visibility: "private" }, NEVER);
    expect(await client.delete(app, uuid, NEVER)).toBe("deleted");
    expect(await client.delete(app, uuid, NEVER)).toBe("absent");
    expect(await client.get(app, uuid, NEVER)).toBeUndefined();
    expect((await client.list(app, NEVER)).items).toEqual([]);
  });

  it("keeps its integrations when a manifest says nothing of them, and gives them back without the server's blanks", async () => {
    const { client } = await realServer(release);
    const slack_config = { app_id: "A1", bot_token: "xoxb-secret" };
    const set = await client.create(app, aDraft({ ...FULL, slack_config }), NEVER);
    expect(set.document["slack_config"]).toMatchObject(slack_config);
    expect(set.document).not.toHaveProperty("web_config");
    const kept = await client.update(app, set, aDraft({ ...FULL, description: "Other" }), NEVER);
    expect(kept.document["slack_config"]).toMatchObject(slack_config);
    const { rules } = client;
    expect(rules.isServerDefault("App", "/slack_config", kept.document["slack_config"] ?? null, kept.document)).toBe(
      true,
    );
    for (const [key, value] of Object.entries(kept.document["slack_config"] as JsonObject)) {
      const isDeclared = key in slack_config;
      expect(rules.isServerDefault("App", `/slack_config/${key}`, value, kept.document)).toBe(!isDeclared);
    }
  });

  it("is refused, with nothing sent, where it would break the list of apps", async () => {
    const world = await realServer(release);
    const bad: readonly JsonObject[] = [
      { ...FULL, config: { text: "\0" } },
      { ...FULL, description: "\ud800" },
      { ...FULL, config: { big: 2 ** 70 } },
      { ...FULL, config: [] },
      { ...FULL, processors: "x" },
      { ...FULL, processors: [null] },
      { ...FULL, description: 5 },
    ];
    for (const document of bad) {
      await expect(world.client.create(app, aDraft(document), NEVER)).rejects.toMatchObject({
        class: "invalid_manifest",
      });
    }
    expect(world.requests()).toEqual([]);
  });

  it("is found as what a failed create left behind, and as nothing else is", async () => {
    const { client, ask } = await realServer(release);
    const before = await client.create(app, aDraft(), NEVER);
    const orphan = { name: "Bot", type_slug: "text-chat", config: {}, comment: null, processors: [], description: "" };
    await ask("POST", "/api/apps", orphan);
    const after = await client.create(app, aDraft(), NEVER);
    const { items } = await client.list(app, NEVER);
    expect(items).toHaveLength(3);
    const known = new Set([before.uuid]);
    const orphans = await client.findOrphans(app, { name: "Bot", known }, NEVER);
    expect(orphans).toHaveLength(1);
    expect(orphans).not.toContain(after.uuid);
    expect(await client.findOrphans(app, { name: "Other", known }, NEVER)).toEqual([]);
    expect(await client.findOrphans(app, { name: "Bot", known: new Set(orphans) }, NEVER)).toEqual([]);
    expect(await client.versions(orphans[0] ?? "", NEVER)).toEqual({ newestComment: "", comments: [] });
    expect(await client.delete(app, orphans[0] ?? "", NEVER)).toBe("deleted");
    expect((await client.list(app, NEVER)).items).toHaveLength(2);
  });

  it("that somebody has a draft of is seen with both, and the draft goes with the next change", async () => {
    const { client, ask } = await realServer(release);
    const live = await client.create(app, aDraft(), NEVER);
    await ask("PATCH", `/api/apps/${live.uuid}`, {
      ...FULL,
      name: "Bot, edited",
      type_slug: "text-chat",
      description: "by hand",
      draft: true,
    });
    const versions = await client.versions(live.uuid, NEVER);
    expect(versions.draft?.document).toMatchObject({ name: "Bot, edited", description: "by hand" });
    expect(versions.newestComment).toBe("");
    const now = await client.get(app, live.uuid, NEVER);
    // Where a change overwrites the row that runs, a draft takes its place, and nothing runs.
    const isStillLive = client.rules.capabilities.mintsVersions;
    expect(now?.hasLiveVersion).toBe(isStillLive);
    expect([versions.live?.document, versions.live?.mark]).toEqual(
      isStillLive ? [live.document, aMark()] : [undefined, undefined],
    );
    await client.update(app, now ?? live, aDraft(), NEVER);
    const after = await client.versions(live.uuid, NEVER);
    expect(after.draft).toBeUndefined();
    expect(after.live?.document).toMatchObject({ name: "Bot", description: "Answers" });
  });

  it("that is not there is nothing, and its versions are an error", async () => {
    const { client } = await realServer(release);
    expect(await client.get(app, OTHER_UUID, NEVER)).toBeUndefined();
    expect(await client.delete(app, OTHER_UUID, NEVER)).toBe("absent");
    await expect(client.versions(OTHER_UUID, NEVER)).rejects.toMatchObject({ class: "not_found" });
  });
});

describe("what only some releases do", () => {
  it("a voice agent's input fields are the manifest's, or the server's where it states none", async () => {
    const { client } = await realServer(["versioned", "HEAD"]);
    const fields = [{ name: "mine", title: "Mine", type: "string" }];
    const mine = await client.create(app, aDraft({ ...FULL, input_fields: fields }, aMark(), "voice-agent"), NEVER);
    expect(mine.document["input_fields"]).toEqual(fields);
    const { input_fields: _fields, ...rest } = FULL;
    const theirs = await client.create(app, aDraft(rest, aMark({ nonce: "n2" }), "voice-agent"), NEVER);
    const forced = theirs.document["input_fields"] ?? null;
    expect(forced).not.toEqual([]);
    expect(client.rules.isServerDefault("App", "/input_fields", forced, theirs.document)).toBe(true);
    expect(client.rules.isServerDefault("App", "/input_fields", forced, mine.document["type_slug"] ? FULL : {})).toBe(
      false,
    );
    const changed = await client.update(
      app,
      theirs,
      aDraft({ ...rest, description: "x" }, aMark(), "voice-agent"),
      NEVER,
    );
    expect(changed.document["input_fields"]).toEqual(forced);
  });

  it.each<Release>([
    ["slug", "v0.2.0"],
    ["classic", "v0.1.4"],
  ])("on %s %s an app without processors is never sent a change, which would fail", async (...release) => {
    const world = await realServer(release);
    const { processors: _processors, ...document } = FULL;
    const live = await world.client.create(app, aDraft(document), NEVER);
    const sent = world.requests().length;
    await expect(world.client.update(app, live, aDraft(document), NEVER)).rejects.toMatchObject({ class: "rejected" });
    expect(world.requests()).toHaveLength(sent);
    expect(world.client.rules.capabilities.kinds["App"]?.neededForUpdate).toEqual(["/processors"]);
  });

  it("Discord's own command id outlives a change of the integration", async () => {
    const { client, ask } = await realServer(["versioned", "HEAD"]);
    const discord_config = { app_id: "1", bot_token: "t", public_key: "k" };
    const live = await client.create(app, aDraft({ ...FULL, discord_config }), NEVER);
    await ask("PATCH", `/api/apps/${live.uuid}`, {
      discord_config: { ...discord_config, slash_command_id: "77" },
      draft: false,
    });
    const now = (await client.get(app, live.uuid, NEVER)) ?? live;
    const changed = await client.update(
      app,
      now,
      aDraft({ ...FULL, discord_config: { ...discord_config, app_id: "2" } }),
      NEVER,
    );
    expect(changed.document["discord_config"]).toMatchObject({ app_id: "2", slash_command_id: "77" });
    expect(client.rules.isServerDefault("App", "/discord_config/slash_command_id", "77", changed.document)).toBe(true);
  });

  it("a type that somebody wrote into the data alone is not believed", async () => {
    const { client, ask } = await realServer(["versioned", "HEAD"]);
    const live = await client.create(app, aDraft(), NEVER);
    await ask("PATCH", `/api/apps/${live.uuid}`, { type_slug: "web", draft: false });
    const now = await client.get(app, live.uuid, NEVER);
    expect(now).toMatchObject({ type: "text-chat", document: { type_slug: "text-chat" } });
    expect((await client.versions(live.uuid, NEVER)).live?.document["type_slug"]).toBe("text-chat");
  });

  it("an app that the server cannot read any more is named, and can be deleted", async () => {
    const { client, ask } = await realServer(["versioned", "HEAD"]);
    await client.create(app, aDraft(), NEVER);
    await ask("POST", "/api/apps", { name: "Big", type_slug: "web", config: { n: 2 ** 70 }, draft: false });
    const rows = JSON.parse(await ask("GET", "/api/apps?fields=uuid,name")) as { uuid: string; name: string }[];
    const uuid = rows.find(({ name }) => name === "Big")?.uuid ?? "";
    const error = await rejection(client.list(app, NEVER));
    expect(error).toMatchObject({ class: "incomplete_read" });
    expect(error.message).toContain(uuid);
    expect(await client.delete(app, uuid, NEVER)).toBe("deleted");
    expect((await client.list(app, NEVER)).items).toHaveLength(1);
  });
});
