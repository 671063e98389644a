import { describe, expect, it } from "vitest";
import { type Answer, type Api, anApp, NOBODY, startServer } from "../support/server-requests.ts";

async function runOf(api: Api, app: Record<string, unknown>, body: unknown = {}, session = ""): Promise<Answer> {
  const { uuid } = await api.send("POST", "/api/apps", app);
  return api.send("POST", `/api/apps/${uuid}/run${session}`, body);
}

const template = (markdown: string, more: Record<string, unknown> = {}): Record<string, unknown> =>
  anApp({ output_template: { markdown }, ...more });

const processor = (id: string, input: unknown, slug = "echo"): Record<string, unknown> => ({
  id,
  provider_slug: "test",
  processor_slug: slug,
  input,
});

describe("a run", () => {
  it("answers the rendered template and a session of its own", async () => {
    const { status, json } = await runOf(startServer(), anApp(), { input: { question: "Why?" } });
    expect(status).toBe(200);
    expect(json).toEqual({
      session: { id: expect.stringMatching(/^[0-9a-f-]{36}$/u) as unknown },
      output: '[promptly/text_chat] You said "Why?". Earlier messages: 0.',
    });
  });

  it("remembers its session, each app for itself", async () => {
    const api = startServer();
    const [one, two] = [await api.send("POST", "/api/apps", anApp()), await api.send("POST", "/api/apps", anApp())];
    const ask = async (uuid: string) => (await api.send("POST", `/api/apps/${uuid}/run/s%2F1`, { input: {} })).json;
    await ask(one.uuid);
    await ask(one.uuid);
    expect(await ask(one.uuid)).toMatchObject({
      session: { id: "s/1" },
      output: expect.stringContaining("messages: 2") as unknown,
    });
    expect(await ask(two.uuid)).toMatchObject({ output: expect.stringContaining("messages: 0") as unknown });
  });

  it("is the same for the same app, input and history", async () => {
    const outputs = await Promise.all(
      [1, 2].map(async () => (await runOf(startServer(), anApp(), { input: { question: "x" } }, "/s")).text),
    );
    expect(outputs[0]).toBe(outputs[1]);
  });

  it("streams pieces that stitch together to the whole answer", async () => {
    const api = startServer();
    const { uuid } = await api.send("POST", "/api/apps", template("{{_inputs0.text}}", { processors: [] }));
    const text = "😀 ü ".repeat(40);
    const whole = await api.send("POST", `/api/apps/${uuid}/run/s`, { input: { text } });
    const streamed = await api.send("POST", `/api/apps/${uuid}/run/s`, { input: { text }, stream: true });
    expect(streamed.headers.get("content-type")).toBe("application/x-ndjson");
    const lines = streamed.text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines[0]).toEqual({ session: { id: "s" } });
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.slice(1).every((line) => Object.keys(line).join() === "output")).toBe(true);
    const output = lines
      .slice(1)
      .map((line) => String(line["output"]))
      .join("");
    expect({ session: { id: "s" }, output }).toEqual(whole.json);
  });

  it("names the entries that it would have searched, and the start of its instructions", async () => {
    const api = startServer();
    const { uuid } = await api.send("POST", "/api/datasources", { name: "d", type: "text" });
    for (const name of ["a.md", "b.md"]) {
      await api.send("POST", `/api/datasources/${uuid}/entries`, { entry_data: { name, content: "" } });
    }
    const chat = {
      ...processor("_inputs1", { question: "{{_inputs0.q}}" }, "text_chat"),
      provider_slug: "promptly",
      config: { datasource: [uuid, NOBODY], instructions: "Be kind.\nAlways." },
    };
    const { json } = await runOf(api, anApp({ processors: [chat] }), { input: { q: "hi" } });
    expect(json).toMatchObject({
      output:
        '[promptly/text_chat] You said "hi". Told to "Be kind. Always.". Searched a.md, b.md. Earlier messages: 0.',
    });
  });

  it("lets processors wait for what their templates read, however they are written", async () => {
    const processors = [
      processor("last", { text: "{{first.text}}-{{_inputs[2].text}}" }),
      processor("_inputs2", { text: "{% if first.text %}2{{first.text}}{% endif %}" }),
      processor("first", { text: "{{_inputs[0].q}}" }),
    ];
    const { json } = await runOf(startServer(), template("{{last.text}}", { processors }), { input: { q: "x" } });
    expect(json).toMatchObject({ output: "x-2x" });
  });

  it("answers every processor's output where there is no template", async () => {
    const app = anApp({
      output_template: {},
      processors: [processor("p", { text: "{{_inputs0.q}}", n: 1, list: ["{{_inputs0.q}}"] })],
    });
    const { json } = await runOf(startServer(), app, { input: { q: "x" } });
    expect(json).toMatchObject({ output: { p: { text: "x", n: 1, list: ["x"] } } });
  });

  it("of an agent answers through agent.content and names its tools", async () => {
    const app = template("{{agent.content}}", {
      type_slug: "agent",
      config: { system_message: "Help." },
      processors: [{ ...processor("t1", {}, "web_search"), name: "Web Search" }],
    });
    const { json } = await runOf(startServer(), app, { input: { task: "find it" } });
    expect(json).toMatchObject({
      output: '[agent] You said "find it". Told to "Help.". Earlier messages: 0. Tools: Web Search.',
    });
  });

  it.each([
    ["{{ _inputs0.a | urlencode }}", "a%20b%26"],
    ["{{ _inputs0.o | tojson }}", '{"k":[1]}'],
    ["{% assign d = _inputs0.j | todict %}{{ d.k }}", "v"],
    ["{{ _inputs0.n | tostring | append: '!' }}", "7!"],
    ["{{ _inputs0.u | escape_unicode }}", "\\u00e9\\ud83d\\ude00"],
    ["{{ _inputs0.missing }}|{{ missing.deep }}", "|"],
    ["{{ _inputs0.a | truncate: 3 }}", "..."],
    ["{{ _inputs0.constructor }}{{ _inputs0.__proto__ }}", ""],
  ])("renders %s", async (markdown, output) => {
    const input = { a: "a b&", o: { k: [1] }, j: '{"k":"v"}', n: 7, u: "é😀" };
    const { json } = await runOf(startServer(), template(markdown, { processors: [] }), { input });
    expect(json).toMatchObject({ output });
  });

  it.each([
    ["a template that does not parse", template("{{ a", { processors: [] }), "output_template"],
    ["a template that reads files", template("{% include '/etc/passwd' %}", { processors: [] }), "output_template"],
    ["a circle", anApp({ processors: [processor("a", { x: "{{b.x}}" }), processor("b", { x: "{{a.x}}" })] }), "a, b"],
    ["a reserved id", anApp({ processors: [processor("agent", {})] }), "agent"],
    ["an id twice", anApp({ processors: [processor("a", {}), processor("a", {})] }), "twice"],
    ["no id", anApp({ processors: [{ processor_slug: "x" }] }), "no id"],
  ])("with %s answers 400 and says where", async (_, app, detail) => {
    const api = startServer();
    const { status, json } = await runOf(api, app);
    expect([status, json]).toEqual([400, { detail: expect.stringContaining(detail) as unknown }]);
    expect(api.server.journal().at(-1)?.committed).toBe(false);
  });

  it.each([{ input: [] }, { input: "x" }, { stream: "yes" }])("is refused as %j", async (body) => {
    expect((await runOf(startServer(), anApp(), body)).status).toBe(400);
  });

  it("of an app that is not there answers 404", async () => {
    expect((await startServer().send("POST", `/api/apps/${NOBODY}/run`, {})).status).toBe(404);
  });

  it("needs no body", async () => {
    expect((await runOf(startServer(), anApp(), undefined)).status).toBe(200);
  });
});
