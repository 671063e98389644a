import { describe, expect, it } from "vitest";
import { RELEASES } from "../../support/real-clients.ts";
import { anApp } from "../../support/server-requests.ts";
import { expectedOf, type Row, startSweep } from "../../support/sweep.ts";

const LIVE = anApp({ draft: false, description: "", input_fields: [] });
const DATA = "name description type_slug config input_fields output_template processors";
const TYPE = "slug name description config_schema config_ui_schema";
const SCHEMAS = "title type properties";

/** A row without an answer; what in its answer is looked at, by path; the keys there. */
const PLACES: readonly (readonly [request: string, path: string, keys: Row[1], body?: unknown])[] = [
  ["GET /api/apps/APP", "type", { versioned: TYPE, rest: `id ${TYPE}` }],
  ["GET /api/apps/APP", "type.config_schema", SCHEMAS],
  ["GET /api/apps/APP", "data", { versioned: `${DATA} version`, pipeline: `${DATA} version`, rest: DATA }],
  ["GET /api/apps/APP/versions/0", "data", DATA],
  [
    "PATCH /api/apps/APP",
    "data",
    { versioned: `${DATA} icon version`, pipeline: `${DATA} icon version`, rest: DATA },
    LIVE,
  ],
  // A create is answered to nobody: without the processors.
  [
    "POST /api/apps",
    "data",
    {
      versioned: `${without(DATA)} version`,
      pipeline: `${without(DATA)} version`,
      rest: without(DATA),
    },
    LIVE,
  ],
  ["GET /api/apps/APP", "data.processors.0", "id provider_slug processor_slug input config"],
  ["PATCH /api/apps/APP", "web_config", "allowed_sites domain", { ...LIVE, web_config: { domain: "x" } }],
  [
    "PATCH /api/apps/APP",
    "slack_config",
    "app_id bot_token verification_token signing_secret",
    { ...LIVE, slack_config: { app_id: "a" } },
  ],
  [
    "PATCH /api/apps/APP",
    "discord_config",
    "app_id slash_command_name slash_command_description bot_token public_key slash_command_id",
    { ...LIVE, discord_config: { app_id: "a" } },
  ],
  ["GET /api/apps/templates", "0.app", "type_slug"],
  [
    "GET /api/apps/templates/website-chatbot",
    "app",
    "name slug description type_slug config input_fields output_template processors",
  ],
  ["POST /api/apps/APP/run", "session", "id", { input: {} }],

  ["GET /api/datasources/SRC", "type", typeOfDatasource()],
  ["GET /api/datasource_types", "0.pipeline", onlyNew("source transformations embedding destination")],
  ["GET /api/data/pipeline/templates", "0.pipeline.source", onlyNew("slug provider_slug data")],
  ["GET /api/datasource_entries/ENT", "datasource.type", typeOfDatasource()],
  [
    "GET /api/datasource_entries/ENT",
    "config",
    {
      ...onlyNew(
        "name content text_objref mimetype metadata extra_info request_data node_ids datasource_uuid processing_errors",
      ),
      slug: "input document_ids document_data",
      classic: "input document_ids",
    },
  ],
  [
    "GET /api/datasource_entries/ENT",
    "config.extra_info",
    { versioned: "extra_data", "v0.2.5": "extra_data", pipeline: "", rest: "(none)" },
  ],

  ["GET /api/apibackends as nobody", "0.config_schema", `${SCHEMAS} required`],
  [
    "GET /api/apibackends as nobody",
    "0.provider",
    { versioned: "name slug has_processors config_schema config_ui_schema", rest: "(none)" },
  ],
  ["GET /api/apibackends as nobody", "0.api_provider", { versioned: "(none)", rest: "name slug" }],
  ["OPTIONS /api/datasources", "actions", { "v0.1.4": "(none)", rest: "POST" }],
];

function without(keys: string): string {
  return keys.replace(" processors", "");
}

function onlyNew(keys: string): Record<string, string> {
  return { versioned: keys, pipeline: keys, rest: "(none)" };
}

/** Up to v0.2.0 the whole type is in it, from v0.2.1 on its name (llmstack-server.md 5.2, 6.2). */
function typeOfDatasource(): Record<string, string> {
  return {
    ...onlyNew("slug name"),
    slug: "slug name description input_schema input_ui_schema sync_config is_external_datasource source transformation destination",
    classic: "id name description entry_config_schema entry_config_ui_schema sync_config is_external_datasource",
  };
}

function keysAt(value: unknown, path: string): string {
  let found = value;
  for (const key of path.split(".")) {
    found = typeof found === "object" && found !== null ? (found as Record<string, unknown>)[key] : undefined;
  }
  return typeof found === "object" && found !== null ? sorted(Object.keys(found)) : "(none)";
}

function sorted(keys: readonly string[]): string {
  return keys.toSorted().join(" ");
}

describe.each(RELEASES)("%s %s", (...release) => {
  const known = PLACES.filter(([request]) => !isUnknown(request, release[1]));
  const places = known.map(([request, path, keys, body]) => ({
    request,
    path,
    body,
    expected: expectedOf(keys, release),
  }));

  it.each(places)(
    "answers $request, at $path, with the keys of that release",
    async ({ request, path, expected, body }) => {
      const sweep = await startSweep(release);
      try {
        const found = keysAt(await sweep.read([request, "", body]), path);
        expect(found).toBe(expected.startsWith("(") ? expected : sorted(expected.split(" ")));
      } finally {
        await sweep.close();
      }
    },
  );
});

/** Answered with a page there (sweep.test.ts). */
function isUnknown(request: string, release: string): boolean {
  if (request.startsWith("OPTIONS")) return release === "v0.1.4";
  return request.includes("/data/pipeline/") && !/HEAD|v0\.2\.[1-6]/u.test(release);
}
