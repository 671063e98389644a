import { describe, expect, it } from "vitest";
import { anApp, NOBODY } from "../../support/server-requests.ts";
import { COLLEAGUE, NEW, OLD, REAL, seen, startReal, STRANGER } from "../../support/real-servers.ts";

const LEGACY = ["config", "input_schema", "input_ui_schema", "output_template", "accessible_by"];
const LIVE = { draft: false, description: "d", input_fields: [] };

type Json = Readonly<Record<string, unknown>>;

describe.each(REAL)("an app on %s", (dialect) => {
  it("is answered with the keys of its release", async () => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp(LIVE));
    const keys = Object.keys((await api.send("GET", `/api/apps/${uuid}`)).json as Json);
    const missing = { versioned: [], pipeline: [], slug: ["icon"], classic: ["icon", "store_uuid"] }[dialect];
    expect(keys.filter((key) => LEGACY.includes(key))).toEqual(dialect === "versioned" ? [] : LEGACY);
    expect(keys).toHaveLength(31 - missing.length + (dialect === "versioned" ? 0 : LEGACY.length));
    expect(keys).toEqual(expect.arrayContaining(["data", "type", "has_live_version", "unique_processors"]));
  });

  it("is answered to a POST as nobody sees it: without processors and with nulls", async () => {
    const api = startReal(dialect);
    const body = anApp({ ...LIVE, is_published: true, visibility: 0, web_config: { domain: "x" } });
    const { status, json, uuid } = await api.send("POST", "/api/apps", body);
    expect(status).toBe(201);
    expect(json).toMatchObject({ visibility: null, owner_email: null, web_config: null, read_accessible_by: null });
    expect(json).toMatchObject({ is_published: false, access_permission: 0, unique_processors: [] });
    expect(Object.keys((json as { data: Json }).data)).not.toContain("processors");
    const read = await api.send("GET", `/api/apps/${uuid}`);
    expect(read.json).toMatchObject({
      is_published: true,
      visibility: 0,
      access_permission: 1,
      owner_email: "owner@example.org",
      web_config: { allowed_sites: [], domain: "x" },
      unique_processors: ["promptly / text_chat"],
      data: { processors: [{ id: "_inputs1" }] },
    });
  });

  it("is projected by fields, unknown ones ignored", async () => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp(LIVE));
    const one = await api.send("GET", `/api/apps/${uuid}?fields=uuid,nonsense`);
    const list = await api.send("GET", "/api/apps?fields=uuid,nonsense");
    expect([one.json, list.json]).toEqual([{ uuid }, [{ uuid }]]);
  });

  it("is listed to its owner alone, the newest first, names repeated", async () => {
    const api = startReal(dialect);
    for (const name of ["a", "b", "b"]) await api.send("POST", "/api/apps", anApp({ ...LIVE, name }));
    await api.as(STRANGER)("POST", "/api/apps", anApp(LIVE));
    const { json } = await api.send("GET", "/api/apps?fields=name");
    expect(json).toEqual([{ name: "b" }, { name: "b" }, { name: "a" }]);
  });

  it("is named by every form of its uuid that Python reads", async () => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp(LIVE));
    const forms = [uuid.replaceAll("-", ""), uuid.toUpperCase(), `%7B${uuid}%7D`, `urn:uuid:${uuid}`];
    const answers = await Promise.all(forms.map((form) => api.send("GET", `/api/apps/${form}?fields=uuid`)));
    expect(answers.map(({ json }) => json)).toEqual(forms.map(() => ({ uuid })));
  });

  it("with an integer of more than 64 bits cannot be read any more, other columns can", async () => {
    const api = startReal(dialect);
    const body = JSON.stringify(anApp(LIVE)).replace('"Hello"', "18446744073709551616");
    expect((await api.send("POST", "/api/apps", body, { "content-type": "application/json" })).status).toBe(500);
    expect(seen(await api.send("GET", "/api/apps?fields=data"))).toBe("500 html");
    expect((await api.send("GET", "/api/apps?fields=name,unique_processors")).json).toMatchObject([{ name: "Helper" }]);
  });

  it("gives back numbers and keys as a jsonb column does", async () => {
    const api = startReal(dialect);
    const config = '{"bb":1.0,"10":-0.0,"a":1.50,"é":1e5,"big":9007199254740993,"far":1e16,"small":1e-7,"a":2}';
    const body = JSON.stringify(anApp(LIVE)).replace('{"welcome_message":"Hello"}', config);
    const { uuid } = await api.send("POST", "/api/apps", body, { "content-type": "application/json" });
    const { text } = await api.send("GET", `/api/apps/${uuid}?fields=data`);
    expect(text).toContain(
      '{"a":2,"10":0.0,"bb":1.0,"é":100000.0,"big":9007199254740993,"far":10000000000000000,"small":1e-7}',
    );
  });

  it("keeps every string as it was", async () => {
    const api = startReal(dialect);
    const config = { text: "a\r\nb\u2028😀\n", markup: "<b>{{ x }}</b>", "x-llmstack-sync": { v: 1, deep: [null] } };
    const { uuid } = await api.send("POST", "/api/apps", anApp({ ...LIVE, config }));
    expect((await api.send("GET", `/api/apps/${uuid}`)).json).toMatchObject({ data: { config } });
  });

  it("keeps the integrations that it was given, completed by defaults, and nothing clears them", async () => {
    const api = startReal(dialect);
    const slack_config = { bot_token: "t", unknown: 1 };
    const { uuid } = await api.send("POST", "/api/apps", anApp({ ...LIVE, slack_config, twilio_config: {} }));
    const wanted = {
      slack_config: { app_id: "", bot_token: "t", verification_token: "", signing_secret: "" },
      twilio_config: null,
    };
    expect((await api.send("GET", `/api/apps/${uuid}`)).json).toMatchObject(wanted);
    const emptied = { ...anApp(LIVE), slack_config: {}, twilio_config: { auth_token: "x" } };
    const { json } = await api.send("PATCH", `/api/apps/${uuid}`, emptied);
    expect(json).toMatchObject({
      slack_config: wanted.slack_config,
      twilio_config: { account_sid: "", auth_token: "x", phone_numbers: [], auto_create_sms_webhook: false },
    });
  });

  it("has its publish settings set, and bad ones ignored without a word", async () => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp(LIVE));
    const publish = async (body: unknown): Promise<unknown> => {
      expect(seen(await api.send("POST", `/api/apps/${uuid}/publish`, body))).toBe("200 empty");
      return (await api.send("GET", `/api/apps/${uuid}`)).json;
    };
    expect(await publish({ visibility: 2, read_accessible_by: ["a@x.org", "no", "b@x.org"] })).toMatchObject({
      is_published: true,
      visibility: 2,
      read_accessible_by: ["a@x.org", "b@x.org"],
      write_accessible_by: [],
    });
    for (const visibility of ["3", 9, null, 1.5]) {
      expect(await publish({ visibility })).toMatchObject({
        visibility: 2,
        read_accessible_by: ["a@x.org", "b@x.org"],
      });
    }
    const many = Array.from({ length: 25 }, (_, index) => `u${index}@x.org`);
    expect(await publish({ visibility: 0, write_accessible_by: many, read_accessible_by: [] })).toMatchObject({
      visibility: 0,
      read_accessible_by: [],
      write_accessible_by: many.slice(0, 20),
    });
    await api.send("POST", `/api/apps/${uuid}/unpublish`);
    await api.send("POST", `/api/apps/${uuid}/unpublish`);
    expect((await api.send("GET", `/api/apps/${uuid}`)).json).toMatchObject({
      is_published: false,
      visibility: 0,
      write_accessible_by: many.slice(0, 20),
    });
  });

  it("can be published to an organisation only where there is one", async () => {
    const api = startReal(dialect);
    const visibilityAfter = async (token: string): Promise<unknown> => {
      const { uuid } = await api.as(token)("POST", "/api/apps", anApp(LIVE));
      await api.as(token)("POST", `/api/apps/${uuid}/publish`, { visibility: 1 });
      return (await api.as(token)("GET", `/api/apps/${uuid}?fields=visibility`)).json;
    };
    expect(await visibilityAfter(COLLEAGUE)).toEqual({ visibility: 1 });
    expect(await visibilityAfter(STRANGER)).toEqual({ visibility: 3 });
    const shared = NEW.includes(dialect) ? [{ visibility: null }] : [];
    expect((await api.send("GET", "/api/apps/shared?fields=visibility")).json).toEqual(shared);
  });

  it("that is published cannot be deleted until it is unpublished", async () => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp({ ...LIVE, is_published: true }));
    expect(seen(await api.send("DELETE", `/api/apps/${uuid}`))).toBe("500 html");
    await api.send("POST", `/api/apps/${uuid}/unpublish`);
    expect(seen(await api.send("DELETE", `/api/apps/${uuid}`))).toBe("200 empty");
    expect(seen(await api.send("DELETE", `/api/apps/${uuid}`))).toBe("404 json");
  });

  it("is not published by a POST of a draft", async () => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp({ is_published: true }));
    const { json } = await api.send("GET", `/api/apps/${uuid}`);
    expect(json).toMatchObject({ is_published: false, has_live_version: false });
  });

  it("shows the template that it was made from, where there is such a one", async () => {
    const api = startReal(dialect);
    for (const [template_slug, template] of [
      ["website-chatbot", { slug: "website-chatbot" }],
      ["none", null],
    ]) {
      const { uuid } = await api.send("POST", "/api/apps", anApp({ ...LIVE, template_slug }));
      expect((await api.send("GET", `/api/apps/${uuid}?fields=template`)).json).toMatchObject({ template });
    }
  });

  it("is looked up before its runner is asked who he is; strangers run a public one up to v0.2.5", async () => {
    const api = startReal(dialect);
    const isStrict = dialect === "versioned";
    const { uuid } = await api.send("POST", "/api/apps", anApp(LIVE));
    const run = (id: string): ReturnType<typeof api.send> => api.as("")("POST", `/api/apps/${id}/run`, { input: {} });
    expect([seen(await run(NOBODY)), seen(await run(uuid))]).toEqual(["500 html", isStrict ? "403 empty" : "403 json"]);
    await api.send("POST", `/api/apps/${uuid}/publish`, { visibility: 3 });
    expect(seen(await run(uuid))).toBe(isStrict ? "403 empty" : "200 json");
    const view = await api.send("GET", `/api/apps/${uuid}?fields=published_uuid`);
    const { published_uuid } = view.json as { published_uuid: string };
    expect((await api.as("")("GET", `/api/app/${published_uuid}`)).json).toMatchObject({
      uuid,
      is_published: true,
      access_permission: 0,
    });
  });

  it("runs its newest live version, and not a draft", async () => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp());
    const run = (): ReturnType<typeof api.send> => api.send("POST", `/api/apps/${uuid}/run`, { input: {} });
    expect(seen(await run())).toBe(dialect === "versioned" ? "500 html" : "400 json");
    await api.send("PATCH", `/api/apps/${uuid}`, anApp({ ...LIVE, output_template: { markdown: "live" } }));
    const output = dialect === "versioned" ? { output: "live" } : "live";
    const { json } = await run();
    expect(json).toMatchObject({ output, session: { id: expect.any(String) as unknown } });
  });
});

describe.each(NEW)("an icon on %s", (dialect) => {
  it("becomes a file with another name at each upload; what is no picture stays", async () => {
    const api = startReal(dialect);
    const icon = "data:image/png;name=logo.png;base64,AAAA";
    const { uuid } = await api.send("POST", "/api/apps", anApp({ ...LIVE, icon }));
    const first = (await api.send("GET", `/api/apps/${uuid}?fields=icon`)).json as { icon: string };
    expect(first.icon).toMatch(/^\/media\/public_assets\/public\/apps\/logo\.png_[0-9a-f]{4}_resized\.png$/u);
    const again = (await api.send("PATCH", `/api/apps/${uuid}`, { icon, draft: false })).json as { icon: string };
    expect(again.icon).not.toBe(first.icon);
    const { json } = await api.send("PATCH", `/api/apps/${uuid}`, { icon: "https://x/y.png", draft: false });
    expect(json).toMatchObject({ icon: "https://x/y.png" });
  });

  it("in the config becomes a file, and its url is left as it is", async () => {
    const api = startReal(dialect);
    const config = { assistant_image: "data:image/png;name=face.png;base64,AAAA" };
    const { uuid } = await api.send("POST", "/api/apps", anApp({ ...LIVE, config }));
    const shown = ((await api.send("GET", `/api/apps/${uuid}`)).json as { data: { config: typeof config } }).data
      .config;
    expect(shown.assistant_image).toMatch(/^\/media\/.*face\.png_/u);
    const { json } = await api.send("PATCH", `/api/apps/${uuid}`, { config: shown, draft: false });
    expect(json).toMatchObject({ data: { config: shown } });
    const version = await api.send("GET", `/api/apps/${uuid}/versions/${dialect === "versioned" ? 1 : 0}`);
    expect(version.json).toMatchObject({ data: { config: shown } });
  });

  it("in the config that is an url is 500 where the config before had no such key", async () => {
    const api = startReal(dialect);
    const config = { assistant_image: "https://x/y.png" };
    const { uuid } = await api.send("POST", "/api/apps", anApp(LIVE));
    expect(seen(await api.send("PATCH", `/api/apps/${uuid}`, { config, draft: false }))).toBe("500 html");
    const seeded = await api.send("POST", "/api/apps", anApp({ ...LIVE, config: { assistant_image: "" } }));
    expect(seen(await api.send("PATCH", `/api/apps/${seeded.uuid}`, { config, draft: false }))).toBe("201 json");
  });
});

describe("what only some releases do", () => {
  it("a voice agent's input fields are the server's own after a POST, the body's after a PATCH", async () => {
    const api = startReal("versioned");
    const { uuid } = await api.send("POST", "/api/apps", anApp({ ...LIVE, type_slug: "voice-agent" }));
    const fields = async (): Promise<unknown> =>
      ((await api.send("GET", `/api/apps/${uuid}`)).json as { data: Json }).data["input_fields"];
    expect(await fields()).not.toEqual([]);
    await api.send("PATCH", `/api/apps/${uuid}`, { input_fields: [], draft: false });
    expect(await fields()).toEqual([]);
  });

  it.each(OLD)("%s answers the description of the creation, and no version", async (dialect) => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp(LIVE));
    const { json } = await api.send("PATCH", `/api/apps/${uuid}`, anApp({ ...LIVE, description: "new" }));
    expect(json).toMatchObject({ description: "d", data: { description: "new" } });
    const data = (json as { data: Json }).data;
    expect(Object.keys(data)).not.toContain("version");
    expect(Object.keys(data)).not.toContain("icon");
  });

  it.each(NEW)("%s answers the newest description, an icon of null after a PATCH, and the version", async (dialect) => {
    const api = startReal(dialect);
    const { uuid } = await api.send("POST", "/api/apps", anApp(LIVE));
    const before = (await api.send("GET", `/api/apps/${uuid}`)).json as { data: Json };
    expect(before.data).toMatchObject({ version: 0 });
    expect(Object.keys(before.data)).not.toContain("icon");
    const { json } = await api.send("PATCH", `/api/apps/${uuid}`, { description: "new", draft: false });
    const version = dialect === "versioned" ? 1 : 0;
    expect(json).toMatchObject({ description: "new", icon: null, data: { icon: null, version } });
  });
});
