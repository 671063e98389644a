import { describe, expect, it } from "vitest";
import { anApp, NOBODY } from "../../support/server-requests.ts";
import { docsWith, REAL, type RealName, seen, startReal, STRANGER } from "../../support/real-servers.ts";

type Expected = string | Readonly<Partial<Record<RealName, string>> & { rest?: string }>;

/**
 * `METHOD path [body]` against what it answers: a status and a content kind, for all dialects or by dialect. In paths,
 * APP is the caller's app, PUB a published one, THEIRS a stranger's, SRC a datasource, HIS a stranger's, ENT an entry,
 * NONE a uuid that nobody has.
 */
const SWEEP: readonly (readonly [string, Expected, unknown?])[] = [
  // 2.1: the routes of apps, and what leaks out of their class
  ["GET /api/apps", "200 json"],
  ["HEAD /api/apps", "200 json"],
  ["PUT /api/apps", "405 json"],
  ["PATCH /api/apps", "500 html", {}],
  ["DELETE /api/apps", "500 html"],
  ["GET /api/apps/", "200 html"],
  ["POST /api/apps/", "403 html", {}],
  ["GET /api/apps/shared", "200 json"],
  ["DELETE /api/apps/shared", "500 html"],
  ["GET /api/apps/templates", "200 json"],
  ["GET /api/apps/templates/website-chatbot", "200 json"],
  ["GET /api/apps/templates/none", "200 empty"],
  ["GET /api/apps/APP", "200 json"],
  ["GET /api/apps/APP?fields=uuid,name", "200 json"],
  ["POST /api/apps/APP", "500 html", {}],
  ["PUT /api/apps/APP", "405 json", {}],
  ["GET /api/apps/NONE", "404 json"],
  ["PATCH /api/apps/NONE", "404 json", {}],
  ["DELETE /api/apps/NONE", "404 json"],
  ["GET /api/apps/not-a-uuid", "500 html"],
  ["PATCH /api/apps/not-a-uuid", "500 html", {}],
  ["DELETE /api/apps/not-a-uuid", "500 html"],
  ["GET /api/apps/THEIRS", { versioned: "403 empty", pipeline: "403 empty", rest: "404 json" }],
  ["PATCH /api/apps/THEIRS", "403 empty", {}],
  ["DELETE /api/apps/THEIRS", "404 empty"],
  ["POST /api/apps/THEIRS/publish", "403 empty", {}],
  ["POST /api/apps/THEIRS/unpublish", "403 empty", {}],
  ["GET /api/apps/THEIRS/versions", { versioned: "403 empty", pipeline: "403 empty", rest: "404 json" }],
  ["GET /api/apps/APP/versions", "200 json"],
  ["GET /api/apps/NONE/versions", "404 json"],
  ["GET /api/apps/APP/versions/0", "200 json"],
  ["GET /api/apps/APP/versions/0?draft=True", "404 json"],
  ["GET /api/apps/APP/versions/0?draft=true", "500 html"],
  ["GET /api/apps/APP/versions/9", "404 json"],
  ["GET /api/apps/APP/versions/x", "500 html"],
  ["POST /api/apps/APP/versions", "500 html", {}],
  ["GET /api/apps/APP/publish", "200 json"],
  ["HEAD /api/apps/APP/publish", "405 json"],
  ["POST /api/apps/APP/publish", "200 empty", {}],
  ["POST /api/apps/APP/publish", "200 empty", { visibility: "3", read_accessible_by: ["nobody"] }],
  ["POST /api/apps/APP/publish", "500 html", { read_accessible_by: null }],
  ["POST /api/apps/APP/unpublish", "200 empty"],
  ["POST /api/apps/NONE/publish", "404 json", {}],
  ["PATCH /api/apps/APP/publish", "201 json", anApp({ description: "", input_fields: [] })],
  ["DELETE /api/apps/APP/versions", "200 empty"],
  ["DELETE /api/apps/APP/run", "200 empty"],
  ["DELETE /api/apps/APP/versions/0", "500 html"],
  ["DELETE /api/apps/APP", "200 empty"],
  ["DELETE /api/apps/PUB", "500 html"],
  ["GET /api/app/NONE", "404 json"],
  // 2.9
  ["POST /api/apps/APP/run", "200 json", { input: { question: "hi" } }],
  ["POST /api/apps/APP/run/session-1", "200 json", { input: {} }],
  ["POST /api/apps/NONE/run", "500 html", {}],
  ["POST /api/apps/not-a-uuid/run", "500 html", {}],
  ["GET /api/apps/APP/run/session-1", "500 html"],
  ["POST /api/apps/APP/processors/x/run", { versioned: "500 html", rest: "400 json" }, {}],
  // 2.3: bad bodies
  ["POST /api/apps", "201 json", anApp()],
  ["POST /api/apps", { versioned: "500 html", rest: "404 json" }, {}],
  ["POST /api/apps", "500 html", { type_slug: "web" }],
  ["POST /api/apps", "500 html", anApp({ name: null })],
  ["POST /api/apps", "201 json", anApp({ name: "" })],
  ["POST /api/apps", "201 json", anApp({ name: 7 })],
  ["POST /api/apps", "201 json", anApp({ name: "😀".repeat(100) })],
  ["POST /api/apps", "500 html", anApp({ name: "x".repeat(101) })],
  ["POST /api/apps", { versioned: "500 html", rest: "404 json" }, anApp({ type_slug: "none" })],
  ["POST /api/apps", { versioned: "500 html", rest: "404 json" }, anApp({ type_slug: null })],
  ["POST /api/apps", "404 json", anApp({ app_type: 99 })],
  ["POST /api/apps", "201 json", anApp({ app_type: 3, type_slug: "none" })],
  ["POST /api/apps", { versioned: "201 json", rest: "404 json" }, anApp({ type_slug: "voice-agent" })],
  ["POST /api/apps", { versioned: "201 json", rest: "404 json" }, anApp({ type_slug: "workflow" })],
  ["POST /api/apps", "500 html", anApp({ description: null })],
  ["POST /api/apps", "500 html", anApp({ config: null })],
  ["POST /api/apps", "500 html", anApp({ comment: null })],
  ["POST /api/apps", "500 html", anApp({ draft: null })],
  ["POST /api/apps", "201 json", anApp({ processors: null })],
  ["POST /api/apps", "201 json", anApp({ processors: [null] })],
  ["POST /api/apps", "201 json", anApp({ input_fields: "anything", output_template: 1 })],
  ["POST /api/apps", "500 html", anApp({ web_config: { allowed_sites: "x" } })],
  ["POST /api/apps", "500 html", anApp({ slack_config: [1] })],
  ["POST /api/apps", "400 json", "{"],
  ["POST /api/apps", "400 json", '{"name": NaN}'],
  ["POST /api/apps", "500 html", "[]"],
  // 1.4, 1.6, 4.6
  ["GET /api/me", "200 json"],
  ["GET /api/profiles/me", "200 json"],
  ["GET /api/profiles/me/flags", "200 json"],
  ["GET /api/connections", "200 json"],
  ["GET /api/connections/NONE", "404 empty"],
  ["GET /api/apibackends", "200 json"],
  ["POST /api/login", "400 json", { username: "owner", password: "wrong" }],
  // 5.1
  ["GET /api/datasource_types", "200 json"],
  ["GET /api/datasource_types/text", { classic: "200 html", rest: "200 json" }],
  ["GET /api/datasource_types/none", { classic: "200 html", rest: "404 empty" }],
  ["GET /api/data/pipeline/templates", { versioned: "200 json", pipeline: "200 json", rest: "200 html" }],
  ["GET /api/data/pipeline/sources", { versioned: "200 json", pipeline: "200 json", rest: "200 html" }],
  ["GET /api/app_types", { versioned: "200 html", rest: "200 json" }],
  ["GET /api/datasources", "200 json"],
  ["DELETE /api/datasources", "500 html"],
  ["PATCH /api/datasources", { versioned: "500 html", pipeline: "500 html", rest: "405 json" }, {}],
  ["PUT /api/datasources", { classic: "500 html", rest: "405 json" }, {}],
  ["GET /api/datasources/SRC", "200 json"],
  ["GET /api/datasources/NONE", "404 json"],
  ["GET /api/datasources/not-a-uuid", "500 html"],
  ["GET /api/datasources/HIS", { versioned: "404 empty", rest: "404 json" }],
  ["GET /api/datasources/HIS/entries", { versioned: "404 empty", rest: "404 json" }],
  ["PATCH /api/datasources/SRC", { versioned: "204 empty", pipeline: "204 empty", rest: "405 json" }, { name: "new" }],
  ["PATCH /api/datasources/HIS", { versioned: "403 empty", pipeline: "404 json", rest: "405 json" }, {}],
  ["POST /api/datasources/SRC", "500 html", {}],
  ["DELETE /api/datasources/SRC", "204 empty"],
  ["DELETE /api/datasources/HIS", { versioned: "403 empty", rest: "404 json" }],
  ["DELETE /api/datasources/NONE", "404 json"],
  ["GET /api/datasources/SRC/entries", "200 json"],
  ["POST /api/datasources/SRC/entries", "500 html", {}],
  ["DELETE /api/datasources/SRC/entries", "204 empty"],
  ["DELETE /api/datasources/SRC/entries/ENT", "403 html"],
  ["DELETE /api/datasources/SRC/add_entry", "204 empty"],
  ["POST /api/datasources/HIS/add_entry", { versioned: "403 empty", rest: "404 json" }, {}],
  ["POST /api/datasources", "500 html", { name: "d", type: "text" }],
  ["POST /api/datasources", "500 html", {}],
  ["GET /api/datasource_entries", "200 json"],
  ["GET /api/datasource_entries/ENT", "200 json"],
  ["GET /api/datasource_entries/NONE", "404 json"],
  ["GET /api/datasource_entries/not-a-uuid", "500 html"],
  ["GET /api/datasource_entries/ENT/text_content", "200 json"],
  ["DELETE /api/datasource_entries/ENT", "202 empty"],
  ["DELETE /api/datasource_entries/NONE", "404 json"],
  ["DELETE /api/datasource_entries", "500 html"],
  ["POST /api/datasource_entries/upsert", { versioned: "500 html", pipeline: "500 html", rest: "400 json" }, {}],
  [
    "POST /api/datasource_entries/ENT/resync",
    { versioned: "500 html", pipeline: "200 json", slug: "500 html", classic: "202 empty" },
  ],
  // 0, 5
  ["GET /api/none", "200 html"],
  ["HEAD /api/none", "200 html"],
  ["OPTIONS /api/none", "200 html"],
  ["POST /api/none", "403 html", {}],
  ["PATCH /api/none", "403 html", {}],
  ["DELETE /api/none", "403 html"],
  ["GET /", "200 html"],
  ["GET /api/schema", "200 html"],
  ["GET /api/sheets", { versioned: "200 json", pipeline: "200 json", rest: "200 html" }],
];

function expectedOf(expected: Expected, dialect: RealName): string | undefined {
  return typeof expected === "string" ? expected : (expected[dialect] ?? expected.rest);
}

async function world(
  dialect: RealName,
): Promise<{ readonly api: ReturnType<typeof startReal>; readonly names: Names }> {
  const api = startReal(dialect);
  const live = anApp({ draft: false, description: "" });
  const app = await api.send("POST", "/api/apps", live);
  const published = await api.send("POST", "/api/apps", live);
  await api.send("POST", `/api/apps/${published.uuid}/publish`, {});
  const theirs = await api.as(STRANGER)("POST", "/api/apps", live);
  const docs = await docsWith(api, dialect, ["a"]);
  const his = await docsWith({ ...api, send: api.as(STRANGER) }, dialect, []);
  const names = {
    APP: app.uuid,
    PUB: published.uuid,
    THEIRS: theirs.uuid,
    SRC: docs.uuid,
    HIS: his.uuid,
    ENT: docs.entries[0]?.uuid ?? "",
    NONE: NOBODY,
  };
  return { api, names };
}

type Names = Readonly<Record<string, string>>;

describe.each(REAL)("%s answers", (dialect) => {
  it.each(SWEEP.map(([request, expected, body]) => ({ request, body, expected: expectedOf(expected, dialect) })))(
    "$request ($body) with $expected",
    async ({ request, expected, body }) => {
      const { api, names } = await world(dialect);
      const [method = "", template = ""] = request.split(" ");
      const path = template.replaceAll(/[A-Z]{3,}/gu, (name) => names[name] ?? name);
      const headers = typeof body === "string" ? { "content-type": "application/json" } : {};
      const answer = await api.send(method, path, body, headers);
      expect(seen(answer)).toBe(expected);
      expect(api.server.journal().at(-1)?.defect).toBeUndefined();
    },
  );

  it("403 with JSON on every view, verb and path, where the token is wrong", async () => {
    const { api, names } = await world(dialect);
    const isView = ([request, expected]: (typeof SWEEP)[number]): boolean =>
      !/html/u.test(expectedOf(expected, dialect) ?? "") && !/login/u.test(request);
    for (const [request] of SWEEP.filter(isView)) {
      const [method = "", template = ""] = request.split(" ");
      const path = template.replaceAll(/[A-Z]{3,}/gu, (name) => names[name] ?? name);
      const answer = await api.as("0000")(method, path);
      expect([request, seen(answer)]).toEqual([request, "403 json"]);
    }
  });
});
