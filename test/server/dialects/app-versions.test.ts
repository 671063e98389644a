import { describe, expect, it } from "vitest";
import { anApp, type Api } from "../../support/server-requests.ts";
import { NEW, OLD, REAL, type RealName, seen, startReal } from "../../support/real-servers.ts";

const LIVE = { draft: false, description: "d", input_fields: [] };

interface Version {
  readonly version: number;
  readonly is_draft: boolean;
  readonly comment: string;
  readonly data: unknown;
}

async function versionsOf(api: Api, uuid: string): Promise<readonly string[]> {
  const { json } = await api.send("GET", `/api/apps/${uuid}/versions`);
  return (json as Version[]).map(
    ({ version, is_draft, comment }) => `${version}${is_draft ? " draft" : ""} ${comment}`,
  );
}

function patch(api: Api, uuid: string, more: Record<string, unknown>): ReturnType<Api["send"]> {
  return api.send("PATCH", `/api/apps/${uuid}`, { ...anApp(LIVE), ...more });
}

async function isLive(api: Api, uuid: string): Promise<unknown> {
  const { json } = await api.send("GET", `/api/apps/${uuid}?fields=has_live_version`);
  return (json as { has_live_version: unknown }).has_live_version;
}

describe.each(REAL)("versions on %s", (dialect) => {
  const overwrites = dialect === "pipeline";

  it("start with a draft, `First version`", async () => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp());
    expect(await versionsOf(api, uuid)).toEqual(["0 draft First version"]);
    expect(await isLive(api, uuid)).toBe(false);
    expect(seen(await api.send("GET", `/api/apps/${uuid}/versions/0`))).toBe("404 json");
    expect(seen(await api.send("GET", `/api/apps/${uuid}/versions/0?draft=True`))).toBe("200 json");
  });

  it("show no data in their list, and all of it one by one", async () => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp({ ...LIVE, comment: "mine" }));
    expect((await api.send("GET", `/api/apps/${uuid}/versions`)).json).toEqual([
      {
        version: 0,
        app_uuid: uuid,
        data: null,
        created_at: expect.any(String) as unknown,
        last_updated_at: expect.any(String) as unknown,
        is_draft: false,
        comment: "mine",
      },
    ]);
    const { draft: _draft, ...data } = anApp(LIVE);
    const one = (await api.send("GET", `/api/apps/${uuid}/versions/0`)).json as Version;
    expect(one).toMatchObject({ data });
    expect(Object.keys(one.data as object)).not.toContain("version");
  });

  it("a draft is promoted in place by draft: false, and written again by draft: true", async () => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp());
    await patch(api, uuid, { draft: true, comment: "still" });
    expect(await versionsOf(api, uuid)).toEqual(["0 draft still"]);
    await patch(api, uuid, { comment: "now" });
    expect(await versionsOf(api, uuid)).toEqual(["0 now"]);
    expect(await isLive(api, uuid)).toBe(true);
  });

  it("a live PATCH makes a new version, or writes the only row again", async () => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp(LIVE));
    await patch(api, uuid, { comment: "a" });
    await patch(api, uuid, { comment: "b" });
    expect(await versionsOf(api, uuid)).toEqual(overwrites ? ["0 b"] : ["2 b", "1 a", "0 First version"]);
  });

  it("a draft PATCH adds a draft, or takes the live version down", async () => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp(LIVE));
    await patch(api, uuid, { draft: true, comment: "try" });
    expect(await versionsOf(api, uuid)).toEqual(overwrites ? ["0 draft try"] : ["1 draft try", "0 First version"]);
    expect(await isLive(api, uuid)).toBe(!overwrites);
  });

  it("a PATCH without draft is one of a draft, and its comment is empty", async () => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp());
    await api.send("PATCH", `/api/apps/${uuid}`, {});
    expect(await versionsOf(api, uuid)).toEqual(["0 draft "]);
  });

  it("the newest is what GET answers, draft or not", async () => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp(LIVE));
    await patch(api, uuid, { draft: true, description: "draft" });
    expect((await api.send("GET", `/api/apps/${uuid}`)).json).toMatchObject({ data: { description: "draft" } });
  });

  it("of two PATCHes at a time one finds its number taken, where numbers are made", async () => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp(LIVE));
    const answers = await Promise.all(["a", "b", "c"].map((comment) => patch(api, uuid, { comment })));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(overwrites ? 3 : 1);
    expect(statuses.filter((status) => status === 500)).toHaveLength(overwrites ? 0 : 2);
    expect(await versionsOf(api, uuid)).toHaveLength(overwrites ? 1 : 2);
  });

  it("processors [] or absent keeps the old ones, null is 500", async () => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp());
    for (const processors of [[], undefined]) {
      const { status, json } = await patch(api, uuid, { processors, draft: true });
      expect([status, json]).toMatchObject([201, { data: { processors: [{ id: "_inputs1" }] } }]);
    }
    expect(seen(await patch(api, uuid, { processors: null }))).toBe("500 html");
  });

  it("a name that is refused is half applied: in the data, not in the row", async () => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp());
    for (const name of [null, "x".repeat(101)]) {
      expect(seen(await patch(api, uuid, { name, draft: true }))).toBe("500 html");
      expect((await api.send("GET", `/api/apps/${uuid}`)).json).toMatchObject({ name: "Helper", data: { name } });
    }
  });

  it.each([{ draft: "false" }, { draft: null }, { comment: null }])("%j is 500 and changes nothing", async (more) => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp());
    expect(seen(await patch(api, uuid, more))).toBe("500 html");
    expect(await versionsOf(api, uuid)).toEqual(["0 draft First version"]);
  });

  it("a type in a PATCH changes the data and not what the app is", async () => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp());
    const { json } = await patch(api, uuid, { type_slug: "web" });
    expect(json).toMatchObject({ app_type_slug: "text-chat", data: { type_slug: "web" } });
  });

  it("what a PATCH cannot set is ignored", async () => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp(LIVE));
    const { json } = await patch(api, uuid, { is_published: true, visibility: 0, uuid: "x", template_slug: "y" });
    expect(json).toMatchObject({ uuid, is_published: false, visibility: 3, template: null });
  });
});

describe("an empty config in a PATCH", () => {
  const after = async (dialect: RealName, release: string | undefined): Promise<unknown> => {
    const api = startReal(dialect, release === undefined ? {} : { release });
    const { uuid } = await api.send("POST", "/api/apps", anApp());
    return ((await patch(api, uuid, { config: {} })).json as { data: { config: unknown } }).data.config;
  };

  it.each([
    ["versioned", undefined],
    ["pipeline", undefined],
    ["pipeline", "v0.2.3"],
  ] as const)("keeps the old one on %s %s", async (dialect, release) => {
    expect(await after(dialect, release)).toEqual({ welcome_message: "Hello" });
  });

  it.each([
    ["pipeline", "v0.2.1"],
    ["slug", undefined],
    ["classic", undefined],
  ] as const)("replaces the old one on %s %s", async (dialect, release) => {
    expect(await after(dialect, release)).toEqual({});
  });
});

describe("keys that a PATCH does not name", () => {
  it.each(NEW)("are kept on %s, from the live version too", async (dialect) => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp(LIVE));
    const { json } = await api.send("PATCH", `/api/apps/${uuid}`, { name: "New", draft: false });
    expect(json).toMatchObject({
      name: "New",
      data: { name: "New", description: "d", processors: [{ id: "_inputs1" }] },
    });
  });

  it.each(OLD)("are kept from a draft only on %s; without one it is 500", async (dialect) => {
    const api = startReal(dialect);
    const live = await api.send("POST", "/api/apps", anApp(LIVE));
    expect(seen(await api.send("PATCH", `/api/apps/${live.uuid}`, { name: "New" }))).toBe("500 html");
    expect(seen(await patch(api, live.uuid, { processors: [] }))).toBe("500 html");
    expect(seen(await patch(api, live.uuid, {}))).toBe("201 json");
    const draft = await api.send("POST", "/api/apps", anApp());
    const { json } = await api.send("PATCH", `/api/apps/${draft.uuid}`, { name: "New" });
    expect(json).toMatchObject({ name: "New", data: { config: { welcome_message: "Hello" } } });
  });

  it("are reset up to v0.0.28, integrations wiped, and a name must be there", async () => {
    const api = startReal("classic", { release: "v0.0.28" });
    const { uuid } = await api.send("POST", "/api/apps", anApp({ ...LIVE, slack_config: { bot_token: "t" } }));
    expect(seen(await api.send("PATCH", `/api/apps/${uuid}`, { description: "x" }))).toBe("500 html");
    const { json } = await api.send("PATCH", `/api/apps/${uuid}`, { name: "New", draft: false });
    expect(json).toMatchObject({
      slack_config: null,
      data: { name: "New", description: "", config: {}, processors: [], input_fields: [] },
    });
    expect(await versionsOf(api, uuid)).toEqual(["1 ", "0 First version"]);
  });
});

describe("the config of a processor after a PATCH", () => {
  const processor = (slug: string, config: unknown, provider = "promptly"): Record<string, unknown> => ({
    id: slug,
    provider_slug: provider,
    processor_slug: slug,
    input: { x: "{{_inputs0.x}}" },
    config,
  });
  const after = async (
    dialect: RealName,
    processors: readonly unknown[],
  ): Promise<readonly Record<string, unknown>[]> => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp(LIVE));
    const { json } = await patch(api, uuid, { processors });
    const { data } = json as { data: { processors: readonly { config: Record<string, unknown> }[] } };
    return data.processors.map(({ config }) => config);
  };

  it.each(["pipeline", "slug", "classic"] as const)("has every default on %s, and no unknown key", async (dialect) => {
    const [chat, search, llm, gpt] = await after(dialect, [
      processor("text_chat", { k: 3, datasource: [], zzz: 1 }),
      processor("datasource_search", { datasources: ["x"] }),
      processor("llm", {}),
      processor("chatgpt", { max_tokens: 5 }, "openai"),
    ]);
    expect([chat, search, llm, gpt].map((config) => Object.keys(config ?? {}).length)).toEqual([13, 4, 8, 14]);
    expect(chat).toMatchObject({
      k: 3,
      datasource: [],
      model: dialect === "classic" ? "gpt-3.5-turbo" : "gpt-4o-mini",
    });
    expect(chat).not.toHaveProperty("zzz");
  });

  it("is left as it was sent by a POST", async () => {
    const api = startReal("pipeline");
    const { uuid } = await api.send("POST", "/api/apps", anApp(LIVE));
    expect((await api.send("GET", `/api/apps/${uuid}`)).json).toMatchObject({
      data: { processors: [{ config: { datasource: [] } }] },
    });
  });

  it("is left as it was sent on v0.2.6", async () => {
    expect(await after("versioned", [processor("llm", { zzz: 1 })])).toEqual([{ zzz: 1 }]);
  });

  it.each([
    ["one that nobody knows", processor("none", {})],
    ["a key that is missing", processor("text_chat", {})],
    ["a value of a wrong type", processor("llm", { max_tokens: "many" })],
    ["no config", processor("llm", undefined)],
  ])("is left as it was sent in all of them, for %s", async (_, other) => {
    const [first] = await after("pipeline", [processor("llm", { zzz: 1 }), other]);
    expect(first).toEqual({ zzz: 1 });
  });

  it("has numbers as its schema has them", async () => {
    const api = startReal("pipeline");
    const { uuid } = await api.send("POST", "/api/apps", anApp(LIVE));
    const { text } = await patch(api, uuid, { processors: [processor("llm", { temperature: 1, max_tokens: "7" })] });
    expect(text).toContain('"temperature":1.0');
    expect(text).toContain('"max_tokens":7');
  });
});
